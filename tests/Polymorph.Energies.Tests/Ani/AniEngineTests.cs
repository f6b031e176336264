using System.Collections.Immutable;
using Polymorph.Foundation;
using Polymorph.Learning;
using Polymorph.Structures;
using Polymorph.Testing;
using Xunit;

namespace Polymorph.Energies.Tests.Ani;

public sealed class AniEngineTests
{
    private const double HartreeEV = 27.211386245988;

    /// Single precision within the bounds the golden file states: 1e-5 hartree and 5e-4 eV/Å.
    [Theory, InlineData("ani-1ccx"), InlineData("ani-2x-2of8")]
    public void SinglePrecisionAgreesWithTorchAni(string name)
    {
        using var evaluator = AniGoldenTests.Engine(name, Precision.Single).CreateEvaluator();
        foreach (var molecule in AniGoldenTests.Molecules(name))
        {
            var result = evaluator.Result(molecule.Structure);
            Assert.Equal(molecule.EnergyHartree, result.EnergyEV / HartreeEV, 1e-5);
            Assert.True(AniGoldenTests.LargestDifference(result, molecule) < 5e-4, $"{molecule.Name}: {AniGoldenTests.LargestDifference(result, molecule)} eV/Å");
            Assert.Equal(molecule.PopulationDeviation * HartreeEV / molecule.Structure.AtomCount, result.UncertaintyEVPerAtom!.Value, 1e-5);
        }
    }

    [Theory, InlineData("ani-1ccx"), InlineData("ani-2x-2of8")]
    public void MethodIsTheNameOfTheWeights(string name) => Assert.Equal(name, AniGoldenTests.Engine(name, Precision.Single).Method);

    /// The forces against central differences of the energy of a molecule with four elements; step 1e-4 Å, error about 1e-7 eV/Å.
    [Fact]
    public void ForcesAreMinusTheGradient()
    {
        using var evaluator = AniGoldenTests.Engine("ani-2x-2of8", Precision.Double).CreateEvaluator();
        var molecule = AniGoldenTests.Molecules("ani-2x-2of8").Single(m => m.Name == "CH3NO2").Structure;
        FiniteDifferences.AssertForces(evaluator, molecule, step: 1e-4, tolerance: 1e-6);
    }

    /// A crystal of methanol-like molecules in a skewed cell narrower than the cutoff: the stress against strained cells, step 1e-5, error about 1e-8 eV/Å³;
    /// the supercell has four times the energy and the same forces, which checks the sums over images.
    [Theory, InlineData(Precision.Double), InlineData(Precision.Single)]
    public void CrystalsAreSummedOverImages(Precision precision)
    {
        using var evaluator = AniGoldenTests.Engine("ani-1ccx", precision).CreateEvaluator();
        var molecule = AniGoldenTests.Molecules("ani-1ccx").Single(m => m.Name == "HCOOH").Structure;
        var cell = new Lattice(new(4.6, 0.2, 0), new(-0.8, 4.1, 0.3), new(0.5, 0.6, 4.9));
        var crystal = new Structure(molecule.Species, molecule.Positions, cell);
        var result = evaluator.Result(crystal);
        double digits = precision == Precision.Double ? 1e-9 : 3e-4;
        var super = evaluator.Result(crystal.Repeat(2, 1, 2));
        Assert.Equal(4 * result.EnergyEV, super.EnergyEV, 10 * digits);
        Assert.All(Enumerable.Range(0, super.Forces.Length), i => Assert.True((super.Forces[i] - result.Forces[i % molecule.AtomCount]).Length < digits));
        Assert.Equal(result.Stress!.Value.XY, super.Stress!.Value.XY, digits);
        // Images interact: the molecule alone has another energy.
        Assert.True(Math.Abs(result.EnergyEV - evaluator.Result(molecule).EnergyEV) > 1e-3);
        if (precision == Precision.Double)
        {
            FiniteDifferences.AssertStress(evaluator, crystal, step: 1e-5, tolerance: 1e-7);
        }
    }

    /// Rotation turns the forces; exchange of like atoms changes nothing; 1e-9 eV is the rounding of 7000 eV.
    [Fact]
    public void EnergyIsInvariant()
    {
        using var evaluator = AniGoldenTests.Engine("ani-1ccx", Precision.Double).CreateEvaluator();
        var molecule = AniGoldenTests.Molecules("ani-1ccx").Single(m => m.Name == "C5H12O_1_rattled").Structure;
        var expected = evaluator.Result(molecule);
        var (sin, cos) = Math.SinCos(0.7);
        Vector3D Turn(Vector3D v) => new(cos * v.X - sin * v.Y, sin * v.X + cos * v.Y, v.Z);
        var turned = evaluator.Result(molecule.WithPositions([.. molecule.Positions.Select(p => Turn(p) + new Vector3D(10, -20, 5))]));
        Assert.Equal(expected.EnergyEV, turned.EnergyEV, 1e-9);
        Assert.All(expected.Forces.Zip(turned.Forces), f => Assert.True((Turn(f.First) - f.Second).Length < 1e-9));
        var reversed = evaluator.Result(new Structure([.. molecule.Species.Reverse()], [.. molecule.Positions.Reverse()]));
        Assert.Equal(expected.EnergyEV, reversed.EnergyEV, 1e-9);
    }

    /// More atoms than are searched pair by pair and than fit in one product: far copies of a molecule have its energy and forces.
    [Fact]
    public void ManyMoleculesAreTheSumOfEach()
    {
        using var evaluator = AniGoldenTests.Engine("ani-1ccx", Precision.Single).CreateEvaluator();
        var molecule = AniGoldenTests.Molecules("ani-1ccx").Single(m => m.Name == "C5H12O_3").Structure;
        var one = evaluator.Result(molecule);
        const int copies = 11;
        var many = evaluator.Result(new Structure(
            [.. Enumerable.Repeat(molecule.Species, copies).SelectMany(s => s)],
            [.. Enumerable.Range(0, copies).SelectMany(c => molecule.Positions.Select(p => p + new Vector3D(20 * c, 0, 0)))]));
        // Single precision of the network part, of which each molecule adds 4 eV.
        Assert.Equal(copies * one.EnergyEV, many.EnergyEV, 1e-4);
        Assert.All(Enumerable.Range(0, many.Forces.Length), i => Assert.True((many.Forces[i] - one.Forces[i % molecule.AtomCount]).Length < 1e-4));
        Assert.Equal(one.UncertaintyEVPerAtom!.Value, many.UncertaintyEVPerAtom!.Value, 1e-6);
    }

    /// The same structure gives the same bits whatever was evaluated before and on whichever thread.
    [Fact]
    public void ResultsDoNotDependOnWhatCameBefore()
    {
        var engine = AniGoldenTests.Engine("ani-1ccx", Precision.Single);
        Structure[] structures = [.. AniGoldenTests.Molecules("ani-1ccx").Select(m => m.Structure)];
        Evaluation[] expected = [.. structures.Select(s => Alone(engine, s))];
        Parallel.For(0, 4, thread =>
        {
            using var evaluator = engine.CreateEvaluator();
            for (int i = 0; i < structures.Length; i++)
            {
                int index = (i * (2 * thread + 1) + thread) % structures.Length;
                var result = evaluator.Result(structures[index]);
                Assert.Equal(expected[index].EnergyEV, result.EnergyEV);
                Assert.Equal(expected[index].Forces, result.Forces);
            }
        });

        static Evaluation Alone(IEnergyEngine engine, Structure structure)
        {
            using var evaluator = engine.CreateEvaluator();
            return evaluator.Result(structure);
        }
    }

    [Theory, InlineData(Precision.Double), InlineData(Precision.Single)]
    public void WhatCannotBeTreatedIsAFailedResult(Precision precision)
    {
        var engine = AniGoldenTests.Engine("ani-1ccx", precision);
        using var evaluator = engine.CreateEvaluator();
        var silane = new Structure([Element.Parse("Si"), Element.Parse("H")], [Vector3D.Zero, new(0, 0, 1.5)]);
        Assert.Equal("ani-1ccx does not know the element Si, only H, C, N, O", engine.Refusal(silane));
        Assert.Equal(engine.Refusal(silane), evaluator.Result(silane).Failure);

        ImmutableArray<Element> hydrogen = [Element.Parse("H"), Element.Parse("H"), Element.Parse("H")];
        var doubled = new Structure(hydrogen, [Vector3D.Zero, new(0, 0, 0.7), new(0, 0, 0.7)]);
        Assert.Null(engine.Refusal(doubled));
        Assert.Equal("atoms 2 and 3 lie on one site", evaluator.Result(doubled).Failure);
        var images = new Structure(hydrogen, [Vector3D.Zero, new(0, 0, 0.7), new(0, 5, 0.7)], Lattice.Cubic(5));
        Assert.Equal("atoms 2 and 3 lie on one site", evaluator.Result(images).Failure);
        var thousands = new Structure(hydrogen[..1], [Vector3D.Zero], Lattice.Cubic(0.001));
        Assert.NotNull(evaluator.Result(thousands).Failure);

        // The next structure is not harmed.
        var one = evaluator.Result(new Structure(hydrogen[..1], [Vector3D.Zero]));
        Assert.Null(one.Failure);
        Assert.Equal(Vector3D.Zero, one.Forces[0]);
    }

    [Theory, InlineData(Precision.Double), InlineData(Precision.Single)]
    public void EvaluationStopsOnRequest(Precision precision)
    {
        using var evaluator = AniGoldenTests.Engine("ani-1ccx", precision).CreateEvaluator();
        Assert.Throws<OperationCanceledException>(() => evaluator.Evaluate(AniGoldenTests.Molecules("ani-1ccx").First().Structure, new CancellationToken(true)));
    }

    [Fact]
    public void WeightsOfAnotherModelAreRefused()
    {
        string path = ReferenceData.PathOf("data/potentials/tensornet-matpes-pbe-2025.1.json");
        var error = Assert.Throws<PolymorphException>(() => AniGoldenTests.ReadPath(path));
        Assert.Equal("PM6120", error.Code);
        Assert.Equal(path, error.Place);
    }

    /// A changed manifest beside the true binary; each change is named.
    [Theory]
    [InlineData("\"members\": 8", "\"members\": 0", "PM6120", "0 members")]
    [InlineData("\"members\": 8", "\"members\": 9", "PM4112", "member8.H.layer0.weight")]
    [InlineData("\"CELU\"", "\"ReLU\"", "PM6120", "CELU")]
    [InlineData("\"Rca\": 3.5", "\"Rca\": 35", "PM6120", "cutoffs")]
    [InlineData("\"Rca\": 3.5", "\"Rcb\": 3.5", "PM6120", "key")]
    [InlineData("\"elements\": [\n  \"H\",", "\"elements\": [\n  \"Hx\",", "PM6120", "Hx")]
    [InlineData("\"elements\": [\n  \"H\",", "\"elements\": [\n  \"C\",", "PM6120", "once")]
    [InlineData("\"Zeta\": [\n   32.0\n  ]", "\"Zeta\": [\n   32.0, 16\n  ]", "PM6120", "Zeta")]
    [InlineData("\"hartree_to_ev\": 27", "\"hartree_to_ev\": -27", "PM6120", "hartree_to_ev")]
    [InlineData("\"O\": [\n   384,", "\"O\": [\n   383,", "PM6120", "layers of O")]
    public void ManifestsThatContradictThemselvesAreRefused(string from, string to, string code, string says)
    {
        string source = ReferenceData.PathOf("data/potentials/ani-1ccx.json");
        string folder = Directory.CreateTempSubdirectory("polymorph-test-").FullName;
        try
        {
            string text = File.ReadAllText(source);
            Assert.Contains(from, text, StringComparison.Ordinal);
            string path = Path.Combine(folder, "ani-1ccx.json");
            File.WriteAllText(path, text.Replace(from, to, StringComparison.Ordinal));
            File.CreateSymbolicLink(Path.Combine(folder, "ani-1ccx.bin"), Path.ChangeExtension(source, ".bin"));
            var error = Assert.Throws<PolymorphException>(() => AniGoldenTests.ReadPath(path));
            Assert.Equal(code, error.Code);
            Assert.Contains(says, error.Message, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}

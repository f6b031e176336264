using System.Collections.Immutable;
using Polymorph.Energies.TensorNet;
using Polymorph.Foundation;
using Polymorph.Structures;
using Polymorph.Testing;
using Xunit;

namespace Polymorph.Energies.Tests.TensorNet;

/// <summary>What the engine will not treat, and files that are not its weights.</summary>
public sealed class TensorNetRefusalTests
{
    private static readonly Lazy<TensorNetEngine> Engine = new(() => GoldenCrystals.Engine(Precision.Single));

    public static TheoryData<string, string> Refused => new()
    {
        { "polonium", "Po" },
        { "molecule", "vacuum" },
        { "layer", "vacuum" },
        { "one-site", "atoms 1 and 3" },
        { "own-image", "on one site" },
        { "dense", "pairs lie within 5 Å" },
        { "huge", "20001 atoms" },
    };

    [Theory, MemberData(nameof(Refused))]
    public void AStructureItCannotTreatIsRefusedWithItsReason(string which, string named)
    {
        var structure = which switch
        {
            "polonium" => Crystal("Po", Lattice.Cubic(3.3), Vector3D.Zero),
            "molecule" => new Structure([Element.Parse("O"), Element.Parse("H")], [Vector3D.Zero, new(0, 0, 0.97)]),
            "layer" => new Structure([Element.Parse("C")], [Vector3D.Zero], Lattice.Cubic(10), new Periodicity(true, true, false)),
            "one-site" => Crystal("Si", Lattice.Cubic(5), Vector3D.Zero, new(2.5, 2.5, 2.5), new(5, 0, 1e-7)),
            "own-image" => Crystal("Si", new Lattice(new(0.05, 0, 0), new(0, 9, 0), new(0, 0, 9)), Vector3D.Zero),
            "dense" => Crystal("Si", Lattice.Cubic(2), [.. Enumerable.Range(0, 400).Select(i => new Vector3D(i % 8, i / 8 % 8, i / 64) * 0.25)]),
            _ => Crystal("Si", Lattice.Cubic(200), [.. Enumerable.Range(0, 20001).Select(i => new Vector3D(i % 30, i / 30 % 30, i / 900) * 5)]),
        };
        Assert.Contains(named, Engine.Value.Refusal(structure), StringComparison.Ordinal);
        using var evaluator = Engine.Value.CreateEvaluator();
        Assert.Contains(named, evaluator.Evaluate(structure, TestContext.Current.CancellationToken).Failure, StringComparison.Ordinal);
    }

    [Fact]
    public void ADistanceOfATenthOfAnAngstromStillHasFiniteForces()
    {
        using var evaluator = Engine.Value.CreateEvaluator();
        var result = evaluator.Evaluate(Crystal("Si", Lattice.Cubic(4), Vector3D.Zero, new(0.1001, 0, 0)), TestContext.Current.CancellationToken);
        Assert.Null(result.Failure);
    }

    [Fact]
    public void TheMethodIsTheNameOfTheParameterSet() => Assert.Equal("tensornet-matpes-pbe-2025.1", Engine.Value.Method);

    [Fact]
    public void CancellationStops()
    {
        using var evaluator = Engine.Value.CreateEvaluator();
        Assert.Throws<OperationCanceledException>(() => evaluator.Evaluate(GoldenCrystals.All.First().Structure, new CancellationToken(canceled: true)));
    }

    [Fact]
    public void WeightsOfAnotherPotentialAreNamed()
    {
        var error = Assert.Throws<PolymorphException>(() => new TensorNetEngine(ReferenceData.PathOf("data/potentials/ani-1ccx.json")));
        Assert.Equal("PM6100", error.Code);
    }

    [Fact]
    public void WeightsCutInHalfAreNamed()
    {
        string folder = Directory.CreateTempSubdirectory("polymorph-tensornet-").FullName;
        try
        {
            string copy = Path.Combine(folder, "tensornet-matpes-pbe-2025.1.json");
            File.Copy(GoldenCrystals.WeightPath, copy);
            byte[] binary = File.ReadAllBytes(Path.ChangeExtension(GoldenCrystals.WeightPath, ".bin"));
            File.WriteAllBytes(Path.ChangeExtension(copy, ".bin"), binary[..(binary.Length / 2)]);
            Assert.Equal("PM4113", Assert.Throws<PolymorphException>(() => new TensorNetEngine(copy)).Code);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Structure Crystal(string element, Lattice lattice, params ReadOnlySpan<Vector3D> positions)
    {
        var species = Enumerable.Repeat(Element.Parse(element), positions.Length).ToImmutableArray();
        return new Structure(species, [.. positions], lattice);
    }
}

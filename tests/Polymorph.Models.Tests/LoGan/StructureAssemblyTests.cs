using System.Collections.Immutable;
using Polymorph.Foundation;
using Polymorph.Learning;
using Polymorph.Models.LoGan;
using Polymorph.Structures;
using Xunit;

namespace Polymorph.Models.Tests.LoGan;

public sealed class StructureAssemblyTests
{
    private static readonly Lattice Skewed = new(new(5, 0, 0), new(-2, 4.5, 0), new(0.5, 1, 6));
    private static readonly ImmutableArray<Element> SiO2 = [.. Composition.ParseSpecies("SiO2")];

    private static readonly AffineMap Inversion = AffineMap.FromFractional(Skewed, new(-1, 0, 0), new(0, -1, 0), new(0, 0, -1), Vector3D.Zero);

    private static readonly Structure Substrate = new([Element.Parse("Pt")], [new(0.5, 0.5, 1)], Skewed, new Periodicity(true, true, false));

    public static TheoryData<string> Cases => ["molecule", "crystal", "slab", "symmetry", "substrate", "slab with symmetry", "substrate with symmetry"];

    [Theory, MemberData(nameof(Cases))]
    public void TheGradientMapIsTheTransposeOfTheExpansion(string which)
    {
        var assembly = Make(which);
        int n = 3 * assembly.GeneratedAtoms, m = 3 * assembly.Species.Length;
        float[] f = Numbers(n, 1), df = Numbers(n, 2), g = Numbers(m, 3), at = new float[m], moved = new float[m], back = new float[n];
        assembly.Expand(f, at);
        assembly.Expand([.. f.Zip(df, (a, b) => a + b)], moved);
        assembly.Transpose(g, back);
        double forward = moved.Zip(at, (a, b) => a - b).Zip(g, (d, w) => (double)d * w).Sum(), backward = back.Zip(df, (d, w) => (double)d * w).Sum();
        // <A df, g> = <df, Aᵀ g>: single-precision positions of at most 20 Å.
        Assert.Equal(forward, backward, 1e-4);
    }

    [Fact]
    public void PlainAssembliesMultiplyTheFrame()
    {
        float[] f = [0.25f, 0.5f, 0.75f, 0, 0, 0, 1, 1, 1], positions = new float[9];
        StructureAssembly.Crystal(SiO2, Skewed).Expand(f, positions);
        var expected = Skewed.ToCartesian(new(0.25, 0.5, 0.75));
        Assert.Equal([(float)expected.X, (float)expected.Y, (float)expected.Z, 0, 0, 0], positions[..6]);
        StructureAssembly.MoleculeInBox(SiO2, new(8, 7, 6)).Expand(f, positions);
        Assert.Equal([2f, 3.5f, 4.5f], positions[..3]);
    }

    [Fact]
    public void SymmetryExpandsTheAsymmetricUnit()
    {
        var assembly = Make("symmetry");
        Assert.Equal("O4Si2", new Composition(assembly.Species).Formula);
        float[] f = Numbers(9, 5), positions = new float[18];
        assembly.Expand(f, positions);
        for (int atom = 0; atom < 3; atom++)
        {
            for (int axis = 0; axis < 3; axis++)
            {
                Assert.Equal(-positions[6 * atom + axis], positions[6 * atom + 3 + axis], 1e-6);
            }
        }
    }

    [Fact]
    public void SymmetryKeepsTheMapAndTheFixedAtomsOfItsUnit()
    {
        float[] f = Numbers(9, 6), plain = new float[9], both = new float[18];
        Make("slab").Expand(f, plain);
        Make("slab with symmetry").Expand(f, both);
        Assert.Equal(plain[..3], both[..3]);
        Assert.Equal(-plain[2], both[5], 1e-6);
        Assert.Equal("PtSiSiOOOO", string.Concat(Make("substrate with symmetry").Species));
    }

    [Fact]
    public void SlabsStayWithinTheirHeightsAndAreNotPeriodicAlongTheThirdAxis()
    {
        var assembly = Make("slab");
        Assert.Equal(new Periodicity(true, true, false), assembly.Periodicity);
        var positions = new float[9];
        assembly.Expand([0, 0, 0, 0.5f, 0.5f, 1, 1, 1, 0.5f], positions);
        double[] heights = [.. Enumerable.Range(0, 3).Select(i => Skewed.ToFractional(new(positions[3 * i], positions[3 * i + 1], positions[3 * i + 2])).Z)];
        Assert.Equal([0.2, 0.5, 0.35], heights.Select(h => Math.Round(h, 5)));
    }

    [Fact]
    public void SubstratesStayWhereTheyAre()
    {
        var assembly = Make("substrate");
        Assert.Equal("PtSiOO", string.Concat(assembly.Species));
        var positions = new float[12];
        assembly.Expand(Numbers(9, 4), positions);
        Assert.Equal([0.5f, 0.5f, 1f], positions[..3]);
        Assert.All(new[] { 5, 8, 11 }, i => Assert.InRange(positions[i], 2, 5));
    }

    [Theory]
    [InlineData("C0")]
    [InlineData("Qq2")]
    [InlineData("")]
    public void FormulasThatAreNoneAreRefused(string formula) =>
        Assert.Equal("PM3001", Assert.Throws<PolymorphException>(() => LoGanTask.Molecule(formula, new(8, 7, 6))).Code);

    [Fact]
    public void CellsTooSmallForTheirAtomsAreRefused()
    {
        var error = Assert.Throws<PolymorphException>(() => LoGanTask.Crystal("Si12O24", Lattice.Cubic(4)));
        Assert.Equal("PM3003", error.Code);
        Assert.Contains("larger cell", error.NextStep, StringComparison.Ordinal);
    }

    private static StructureAssembly Make(string which) => which switch
    {
        "molecule" => StructureAssembly.MoleculeInBox(SiO2, new(8, 7, 6)),
        "crystal" => StructureAssembly.Crystal(SiO2, Skewed),
        "slab" => StructureAssembly.Slab(SiO2, Skewed, 0.2, 0.5),
        "slab with symmetry" or "substrate with symmetry" => StructureAssembly.WithSymmetry(Make(which.Split(' ')[0]), [AffineMap.Identity, Inversion]),
        "symmetry" => StructureAssembly.WithSymmetry(StructureAssembly.Crystal(SiO2, Skewed), [AffineMap.Identity, Inversion]),
        _ => StructureAssembly.OnSubstrate(Substrate, SiO2, new Lattice(Skewed.A, Skewed.B, new(0, 0, 3)), new(0, 0, 2)),
    };

    private static float[] Numbers(int count, uint step)
    {
        var random = new CounterRandom(1, 1).Sequence(step);
        var result = new float[count];
        for (int i = 0; i < count; i++)
        {
            result[i] = random.NextSingle();
        }

        return result;
    }
}

using Polymorph.Representations.LocalDescriptors;
using Polymorph.Structures;
using Xunit;

namespace Polymorph.Representations.Tests.LocalDescriptors;

/// <summary>What a descriptor must not see. The double-precision definition is held to 1e-10 (rounding of a rotation), the kernel is compared with it elsewhere.</summary>
public sealed class InvarianceTests
{
    private const double Rounding = 1e-10;

    public static TheoryData<int, RadialBasis> Seeds => new(
        from seed in Enumerable.Range(1, 8) from radial in new[] { RadialBasis.Bessel, RadialBasis.Gaussian } select (seed, radial));

    [Theory, MemberData(nameof(Seeds))]
    public void RotationAndTranslationChangeNothing(int seed, RadialBasis radial)
    {
        var (random, options) = Setting(seed, radial);
        var structure = random.Molecule(14, options);
        var turn = random.Rotation();
        var shift = new Vector3D(random.Uniform(-3, 3), random.Uniform(-3, 3), random.Uniform(-3, 3));
        var moved = structure.WithPositions([.. structure.Positions.Select(p => turn(p) + shift)]);
        AssertEqual(Describe(structure, options), Describe(moved, options));

        var crystal = random.Crystal(6, Periodicity.Full, options);
        var cell = crystal.Lattice!;
        var turned = new Structure(crystal.Species, [.. crystal.Positions.Select(p => turn(p) + shift)], new Lattice(turn(cell.A), turn(cell.B), turn(cell.C)));
        AssertEqual(Describe(crystal, options), Describe(turned, options));
    }

    [Theory, MemberData(nameof(Seeds))]
    public void AtomsMayBeRenumberedAndMovedByLatticeVectors(int seed, RadialBasis radial)
    {
        var (random, options) = Setting(seed, radial);
        var crystal = random.Crystal(7, Periodicity.Full, options);
        int[] order = [.. Enumerable.Range(0, 7).OrderBy(i => (i * 5 + seed) % 7)];
        var renumbered = new Structure(
            [.. order.Select(i => crystal.Species[i])],
            [.. order.Select(i => crystal.Positions[i] + crystal.Lattice!.ToCartesian(new(i - 3, seed - i, i % 2)))],
            crystal.Lattice);
        double[][] rows = Describe(crystal, options);
        AssertEqual([.. order.Select(i => rows[i])], Describe(renumbered, options));
    }

    [Theory, MemberData(nameof(Seeds))]
    public void SupercellHasTheDescriptorsOfTheCell(int seed, RadialBasis radial)
    {
        var (random, options) = Setting(seed, radial);
        var crystal = random.Crystal(5, Periodicity.Full, options);
        var cell = crystal.Lattice!;
        var super = new Structure(
            [.. crystal.Species, .. crystal.Species], [.. crystal.Positions, .. crystal.Positions.Select(p => p + cell.B)], cell.Repeat(1, 2, 1));
        double[][] rows = Describe(crystal, options);
        AssertEqual([.. rows, .. rows], Describe(super, options));
    }

    [Theory]
    [InlineData(true, true, true)]
    [InlineData(true, true, false)]
    [InlineData(false, true, true)]
    [InlineData(false, true, false)]
    [InlineData(false, false, true)]
    [InlineData(false, false, false)]
    public void ImageRouteEqualsTheSupercellRule(bool a, bool b, bool c)
    {
        for (int seed = 1; seed <= 8; seed++)
        {
            var (random, options) = Setting(seed, RadialBasis.Bessel);
            var structure = random.Crystal(3 + random.Index(6), new(a, b, c), options);
            int[] types = RandomStructures.Types(structure);
            var reference = new PowerSpectrumReference(options, 3);
            AssertEqual(
                reference.Describe(Neighbourhood.BySupercell(structure, options), types),
                reference.Describe(Neighbourhood.ByImages(structure, options), types));
        }
    }

    private static (RandomStructures, PowerSpectrumOptions) Setting(int seed, RadialBasis radial)
    {
        var random = new RandomStructures((ulong)seed);
        return (random, new PowerSpectrumOptions
        {
            Radial = radial,
            CutoffRadius = random.Uniform(3.5, 5.5),
            MaximumOrder = 1 + random.Index(4),
            NeighbourCount = 5 + random.Index(25),
        });
    }

    private static double[][] Describe(Structure structure, PowerSpectrumOptions options) =>
        new PowerSpectrumReference(options, 3).Describe(Neighbourhood.BySupercell(structure, options), RandomStructures.Types(structure));

    private static void AssertEqual(double[][] expected, double[][] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            for (int k = 0; k < expected[i].Length; k++)
            {
                Assert.Equal(expected[i][k], actual[i][k], Rounding);
            }
        }
    }
}

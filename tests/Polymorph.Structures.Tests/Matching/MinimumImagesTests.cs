using FsCheck.Fluent;
using Polymorph.Structures.Cells;
using Polymorph.Structures.Matching.Kernels;
using Xunit;

namespace Polymorph.Structures.Tests.Matching;

public sealed class MinimumImagesTests
{
    [Fact]
    public void FourSitesAtATimeGiveTheDefinition() =>
        Arbitrary.Check(
            from lattice in Arbitrary.Lattice(5)
            from count in Gen.Choose(1, 11)
            from sites in Gen.ArrayOf(Arbitrary.Vector(2), count)
            from point in Arbitrary.Vector(2)
            from limit in Arbitrary.Real(0.1, 0.7)
            select (lattice, sites, point, limit),
            t =>
            {
                var l = CellReduction.Minimum(t.lattice);
                var metric = ImageMetric.Of(l.A, l.B, l.C);
                int n = t.sites.Length;
                var box = t.limit < 0.4 ? new Vector3D(t.limit, t.limit, t.limit) : new Vector3D(t.limit, 0.6, t.limit);
                double[] x = Padded(t.sites, 0), y = Padded(t.sites, 1), z = Padded(t.sites, 2), expected = new double[n], actual = new double[n + MinimumImages.Padding];
                MinimumImages.Reference(metric, box, x, y, z, t.point, expected);
                var (least, site) = MinimumImages.Simd(metric, box, metric.WrappedIsNearest(box), x, y, z, t.point, n, actual);
                // Differences of squares of some tens of Å lose a few digits.
                return least == actual[..n].Min() && actual[site] == least && expected.Zip(actual).All(p => Math.Abs(p.First - p.Second) < 1e-10)
                    && Enumerable.Range(0, n).All(i => expected[i] == MinimumImages.OutOfReach || Math.Abs(metric.Square(metric.Nearest(t.sites[i] - t.point)) - expected[i]) < 1e-10);
            },
            cases: 300);

    private static double[] Padded(Vector3D[] sites, int axis) => [.. sites.Select(s => s[axis]), .. new double[MinimumImages.Padding]];
}

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Polymorph.Structures.Matching.Kernels;

/// <summary>Squared distances from one point to many, each to the nearest periodic image.</summary>
/// <remarks>In a reduced cell the image nearest to the origin is among the 27 around the wrapped one; of those, n and -n are one test:
/// |w + n|² = |w|² + n·Gn - 2|n·Gw| for the better of the two, with G the metric tensor. A site whose wrapped coordinates leave a box is out of reach.</remarks>
internal static class MinimumImages
{
    /// <summary>Sites behind the last one that <see cref="Simd"/> may read, and values behind the last one that it writes.</summary>
    public const int Padding = 4;

    /// <summary>The value for a site out of reach, Å²: finite, so that sums and differences stay numbers.</summary>
    public const double OutOfReach = 1e20;

    /// <summary>The definition, over 125 images.</summary>
    /// <param name="metric">Metric of a reduced cell.</param>
    /// <param name="box">Largest wrapped coordinates within reach; 1/2 and more: no limit.</param>
    /// <param name="x">Fractional coordinates of the sites along the first axis; so for y and z.</param>
    /// <param name="y">As x.</param>
    /// <param name="z">As x.</param>
    /// <param name="point">Fractional coordinates of the point.</param>
    /// <param name="result">Squared distances, Å²; its length tells the number of sites.</param>
    public static void Reference(in ImageMetric metric, Vector3D box, ReadOnlySpan<double> x, ReadOnlySpan<double> y, ReadOnlySpan<double> z, Vector3D point, Span<double> result)
    {
        for (int i = 0; i < result.Length; i++)
        {
            var w = ImageMetric.Wrap(new Vector3D(x[i], y[i], z[i]) - point);
            double least = double.PositiveInfinity;
            for (int n = 0; n < 125; n++)
            {
                least = Math.Min(least, metric.Square(w + new Vector3D(n / 25 - 2, n / 5 % 5 - 2, n % 5 - 2)));
            }

            result[i] = Math.Abs(w.X) > box.X || Math.Abs(w.Y) > box.Y || Math.Abs(w.Z) > box.Z ? OutOfReach : least;
        }
    }

    /// <summary>Four sites at a time. Reads and writes up to <see cref="Padding"/> - 1 places behind the last site.</summary>
    /// <param name="metric">Metric of a reduced cell.</param>
    /// <param name="box">Largest wrapped coordinates within reach; 1/2 and more: no limit.</param>
    /// <param name="wrappedIsNearest">True when no image of a site within reach is nearer than the wrapped one: <see cref="ImageMetric.WrappedIsNearest"/>.</param>
    /// <param name="x">Fractional coordinates, [count + padding].</param>
    /// <param name="y">As x.</param>
    /// <param name="z">As x.</param>
    /// <param name="point">Fractional coordinates of the point.</param>
    /// <param name="count">Sites, at least 1.</param>
    /// <param name="result">[count + padding] squared distances, Å².</param>
    /// <returns>The least squared distance and its site, the first of equal ones.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static (double Least, int Site) Simd(
        in ImageMetric metric, Vector3D box, bool wrappedIsNearest, ReadOnlySpan<double> x, ReadOnlySpan<double> y, ReadOnlySpan<double> z, Vector3D point, int count, Span<double> result)
    {
        ref double px = ref MemoryMarshal.GetReference(x), py = ref MemoryMarshal.GetReference(y), pz = ref MemoryMarshal.GetReference(z), pr = ref MemoryMarshal.GetReference(result);
        var bx = Vector256.Create(point.X);
        var by = Vector256.Create(point.Y);
        var bz = Vector256.Create(point.Z);
        var xx = Vector256.Create(metric.XX);
        var yy = Vector256.Create(metric.YY);
        var zz = Vector256.Create(metric.ZZ);
        var xy = Vector256.Create(metric.XY);
        var xz = Vector256.Create(metric.XZ);
        var yz = Vector256.Create(metric.YZ);
        var limitX = Vector256.Create(box.X);
        var limitY = Vector256.Create(box.Y);
        var limitZ = Vector256.Create(box.Z);
        var far = Vector256.Create(OutOfReach);
        var least = Vector256.Create(double.PositiveInfinity);
        var site = Vector256<double>.Zero;
        var index = Vector256.Create(0.0, 1, 2, 3);
        var last = Vector256.Create((double)count);
        for (nuint i = 0; i < (nuint)count; i += 4)
        {
            var dx = Vector256.LoadUnsafe(ref px, i) - bx;
            var dy = Vector256.LoadUnsafe(ref py, i) - by;
            var dz = Vector256.LoadUnsafe(ref pz, i) - bz;
            dx -= Vector256.Round(dx);
            dy -= Vector256.Round(dy);
            dz -= Vector256.Round(dz);
            var gx = Vector256.FusedMultiplyAdd(xz, dz, Vector256.FusedMultiplyAdd(xy, dy, xx * dx));
            var gy = Vector256.FusedMultiplyAdd(yz, dz, Vector256.FusedMultiplyAdd(yy, dy, xy * dx));
            var gz = Vector256.FusedMultiplyAdd(zz, dz, Vector256.FusedMultiplyAdd(yz, dy, xz * dx));
            var square = Vector256.FusedMultiplyAdd(dz, gz, Vector256.FusedMultiplyAdd(dy, gy, dx * gx));
            if (!wrappedIsNearest)
            {
                square += Gain(metric, gx, gy, gz);
            }

            var outside = Vector256.GreaterThan(Vector256.Abs(dx), limitX) | Vector256.GreaterThan(Vector256.Abs(dy), limitY) | Vector256.GreaterThan(Vector256.Abs(dz), limitZ);
            square = Vector256.ConditionalSelect(outside, far, square);
            square.StoreUnsafe(ref pr, i);
            var better = Vector256.LessThan(square, least) & Vector256.LessThan(index, last);
            least = Vector256.ConditionalSelect(better, square, least);
            site = Vector256.ConditionalSelect(better, index, site);
            index += Vector256.Create(4.0);
        }

        return First(least, site);
    }

    /// <summary>How much the best image of each site gains on the wrapped one: zero or negative.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Gain(in ImageMetric metric, Vector256<double> gx, Vector256<double> gy, Vector256<double> gz)
    {
        var two = Vector256.Create(-2.0);
        var sum = gx + gy;
        var difference = gx - gy;
        var gain = Vector256<double>.Zero;
        gain = Vector256.Min(gain, Vector256.FusedMultiplyAdd(two, Vector256.Abs(gx), Vector256.Create(metric.XX)));
        gain = Vector256.Min(gain, Vector256.FusedMultiplyAdd(two, Vector256.Abs(gy), Vector256.Create(metric.YY)));
        gain = Vector256.Min(gain, Vector256.FusedMultiplyAdd(two, Vector256.Abs(gz), Vector256.Create(metric.ZZ)));
        gain = Vector256.Min(gain, Vector256.FusedMultiplyAdd(two, Vector256.Abs(sum), Vector256.Create(metric.PlusXY)));
        gain = Vector256.Min(gain, Vector256.FusedMultiplyAdd(two, Vector256.Abs(difference), Vector256.Create(metric.MinusXY)));
        gain = Vector256.Min(gain, Vector256.FusedMultiplyAdd(two, Vector256.Abs(gx + gz), Vector256.Create(metric.PlusXZ)));
        gain = Vector256.Min(gain, Vector256.FusedMultiplyAdd(two, Vector256.Abs(gx - gz), Vector256.Create(metric.MinusXZ)));
        gain = Vector256.Min(gain, Vector256.FusedMultiplyAdd(two, Vector256.Abs(gy + gz), Vector256.Create(metric.PlusYZ)));
        gain = Vector256.Min(gain, Vector256.FusedMultiplyAdd(two, Vector256.Abs(gy - gz), Vector256.Create(metric.MinusYZ)));
        gain = Vector256.Min(gain, Vector256.FusedMultiplyAdd(two, Vector256.Abs(sum + gz), Vector256.Create(metric.PlusPlus)));
        gain = Vector256.Min(gain, Vector256.FusedMultiplyAdd(two, Vector256.Abs(sum - gz), Vector256.Create(metric.PlusMinus)));
        gain = Vector256.Min(gain, Vector256.FusedMultiplyAdd(two, Vector256.Abs(difference + gz), Vector256.Create(metric.MinusPlus)));
        return Vector256.Min(gain, Vector256.FusedMultiplyAdd(two, Vector256.Abs(difference - gz), Vector256.Create(metric.MinusMinus)));
    }

    private static (double Least, int Site) First(Vector256<double> least, Vector256<double> site)
    {
        double value = least[0], at = site[0];
        for (int lane = 1; lane < 4; lane++)
        {
            if (least[lane] < value || (least[lane] == value && site[lane] < at))
            {
                (value, at) = (least[lane], site[lane]);
            }
        }

        return (value, (int)at);
    }
}

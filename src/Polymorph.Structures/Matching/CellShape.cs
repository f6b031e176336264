using Polymorph.Structures.Matching.Kernels;

namespace Polymorph.Structures.Matching;

/// <summary>Lengths (Å) and cosines of the angles of a cell.</summary>
/// <param name="Lengths">Lengths of a, b, c.</param>
/// <param name="Cosines">Cosines of alpha (b, c), beta (a, c), gamma (a, b).</param>
internal readonly record struct CellShape(Vector3D Lengths, Vector3D Cosines)
{
    /// <summary>Sines of the angles.</summary>
    public Vector3D Sines => new(Sine(Cosines.X), Sine(Cosines.Y), Sine(Cosines.Z));

    /// <summary>The shape of three vectors.</summary>
    public static CellShape Of(Vector3D a, Vector3D b, Vector3D c)
    {
        double la = a.Length, lb = b.Length, lc = c.Length;
        return new(new(la, lb, lc), new(Clamp(b.Dot(c) / (lb * lc)), Clamp(a.Dot(c) / (la * lc)), Clamp(a.Dot(b) / (la * lb))));
    }

    /// <summary>The same shape, all lengths multiplied.</summary>
    /// <param name="factor">The factor.</param>
    public CellShape Scaled(double factor) => this with { Lengths = factor * Lengths };

    /// <summary>The cell whose six parameters are the means of two cells' parameters.</summary>
    /// <param name="other">The other cell.</param>
    public CellShape MeanWith(in CellShape other)
    {
        var (s, t) = (Sines, other.Sines);
        return new(0.5 * (Lengths + other.Lengths), new(
            CosineOfMean(Cosines.X, s.X, other.Cosines.X, t.X),
            CosineOfMean(Cosines.Y, s.Y, other.Cosines.Y, t.Y),
            CosineOfMean(Cosines.Z, s.Z, other.Cosines.Z, t.Z)));
    }

    /// <summary>Largest relative difference of the lengths and largest difference of the angles, radian.</summary>
    /// <param name="other">The cell to compare with.</param>
    public (double Lengths, double Angles) DeviationFrom(in CellShape other) => (
        Math.Max(Math.Abs(Lengths.X / other.Lengths.X - 1), Math.Max(Math.Abs(Lengths.Y / other.Lengths.Y - 1), Math.Abs(Lengths.Z / other.Lengths.Z - 1))),
        Math.Max(
            Math.Abs(Math.Acos(Cosines.X) - Math.Acos(other.Cosines.X)),
            Math.Max(Math.Abs(Math.Acos(Cosines.Y) - Math.Acos(other.Cosines.Y)), Math.Abs(Math.Acos(Cosines.Z) - Math.Acos(other.Cosines.Z)))));

    /// <summary>The metric tensor, Å².</summary>
    public ImageMetric Metric() => new(
        Lengths.X * Lengths.X, Lengths.Y * Lengths.Y, Lengths.Z * Lengths.Z,
        Lengths.X * Lengths.Y * Cosines.Z, Lengths.X * Lengths.Z * Cosines.Y, Lengths.Y * Lengths.Z * Cosines.X);

    // Sum of cosines over twice the cosine of half the difference: no inverse functions.
    private static double CosineOfMean(double cos1, double sin1, double cos2, double sin2)
    {
        double half = Math.Sqrt(0.5 * (1 + Math.Min(1, cos1 * cos2 + sin1 * sin2)));
        return half > 1e-9 ? (cos1 + cos2) / (2 * half) : 0;
    }

    private static double Sine(double cosine) => Math.Sqrt(Math.Max(0, 1 - cosine * cosine));

    private static double Clamp(double cosine) => Math.Clamp(cosine, -1, 1);
}

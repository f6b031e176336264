namespace Polymorph.Structures.Matching.Kernels;

/// <summary>The metric tensor of a Minkowski-reduced cell, and the squared lengths of the 13 shortest combinations of its vectors; Å².</summary>
internal readonly struct ImageMetric
{
    /// <summary>From the six elements.</summary>
    /// <param name="xx">a·a.</param>
    /// <param name="yy">b·b.</param>
    /// <param name="zz">c·c.</param>
    /// <param name="xy">a·b.</param>
    /// <param name="xz">a·c.</param>
    /// <param name="yz">b·c.</param>
    public ImageMetric(double xx, double yy, double zz, double xy, double xz, double yz)
    {
        (XX, YY, ZZ, XY, XZ, YZ) = (xx, yy, zz, xy, xz, yz);
        (PlusXY, MinusXY) = (xx + yy + 2 * xy, xx + yy - 2 * xy);
        (PlusXZ, MinusXZ) = (xx + zz + 2 * xz, xx + zz - 2 * xz);
        (PlusYZ, MinusYZ) = (yy + zz + 2 * yz, yy + zz - 2 * yz);
        (PlusPlus, PlusMinus) = (PlusXY + zz + 2 * (xz + yz), PlusXY + zz - 2 * (xz + yz));
        (MinusPlus, MinusMinus) = (MinusXY + zz + 2 * (xz - yz), MinusXY + zz - 2 * (xz - yz));
    }

    public double XX { get; }

    public double YY { get; }

    public double ZZ { get; }

    public double XY { get; }

    public double XZ { get; }

    public double YZ { get; }

    public double PlusXY { get; }

    public double MinusXY { get; }

    public double PlusXZ { get; }

    public double MinusXZ { get; }

    public double PlusYZ { get; }

    public double MinusYZ { get; }

    public double PlusPlus { get; }

    public double PlusMinus { get; }

    public double MinusPlus { get; }

    public double MinusMinus { get; }

    /// <summary>The metric of three vectors.</summary>
    public static ImageMetric Of(Vector3D a, Vector3D b, Vector3D c) => new(a.LengthSquared, b.LengthSquared, c.LengthSquared, a.Dot(b), a.Dot(c), b.Dot(c));

    /// <summary>True when no vector is shortened by adding others, whatever their order: then the 27 images hold the nearest one.</summary>
    public bool IsMinkowskiReduced()
    {
        const double e = 1e-9;
        double longest = Math.Max(XX, Math.Max(YY, ZZ)) * (1 - e);
        return 2 * Math.Abs(XY) <= Math.Min(XX, YY) * (1 + e) && 2 * Math.Abs(XZ) <= Math.Min(XX, ZZ) * (1 + e) && 2 * Math.Abs(YZ) <= Math.Min(YY, ZZ) * (1 + e)
            && PlusPlus >= longest && PlusMinus >= longest && MinusPlus >= longest && MinusMinus >= longest;
    }

    /// <summary>Fractional coordinates moved into [-1/2, 1/2].</summary>
    public static Vector3D Wrap(Vector3D f) => new(f.X - Math.Round(f.X), f.Y - Math.Round(f.Y), f.Z - Math.Round(f.Z));

    /// <summary>Squared length of a vector in fractional coordinates, Å².</summary>
    public double Square(Vector3D f) => XX * f.X * f.X + YY * f.Y * f.Y + ZZ * f.Z * f.Z + 2 * (XY * f.X * f.Y + XZ * f.X * f.Z + YZ * f.Y * f.Z);

    /// <summary>The shortest vector that differs from this one by lattice vectors, in fractional coordinates.</summary>
    /// <param name="f">Fractional coordinates.</param>
    public Vector3D Nearest(Vector3D f)
    {
        var w = Wrap(f);
        var best = w;
        double least = Square(w);
        if (least <= 0.25 * Math.Min(XX, Math.Min(YY, ZZ)))
        {
            // Shorter than half the shortest lattice vector: no image is nearer.
            return w;
        }

        for (int n = 0; n < 27; n++)
        {
            var candidate = w + new Vector3D(n / 9 - 1, n / 3 % 3 - 1, n % 3 - 1);
            double square = Square(candidate);
            if (square < least)
            {
                (least, best) = (square, candidate);
            }
        }

        return best;
    }
}

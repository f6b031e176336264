namespace Polymorph.Structures.Matching.Kernels;

/// <summary>The metric tensor of a reduced cell, and the squared lengths of the 13 shortest combinations of its vectors; Å².</summary>
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
        double least = Math.Min(Math.Min(Math.Min(xx, yy), Math.Min(zz, PlusXY)), Math.Min(Math.Min(MinusXY, PlusXZ), Math.Min(MinusXZ, PlusYZ)));
        Shortest = Math.Min(Math.Min(least, MinusYZ), Math.Min(Math.Min(PlusPlus, PlusMinus), Math.Min(MinusPlus, MinusMinus)));
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

    /// <summary>The least of the squared lengths, Å².</summary>
    public double Shortest { get; }

    /// <summary>The metric of three vectors.</summary>
    public static ImageMetric Of(Vector3D a, Vector3D b, Vector3D c) => new(a.LengthSquared, b.LengthSquared, c.LengthSquared, a.Dot(b), a.Dot(c), b.Dot(c));

    /// <summary>Whether the LLL algorithm would leave the cell as it is.</summary>
    public bool IsLovaszReduced() => Cells.LovaszReduction.IsReduced(XX, YY, ZZ, XY, XZ, YZ);

    /// <summary>Whether no image of a vector whose wrapped coordinates lie in a box is shorter than the wrapped one: n·Gn ≥ 2|n·Gw| for all n and all w in the box.</summary>
    /// <param name="box">Half edges of the box.</param>
    public bool WrappedIsNearest(Vector3D box)
    {
        double x = Math.Min(box.X, 0.5), y = Math.Min(box.Y, 0.5), z = Math.Min(box.Z, 0.5);
        return Holds(XX, XX, XY, XZ) && Holds(YY, XY, YY, YZ) && Holds(ZZ, XZ, YZ, ZZ)
            && Holds(PlusXY, XX + XY, XY + YY, XZ + YZ) && Holds(MinusXY, XX - XY, XY - YY, XZ - YZ)
            && Holds(PlusXZ, XX + XZ, XY + YZ, XZ + ZZ) && Holds(MinusXZ, XX - XZ, XY - YZ, XZ - ZZ)
            && Holds(PlusYZ, XY + XZ, YY + YZ, YZ + ZZ) && Holds(MinusYZ, XY - XZ, YY - YZ, YZ - ZZ)
            && Holds(PlusPlus, XX + XY + XZ, XY + YY + YZ, XZ + YZ + ZZ) && Holds(PlusMinus, XX + XY - XZ, XY + YY - YZ, XZ + YZ - ZZ)
            && Holds(MinusPlus, XX - XY + XZ, XY - YY + YZ, XZ - YZ + ZZ) && Holds(MinusMinus, XX - XY - XZ, XY - YY - YZ, XZ - YZ - ZZ);

        bool Holds(double square, double gx, double gy, double gz) => square >= 2 * (Math.Abs(gx) * x + Math.Abs(gy) * y + Math.Abs(gz) * z);
    }

    /// <summary>Fractional coordinates moved into [-1/2, 1/2].</summary>
    public static Vector3D Wrap(Vector3D f) => new(f.X - Math.Round(f.X), f.Y - Math.Round(f.Y), f.Z - Math.Round(f.Z));

    /// <summary>Squared length of a vector in fractional coordinates, Å².</summary>
    public double Square(Vector3D f) => XX * f.X * f.X + YY * f.Y * f.Y + ZZ * f.Z * f.Z + 2 * (XY * f.X * f.Y + XZ * f.X * f.Z + YZ * f.Y * f.Z);

    /// <summary>The shortest of the 27 vectors that differ from the wrapped one by lattice vectors, in fractional coordinates.</summary>
    /// <param name="f">Fractional coordinates.</param>
    public Vector3D Nearest(Vector3D f)
    {
        var w = Wrap(f);
        double gx = XX * w.X + XY * w.Y + XZ * w.Z, gy = XY * w.X + YY * w.Y + YZ * w.Z, gz = XZ * w.X + YZ * w.Y + ZZ * w.Z;
        if (w.X * gx + w.Y * gy + w.Z * gz <= 0.25 * Shortest)
        {
            // Shorter than half the shortest lattice vector: no image is nearer.
            return w;
        }

        // As in MinimumImages: |w + n|² - |w|² = n·Gn + 2 n·Gw for n, and the opposite sign for -n.
        double least = 0;
        Vector3D step = default;
        Try(XX, gx, new(1, 0, 0));
        Try(YY, gy, new(0, 1, 0));
        Try(ZZ, gz, new(0, 0, 1));
        Try(PlusXY, gx + gy, new(1, 1, 0));
        Try(MinusXY, gx - gy, new(1, -1, 0));
        Try(PlusXZ, gx + gz, new(1, 0, 1));
        Try(MinusXZ, gx - gz, new(1, 0, -1));
        Try(PlusYZ, gy + gz, new(0, 1, 1));
        Try(MinusYZ, gy - gz, new(0, 1, -1));
        Try(PlusPlus, gx + gy + gz, new(1, 1, 1));
        Try(PlusMinus, gx + gy - gz, new(1, 1, -1));
        Try(MinusPlus, gx - gy + gz, new(1, -1, 1));
        Try(MinusMinus, gx - gy - gz, new(1, -1, -1));
        return w + step;

        void Try(double square, double projection, Vector3D n)
        {
            double gain = square - 2 * Math.Abs(projection);
            if (gain < least)
            {
                (least, step) = (gain, projection > 0 ? -n : n);
            }
        }
    }
}

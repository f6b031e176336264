namespace Polymorph.Structures.Matching;

/// <summary>How far, on the average over the sites, the first, second, ... neighbour is, relative to (V/N)^(1/3): crystals that match have nearly equal ones.</summary>
/// <remarks>The species do not enter, so that the signature serves anonymous comparisons too.</remarks>
public sealed class ShellSignature
{
    private const int Shells = 16;

    private readonly double[] _means;

    private ShellSignature(double[] means) => _means = means;

    /// <summary>The signature of a crystal.</summary>
    /// <param name="crystal">The crystal.</param>
    public static ShellSignature Of(PreparedCrystal crystal)
    {
        ArgumentNullException.ThrowIfNull(crystal);
        // A sphere with about three times as many neighbours on the average as are needed: sparse regions find enough.
        int n = crystal.SiteCount;
        double unit = Math.Cbrt(crystal.Lattice.Volume / n), radius = unit * Math.Cbrt(3 * Shells * 3 / (4 * Math.PI));
        var (a, b, c) = (crystal.Lattice.A, crystal.Lattice.B, crystal.Lattice.C);
        var faces = crystal.Lattice.FaceDistances;
        int ia = (int)Math.Ceiling(radius / faces.X), ib = (int)Math.Ceiling(radius / faces.Y), ic = (int)Math.Ceiling(radius / faces.Z);
        var nearest = new double[Shells];
        var means = new double[Shells];
        double radius2 = radius * radius;
        for (int i = 0; i < n; i++)
        {
            Array.Fill(nearest, radius2);
            for (int j = 0; j < n; j++)
            {
                var wrapped = crystal.Lattice.ToCartesian(Kernels.ImageMetric.Wrap(crystal[j] - crystal[i]));
                for (int x = -ia; x <= ia; x++)
                {
                    for (int y = -ib; y <= ib; y++)
                    {
                        var plane = wrapped + (double)x * a + (double)y * b;
                        for (int z = -ic; z <= ic; z++)
                        {
                            double square = (plane + (double)z * c).LengthSquared;
                            if (square < nearest[^1] && square > 1e-12)
                            {
                                Insert(nearest, square);
                            }
                        }
                    }
                }
            }

            for (int k = 0; k < Shells; k++)
            {
                means[k] += Math.Sqrt(nearest[k]) / (n * unit);
            }
        }

        return new ShellSignature(means);
    }

    /// <summary>Largest difference over the shells; dimensionless.</summary>
    /// <param name="other">Signature of another crystal.</param>
    public double DistanceTo(ShellSignature other)
    {
        ArgumentNullException.ThrowIfNull(other);
        double largest = 0;
        for (int k = 0; k < Shells; k++)
        {
            largest = Math.Max(largest, Math.Abs(_means[k] - other._means[k]));
        }

        return largest;
    }

    /// <summary>False when a match is out of the question.</summary>
    /// <param name="other">Signature of another crystal.</param>
    /// <param name="options">Tolerances of the matcher.</param>
    public bool MayMatch(ShellSignature other, MatchOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return DistanceTo(other) <= options.SiteTolerance;
    }

    private static void Insert(double[] sorted, double value)
    {
        int at = sorted.Length - 1;
        for (; at > 0 && sorted[at - 1] > value; at--)
        {
            sorted[at] = sorted[at - 1];
        }

        sorted[at] = value;
    }
}

using Polymorph.Structures;

namespace Polymorph.Representations.Curves;

/// <summary>The reflections of a crystal within a sphere, one of each pair h, -h, with their structure factors.</summary>
internal sealed class Reflections
{
    private (int H, int K, int L)[] _indices = new (int, int, int)[256];
    private double[] _squaredLengths = new double[256];
    private double[] _squaredFactors = new double[256];

    /// <summary>Number of reflections.</summary>
    public int Count { get; private set; }

    /// <summary>Miller indices, [Count] and more.</summary>
    public (int H, int K, int L)[] Indices => _indices;

    /// <summary>Squared lengths of the reciprocal vectors, Å⁻², [Count] and more.</summary>
    public double[] SquaredLengths => _squaredLengths;

    /// <summary>|F|², [Count] and more.</summary>
    public double[] SquaredFactors => _squaredFactors;

    /// <summary>All reflections with reciprocal vectors no longer than a radius.</summary>
    /// <param name="crystal">The crystal.</param>
    /// <param name="cell">Its cell.</param>
    /// <param name="radius">Largest length, Å⁻¹.</param>
    public static Reflections Of(Structure crystal, Lattice cell, double radius)
    {
        var result = new Reflections();
        var phases = new PhaseTable(crystal, cell, radius);
        var (a, b, c) = cell.Reciprocal;
        double limit = radius * radius, cc = c.LengthSquared;
        for (int h = 0; h <= phases.Reach(0); h++)
        {
            // The range of k: what is left of h a* + k b* when its part along c* is taken away must fit into the sphere.
            foreach (int k in Range(Perpendicular(h * a, c), Perpendicular(b, c), limit))
            {
                if (h == 0 && k < 0)
                {
                    continue;
                }

                var origin = h * a + k * b;
                double middle = -origin.Dot(c) / cc, rest = limit - origin.LengthSquared + cc * middle * middle;
                if (rest < 0)
                {
                    continue;
                }

                double half = Math.Sqrt(rest / cc);
                int from = (int)Math.Ceiling(middle - half), to = (int)Math.Floor(middle + half);
                from = h == 0 && k == 0 ? 1 : from;
                if (from <= to)
                {
                    phases.Column(h, k, from, to);
                    result.Add(phases, origin, c, h, k, from, to);
                }
            }
        }

        return result;
    }

    private void Add(PhaseTable phases, Vector3D origin, Vector3D c, int h, int k, int from, int to)
    {
        for (int l = from; l <= to; l++)
        {
            if (Count == _indices.Length)
            {
                Array.Resize(ref _indices, 2 * Count);
                Array.Resize(ref _squaredLengths, 2 * Count);
                Array.Resize(ref _squaredFactors, 2 * Count);
            }

            double g2 = (origin + l * c).LengthSquared;
            _indices[Count] = (h, k, l);
            _squaredLengths[Count] = g2;
            _squaredFactors[Count++] = phases.SquaredFactor(l - from, g2 / 4);
        }
    }

    private static Vector3D Perpendicular(Vector3D v, Vector3D axis) => v - v.Dot(axis) / axis.LengthSquared * axis;

    /// <summary>The whole numbers k with |u + k v|² no larger than a limit.</summary>
    private static IEnumerable<int> Range(Vector3D u, Vector3D v, double limit)
    {
        double vv = v.LengthSquared, middle = -u.Dot(v) / vv, rest = limit - u.LengthSquared + vv * middle * middle;
        double half = Math.Sqrt(Math.Max(0, rest) / vv);
        for (int k = (int)Math.Ceiling(middle - half); k <= (int)Math.Floor(middle + half); k++)
        {
            yield return k;
        }
    }
}

using Polymorph.Structures;

namespace Polymorph.Representations.Fingerprints;

/// <summary>How much the directions to an atom's neighbours resemble a motif, 1 for the perfect one.</summary>
internal static class OrderParameters
{
    // Directions nearer to the pole have no azimuth.
    private const double OnAxis = 1e-12;

    /// <summary>The best resemblance over all choices of north pole and meridian.</summary>
    /// <param name="motif">The motif.</param>
    /// <param name="directions">Unit vectors, at least two; fewer give 0.</param>
    public static double Of(Motif motif, ReadOnlySpan<Vector3D> directions)
    {
        double best = 0;
        for (int north = 0; north < directions.Length; north++)
        {
            for (int second = 0; second < directions.Length; second++)
            {
                if (second == north)
                {
                    continue;
                }

                var (value, weight) = Sum(motif, directions, north, second);
                best = Math.Max(best, weight > 1e-12 ? value / weight : 0);
            }
        }

        return best;
    }

    /// <summary>1 minus the ratio of the two shortest distances; 1 for a single neighbour.</summary>
    /// <param name="lengths">Distances, Å.</param>
    public static double SingleBond(ReadOnlySpan<double> lengths)
    {
        double shortest = double.PositiveInfinity, second = double.PositiveInfinity;
        foreach (double length in lengths)
        {
            (shortest, second) = length < shortest ? (length, shortest) : (shortest, Math.Min(second, length));
        }

        return lengths.Length == 1 ? 1 : 1 - shortest / second;
    }

    /// <summary>Body-centred cubic: pairs opposite each other, and the rest in two rings of three.</summary>
    /// <param name="directions">Unit vectors.</param>
    /// <remarks>Peters 2009, eq. 4. The sum runs over ordered pairs, so that for distorted surroundings the order of neighbours matters: heaviest bond first.</remarks>
    public static double BodyCentredCubic(ReadOnlySpan<Vector3D> directions)
    {
        const double leastPole = 2.5261129449194057, poleSharpness = 15, poleWeight = 6;
        int count = directions.Length;
        double sum = 0, latitude = Math.Asin(1 / 3.0), largest = Math.Exp(-0.5);
        for (int north = 0; north < count; north++)
        {
            for (int second = north + 1; second < count; second++)
            {
                double meridian = Angle(directions[north], directions[second]);
                if (meridian >= leastPole)
                {
                    double deviation = poleSharpness * (meridian / Math.PI - 1);
                    sum += poleWeight * Math.Exp(-0.5 * deviation * deviation);
                    continue;
                }

                for (int other = 0; other < count; other++)
                {
                    if (other != north && other != second && Azimuth(directions, north, second, other) is { } azimuth)
                    {
                        double height = (Angle(directions[north], directions[other]) - Math.PI / 2) / latitude;
                        sum += (meridian > Math.PI / 2 ? 1 : -1) * Math.Cos(3 * azimuth) * height * Math.Exp(-0.5 * height * height) / largest;
                    }
                }
            }
        }

        return count > 3 ? sum / (0.5 * count * (6 + (count - 2) * (count - 3))) : 0;
    }

    /// <summary>Bond-orientational order q of degree 2, 4 or 6.</summary>
    /// <param name="degree">2, 4 or 6.</param>
    /// <param name="directions">Unit vectors, at least one.</param>
    /// <remarks>Steinhardt, Nelson, Ronchetti, Phys. Rev. B 28 (1983) 784, eq. 1.3, the sum over m done by the addition theorem: q² is the mean of P(cos γ) over all pairs.</remarks>
    public static double Steinhardt(int degree, ReadOnlySpan<Vector3D> directions)
    {
        double sum = 0;
        foreach (var u in directions)
        {
            foreach (var v in directions)
            {
                sum += Legendre(degree, u.Dot(v));
            }
        }

        return Math.Sqrt(Math.Max(0, sum)) / directions.Length;
    }

    private static double Legendre(int degree, double x)
    {
        double s = x * x;
        return degree switch
        {
            2 => (3 * s - 1) / 2,
            4 => ((35 * s - 30) * s + 3) / 8,
            6 => (((231 * s - 315) * s + 105) * s - 5) / 16,
            _ => throw new ArgumentOutOfRangeException(nameof(degree), degree, "expected 2, 4 or 6"),
        };
    }

    private static MotifTerm Sum(Motif motif, ReadOnlySpan<Vector3D> directions, int north, int second)
    {
        double meridian = Angle(directions[north], directions[second]);
        var (value, weight) = motif.Meridian(meridian);
        if (Across(directions[second], directions[north]).Length < OnAxis)
        {
            return new MotifTerm(value, weight);
        }

        for (int other = 0; other < directions.Length; other++)
        {
            if (other == north || other == second)
            {
                continue;
            }

            double polar = Angle(directions[north], directions[other]);
            var pole = motif.SouthPole(polar);
            var around = Azimuth(directions, north, second, other) is { } azimuth ? motif.Around(meridian, polar, azimuth) : MotifTerm.None;
            value += pole.Value + around.Value;
            weight += pole.Weight + around.Weight;
        }

        return new MotifTerm(value, weight);
    }

    private static double? Azimuth(ReadOnlySpan<Vector3D> directions, int north, int second, int other)
    {
        Vector3D u = Across(directions[second], directions[north]), v = Across(directions[other], directions[north]);
        double a = u.Length, b = v.Length;
        return a < OnAxis || b < OnAxis ? null : Math.Acos(Math.Clamp(u.Dot(v) / (a * b), -1, 1));
    }

    private static Vector3D Across(Vector3D v, Vector3D axis) => v - v.Dot(axis) * axis;

    private static double Angle(Vector3D u, Vector3D v) => Math.Acos(Math.Clamp(u.Dot(v), -1, 1));
}

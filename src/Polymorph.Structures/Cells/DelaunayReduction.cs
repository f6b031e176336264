namespace Polymorph.Structures.Cells;

/// <summary>Delaunay reduction by Selling's steps: four vectors of sum zero with no acute angle between any two.</summary>
/// <remarks>Source: Delaunay, Z. Kristallogr. 84 (1933) 109; Burzlaff and Zimmermann, Z. Kristallogr. 170 (1985) 247.</remarks>
internal static class DelaunayReduction
{
    // Each step lowers the sum of the four squared lengths; ties could go on by rounding alone.
    private const int MaxRounds = 10_000;

    /// <summary>Replaces a basis by the three shortest linearly independent vectors of its reduced superbase and their pairwise sums.</summary>
    /// <param name="v">[3] the basis, Å; overwritten, shortest first, right-handed.</param>
    public static void Reduce(Span<Vector3D> v)
    {
        Span<Vector3D> s = [v[0], v[1], v[2], -(v[0] + v[1] + v[2])];
        double threshold = 1e-12 * (s[0].LengthSquared + s[1].LengthSquared + s[2].LengthSquared + s[3].LengthSquared);
        for (int round = 0; round < MaxRounds && Step(s, threshold); round++)
        {
        }

        Span<Vector3D> candidates = [s[0], s[1], s[2], s[3], s[0] + s[1], s[1] + s[2], s[2] + s[0]];
        for (int i = 1; i < candidates.Length; i++)
        {
            for (int j = i; j > 0 && candidates[j].LengthSquared < candidates[j - 1].LengthSquared - threshold; j--)
            {
                (candidates[j], candidates[j - 1]) = (candidates[j - 1], candidates[j]);
            }
        }

        double volume = Math.Abs(v[0].Dot(v[1].Cross(v[2])));
        for (int i = 2; i < candidates.Length; i++)
        {
            double signed = candidates[0].Dot(candidates[1].Cross(candidates[i]));
            if (Math.Abs(Math.Abs(signed) - volume) < 0.5 * volume)
            {
                double sign = signed > 0 ? 1 : -1;
                (v[0], v[1], v[2]) = (sign * candidates[0], sign * candidates[1], sign * candidates[i]);
                return;
            }
        }
    }

    private static bool Step(Span<Vector3D> s, double threshold)
    {
        for (int i = 0; i < 4; i++)
        {
            for (int j = i + 1; j < 4; j++)
            {
                if (s[i].Dot(s[j]) > threshold)
                {
                    for (int k = 0; k < 4; k++)
                    {
                        if (k != i && k != j)
                        {
                            s[k] += s[i];
                        }
                    }

                    s[i] = -s[i];
                    return true;
                }
            }
        }

        return false;
    }
}

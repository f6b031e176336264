using Polymorph.Structures.Matching.Kernels;

namespace Polymorph.Structures.Matching;

/// <summary>Chooses one site of the rarest element by its distances to all others, so that the choice does not depend on the order of the sites.</summary>
internal static class AnchorChoice
{
    // Two sites with the same sum up to rounding are equivalent in all but contrived crystals, and then either will do.
    private const double Equal = 1e-9;

    private static readonly Vector3D Everywhere = new(1, 1, 1);

    /// <summary>The site; of equal ones the first.</summary>
    /// <param name="sites">Sites in a Minkowski-reduced cell (a Niggli cell is one).</param>
    public static int Of(ReducedSites sites)
    {
        var rarest = sites.Blocks[0];
        if (rarest.Count == 1)
        {
            return rarest.Start;
        }

        var metric = ImageMetric.Of(sites.Lattice.A, sites.Lattice.B, sites.Lattice.C);
        int count = sites.Count;
        Span<double> squares = count <= 256 ? stackalloc double[256 + MinimumImages.Padding] : new double[count + MinimumImages.Padding];
        double best = double.PositiveInfinity;
        int chosen = rarest.Start;
        for (int i = rarest.Start; i < rarest.End; i++)
        {
            MinimumImages.Simd(metric, Everywhere, false, sites.X, sites.Y, sites.Z, sites[i], count, squares);
            double sum = 0;
            foreach (var block in sites.Blocks)
            {
                double part = 0;
                foreach (double square in squares[block.Start..block.End])
                {
                    part += Math.Sqrt(square);
                }

                sum += block.Element.Number * part;
            }

            if (sum < best * (1 - Equal))
            {
                (best, chosen) = (sum, i);
            }
        }

        return chosen;
    }
}

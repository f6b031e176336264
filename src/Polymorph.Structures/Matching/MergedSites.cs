using Polymorph.Structures.Cells;
using Polymorph.Structures.Matching.Kernels;

namespace Polymorph.Structures.Matching;

/// <summary>Puts the sites of a cell into a smaller one and merges those that coincide there.</summary>
internal static class MergedSites
{
    /// <summary>Tries one smaller cell. The sites change only on success.</summary>
    /// <param name="sites">Sites of the larger cell.</param>
    /// <param name="form">The larger cell's vectors as combinations of the smaller one's.</param>
    /// <param name="size">How many times smaller.</param>
    /// <param name="budget">Steps allowed.</param>
    /// <returns>False when some group of sites has not exactly this many members, each near every other.</returns>
    public static bool TryMerge(ReducedSites sites, IntegerMatrix form, int size, ref WorkBudget budget)
    {
        double scale = 1.0 / size;
        var adjugate = form.Adjugate;
        var (a, b, c) = adjugate.Apply(sites.Lattice.A, sites.Lattice.B, sites.Lattice.C);
        var (smallA, smallB, smallC) = (scale * a, scale * b, scale * c);
        var old = sites.Lattice.Lengths;
        var apart = new Vector3D(2 * PrimitiveSearch.Tolerance / old.X, 2 * PrimitiveSearch.Tolerance / old.Y, 2 * PrimitiveSearch.Tolerance / old.Z);
        var box = new Vector3D(PrimitiveSearch.Tolerance / smallA.Length, PrimitiveSearch.Tolerance / smallB.Length, PrimitiveSearch.Tolerance / smallC.Length);
        int n = sites.Count;
        var moved = new Vector3D[n];
        for (int i = 0; i < n; i++)
        {
            moved[i] = form.LeftMultiply(sites[i]);
        }

        var group = new int[n];
        Array.Fill(group, -1);
        var members = new int[size];
        foreach (var block in sites.Blocks)
        {
            for (int i = block.Start; i < block.End; i++)
            {
                if (!budget.Take(block.Count))
                {
                    return false;
                }

                int found = 0;
                for (int j = block.Start; j < block.End; j++)
                {
                    if (i == j || Coincide(i, j))
                    {
                        if (found == size)
                        {
                            return false;
                        }

                        members[found++] = j;
                    }
                }

                // Every member must have the same group: then all are near one another.
                if (found != size || !SameGroup(members, group, i))
                {
                    return false;
                }
            }
        }

        Apply(sites, new Lattice(smallA, smallB, smallC), moved, group, size);
        return true;

        bool Coincide(int i, int j)
        {
            var near = ImageMetric.Wrap(moved[i] - moved[j]);
            if (!(Math.Abs(near.X) < box.X && Math.Abs(near.Y) < box.Y && Math.Abs(near.Z) < box.Z))
            {
                return false;
            }

            var before = ImageMetric.Wrap(sites[i] - sites[j]);
            return Math.Abs(before.X) > apart.X || Math.Abs(before.Y) > apart.Y || Math.Abs(before.Z) > apart.Z;
        }
    }

    private static bool SameGroup(int[] members, int[] group, int site)
    {
        if (group[site] < 0)
        {
            foreach (int j in members)
            {
                if (group[j] >= 0)
                {
                    return false;
                }

                group[j] = members[0];
            }

            return true;
        }

        foreach (int j in members)
        {
            if (group[j] != group[site])
            {
                return false;
            }
        }

        return true;
    }

    private static void Apply(ReducedSites sites, Lattice lattice, Vector3D[] moved, int[] group, int size)
    {
        int n = moved.Length, kept = n / size;
        var target = new int[n];
        var mean = new Vector3D[kept];
        var members = new int[kept];
        int filled = 0;
        for (int i = 0; i < n; i++)
        {
            int leader = group[i];
            target[i] = leader == i ? filled++ : target[leader];
            int k = target[i];
            mean[k] += 1.0 / ++members[k] * ImageMetric.Wrap(moved[i] - mean[k]);
            if (members[k] == 1)
            {
                mean[k] = moved[i];
            }
        }

        sites.Lattice = lattice;
        sites.Blocks = [.. sites.Blocks.Select(b => b with { Start = b.Start / size, Count = b.Count / size })];
        (sites.X, sites.Y, sites.Z) = (new double[kept + MinimumImages.Padding], new double[kept + MinimumImages.Padding], new double[kept + MinimumImages.Padding]);
        for (int k = 0; k < kept; k++)
        {
            sites.Set(k, mean[k]);
        }

        for (int i = 0; i < sites.SiteOf.Length; i++)
        {
            sites.SiteOf[i] = target[sites.SiteOf[i]];
        }
    }
}

using Polymorph.Structures.Cells;
using Polymorph.Structures.Matching.Kernels;

namespace Polymorph.Structures.Matching;

/// <summary>Finds a smaller cell of a crystal whose atoms repeat only approximately: the loose search of a structure matcher, not that of crystallography.</summary>
/// <remarks>Follows the search of pymatgen's <c>get_primitive_structure</c> (Ong et al., Comput. Mater. Sci. 68 (2013) 314) as described in docs/methods/matching.md,
/// but from the Niggli cell, axes and reference site that the crystal itself chooses: the answer does not depend on its description.</remarks>
internal static class PrimitiveSearch
{
    /// <summary>How far a site may be from its copy along each axis, Å.</summary>
    public const double Tolerance = 0.25;

    /// <summary>Reduces until no smaller cell is found.</summary>
    /// <param name="sites">Sites in their Niggli cell; replaced by those of the smaller one, not reduced.</param>
    /// <param name="budget">Steps allowed.</param>
    /// <returns>True when a smaller cell was found.</returns>
    public static bool Run(ReducedSites sites, ref WorkBudget budget)
    {
        bool any = false;
        int reference = -1;
        while (CommonDivisor(sites.Blocks) is > 1 and var divisor)
        {
            // The first site of the merged ones stays first: only the cell of the input asks for a choice.
            reference = reference < 0 ? AnchorChoice.Of(sites) : sites.Blocks[0].Start;
            var translations = Translations(sites, reference, ref budget);
            if (budget.IsSpent || translations.Count == 1 || !Reduce(sites, translations, divisor, ref budget))
            {
                return any;
            }

            any = true;
        }

        return any;
    }

    /// <summary>Vectors from the reference site to sites like it that take every site near a like one; the zero vector is the first.</summary>
    private static List<Vector3D> Translations(ReducedSites sites, int reference, ref WorkBudget budget)
    {
        var lengths = sites.Lattice.Lengths;
        var box = new Vector3D(2 * Tolerance / lengths.X, 2 * Tolerance / lengths.Y, 2 * Tolerance / lengths.Z);
        var found = new List<Vector3D> { default };
        var rarest = sites.Blocks[0];
        for (int i = rarest.Start; i < rarest.End; i++)
        {
            var shift = sites[i] - sites[reference];
            if (i != reference && MapsAll(sites, shift, box, ref budget))
            {
                found.Add(shift);
            }
        }

        return found;
    }

    private static bool MapsAll(ReducedSites sites, Vector3D shift, Vector3D box, ref WorkBudget budget)
    {
        foreach (var block in sites.Blocks)
        {
            for (int i = block.Start; i < block.End; i++)
            {
                if (!budget.Take(block.Count) || !HasNear(sites, block, sites[i] + shift, box))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private static bool HasNear(ReducedSites sites, SpeciesBlock block, Vector3D f, Vector3D box)
    {
        for (int i = block.Start; i < block.End; i++)
        {
            if (Inside(sites[i] - f, box))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Reduce(ReducedSites sites, List<Vector3D> translations, int divisor, ref WorkBudget budget)
    {
        var lengths = sites.Lattice.Lengths;
        var box = new Vector3D(Tolerance / lengths.X, Tolerance / lengths.Y, Tolerance / lengths.Z);
        for (int size = 2; size <= divisor; size++)
        {
            if (divisor % size != 0)
            {
                continue;
            }

            foreach (var form in HermiteForms.OfDeterminant(size))
            {
                if (!budget.Take(3 * translations.Count))
                {
                    return false;
                }

                if (RowsAreTranslations(form, translations, box) && MergedSites.TryMerge(sites, form, size, ref budget))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static bool RowsAreTranslations(IntegerMatrix form, List<Vector3D> translations, Vector3D box)
    {
        var adjugate = form.Adjugate;
        double scale = 1.0 / form.Determinant;
        return IsTranslation(adjugate.C) && IsTranslation(adjugate.B) && IsTranslation(adjugate.A);

        bool IsTranslation((int X, int Y, int Z) row)
        {
            var f = scale * new Vector3D(row.X, row.Y, row.Z);
            foreach (var t in translations)
            {
                if (Inside(f - t, box))
                {
                    return true;
                }
            }

            return false;
        }
    }

    private static bool Inside(Vector3D difference, Vector3D box)
    {
        var w = ImageMetric.Wrap(difference);
        return Math.Abs(w.X) < box.X && Math.Abs(w.Y) < box.Y && Math.Abs(w.Z) < box.Z;
    }

    private static int CommonDivisor(SpeciesBlock[] blocks)
    {
        int divisor = 0;
        foreach (var block in blocks)
        {
            divisor = (int)System.Numerics.BigInteger.GreatestCommonDivisor(divisor, block.Count);
        }

        return divisor;
    }
}

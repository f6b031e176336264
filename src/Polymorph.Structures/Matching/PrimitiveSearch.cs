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

    // Sites of each element on which a translation is tried at first; the others follow when a cell needs it. A large perfect supercell has thousands of translations.
    private const int Sample = 64;

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
    private static List<Translation> Translations(ReducedSites sites, int reference, ref WorkBudget budget)
    {
        var box = MappingBox(sites);
        var found = new List<Translation> { new() { IsTested = true } };
        var rarest = sites.Blocks[0];
        for (int i = rarest.Start; i < rarest.End; i++)
        {
            var shift = sites[i] - sites[reference];
            if (i != reference && Maps(sites, shift, box, Sample, ref budget))
            {
                found.Add(new Translation { Shift = shift, IsTested = sites.Count <= Sample });
            }
        }

        return found;
    }

    private static Vector3D MappingBox(ReducedSites sites)
    {
        var lengths = sites.Lattice.Lengths;
        return new(2 * Tolerance / lengths.X, 2 * Tolerance / lengths.Y, 2 * Tolerance / lengths.Z);
    }

    /// <summary>Whether each of the first sites of every element, so many of them, is taken near a like one.</summary>
    private static bool Maps(ReducedSites sites, Vector3D shift, Vector3D box, int most, ref WorkBudget budget)
    {
        foreach (var block in sites.Blocks)
        {
            int end = Math.Min(block.End, block.Start + most);
            for (int i = block.Start; i < end; i++)
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

    private static bool Reduce(ReducedSites sites, List<Translation> translations, int divisor, ref WorkBudget budget)
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

                if (RowsAreTranslations(sites, form, translations, box, ref budget) && MergedSites.TryMerge(sites, form, size, ref budget))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static bool RowsAreTranslations(ReducedSites sites, IntegerMatrix form, List<Translation> translations, Vector3D box, ref WorkBudget budget)
    {
        var adjugate = form.Adjugate;
        return IsTranslation(sites, adjugate.C, form, translations, box, ref budget)
            && IsTranslation(sites, adjugate.B, form, translations, box, ref budget)
            && IsTranslation(sites, adjugate.A, form, translations, box, ref budget);
    }

    private static bool IsTranslation(ReducedSites sites, (int X, int Y, int Z) row, IntegerMatrix form, List<Translation> translations, Vector3D box, ref WorkBudget budget)
    {
        var f = 1.0 / form.Determinant * new Vector3D(row.X, row.Y, row.Z);
        foreach (var t in translations)
        {
            if (t.IsRefuted || !Inside(f - t.Shift, box))
            {
                continue;
            }

            if (!t.IsTested)
            {
                (t.IsTested, t.IsRefuted) = (true, !Maps(sites, t.Shift, MappingBox(sites), sites.Count, ref budget));
            }

            if (!t.IsRefuted)
            {
                return true;
            }
        }

        return false;
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

    private sealed class Translation
    {
        public Vector3D Shift { get; init; }

        public bool IsTested { get; set; }

        public bool IsRefuted { get; set; }
    }
}

using System.Collections.Immutable;
using Polymorph.Structures;

namespace Polymorph.Representations.CrystalImages;

/// <summary>How doubled cells get into a training set.</summary>
public enum DoublingRule
{
    /// <summary>Every atom keeps its element.</summary>
    Corrected,

    /// <summary>As the published training set has them: elements are dealt out by place in the unsorted list, so that atoms of one element sit on sites of another.</summary>
    AsPublished,

    /// <summary>None.</summary>
    None,
}

/// <summary>Cells doubled along one axis, for compositions whose doubled counts fit the caps.</summary>
/// <remarks>Source: published code (see <see cref="CrystalImageLayout"/>), whose supercells have elements on wrong sites.</remarks>
public static class DoubledCell
{
    /// <summary>Whether the doubled cell fits the caps.</summary>
    /// <param name="counts">Atoms of each element.</param>
    /// <param name="layout">The layout.</param>
    public static bool Fits(ReadOnlySpan<int> counts, CrystalImageLayout layout)
    {
        ArgumentNullException.ThrowIfNull(layout);
        for (int block = 0; block < counts.Length; block++)
        {
            if (2 * counts[block] > layout.Blocks[block].Cap)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The cell doubled along an axis, atoms in the order of the blocks, those of the first cell before those of the second.</summary>
    /// <param name="structure">A crystal whose elements all have caps.</param>
    /// <param name="layout">The layout.</param>
    /// <param name="axis">0 to 2.</param>
    /// <param name="rule">Corrected or as published.</param>
    public static Structure Of(Structure structure, CrystalImageLayout layout, int axis, DoublingRule rule)
    {
        ArgumentNullException.ThrowIfNull(structure);
        ArgumentNullException.ThrowIfNull(layout);
        int[] order = [.. Enumerable.Range(0, structure.AtomCount).OrderBy(i => layout.BlockOf(structure.Species[i]))];
        var sorted = new Structure([.. order.Select(i => structure.Species[i])], [.. order.Select(i => structure.Positions[i])], structure.Lattice, structure.Periodicity, structure.Id, structure.Properties);
        var doubled = sorted.Repeat(axis == 0 ? 2 : 1, axis == 1 ? 2 : 1, axis == 2 ? 2 : 1);
        ImmutableArray<Element> species = rule == DoublingRule.AsPublished
            ? [.. doubled.Species.OrderBy(layout.BlockOf)]
            : doubled.Species;
        return new Structure(species, doubled.Positions, doubled.Lattice, doubled.Periodicity, doubled.Id, doubled.Properties);
    }
}

using System.Collections.Immutable;

namespace Polymorph.Models.CrystalGan;

/// <summary>What the networks need to know of a crystal image: the largest number of atoms of each element.</summary>
/// <remarks>An image is [rows × 3]: two rows for the cell, then the elements' blocks. Source: <c>docs/methods/crystal-gan.md</c>.</remarks>
public sealed class CrystalGanShape
{
    /// <summary>A shape.</summary>
    /// <param name="caps">Rows of each element's block, each at least 1.</param>
    public CrystalGanShape(ImmutableArray<int> caps)
    {
        if (caps.IsDefaultOrEmpty || caps.Any(c => c is < 1 or > 1000) || caps.Length > 100)
        {
            throw new ArgumentException("expected 1 to 100 elements with 1 to 1000 rows each", nameof(caps));
        }

        (Caps, Atoms) = (caps, caps.Sum());
        FirstRows = [.. caps.Select((_, e) => 2 + caps.Take(e).Sum())];
    }

    /// <summary>Rows of each element's block.</summary>
    public ImmutableArray<int> Caps { get; }

    /// <summary>First image row of each element's block.</summary>
    public ImmutableArray<int> FirstRows { get; }

    /// <summary>Rows for atoms: the sum of the caps.</summary>
    public int Atoms { get; }

    /// <summary>Rows of an image: two more for the cell.</summary>
    public int Rows => Atoms + 2;

    /// <summary>Numbers of an image.</summary>
    public int ImageLength => 3 * Rows;

    /// <summary>Numbers of a condition: the share of atoms and a one-hot count per element.</summary>
    public int ConditionLength => Atoms + 1;

    /// <summary>Means the critic takes: two cell rows and one per element.</summary>
    public int Slots => 2 + Caps.Length;
}

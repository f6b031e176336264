using Polymorph.Foundation;

namespace Polymorph.Structures.Matching;

/// <summary>A crystal in the form in which it is compared: primitive cell if so wanted, Niggli-reduced, sites sorted by element. Made once, compared often.</summary>
public sealed class PreparedCrystal
{
    // Beyond it the tables of the choice of axes alone would take gigabytes.
    private const int MostAtoms = 100_000;

    private PreparedCrystal(Structure source, ReducedSites sites, bool isComplete)
    {
        (Source, Lattice, Blocks, X, Y, Z, SiteOf, IsComplete) = (source, sites.Lattice, sites.Blocks, sites.X, sites.Y, sites.Z, sites.SiteOf, isComplete);
        Anchor = isComplete ? AnchorChoice.Of(sites) : sites.Blocks[0].Start;
        Shape = CellShape.Of(Lattice.A, Lattice.B, Lattice.C);
        double a = Shape.Lengths.X, b = Shape.Lengths.Y, c = Shape.Lengths.Z;
        (a, b) = (Math.Min(a, b), Math.Max(a, b));
        (b, c) = (Math.Min(b, c), Math.Max(b, c));
        Minima = new(Math.Min(a, b), Math.Max(a, b), c);
    }

    /// <summary>The structure it was made of.</summary>
    public Structure Source { get; }

    /// <summary>The reduced cell, in the orientation of the source.</summary>
    public Lattice Lattice { get; }

    /// <summary>Number of sites in the reduced cell.</summary>
    public int SiteCount => Blocks[^1].End;

    /// <summary>False when the search for a smaller cell was given up for want of time: comparisons are then undecided.</summary>
    public bool IsComplete { get; }

    internal SpeciesBlock[] Blocks { get; }

    internal double[] X { get; }

    internal double[] Y { get; }

    internal double[] Z { get; }

    /// <summary>Site of each atom of the source.</summary>
    internal int[] SiteOf { get; }

    /// <summary>The site put on those of the other crystal.</summary>
    internal int Anchor { get; }

    internal CellShape Shape { get; }

    /// <summary>The lattice's successive minima, Å: lengths of its shortest linearly independent vectors, ascending.</summary>
    internal Vector3D Minima { get; }

    internal Vector3D this[int site] => new(X[site], Y[site], Z[site]);

    /// <summary>Reduces a crystal.</summary>
    /// <param name="structure">A structure that repeats along all three axes.</param>
    /// <param name="options">Whether primitive cells are compared, and how long the search for one may take.</param>
    /// <exception cref="PolymorphException">PM2310: the structure does not repeat along all three axes.</exception>
    public static PreparedCrystal Of(Structure structure, MatchOptions options)
    {
        ArgumentNullException.ThrowIfNull(structure);
        ArgumentNullException.ThrowIfNull(options);
        if (structure.Periodicity != Periodicity.Full)
        {
            throw new PolymorphException("PM2310", "only crystals that repeat along all three axes can be matched", structure.Id.Length > 0 ? structure.Id : null,
                "Give a lattice and pbc=\"T T T\"; molecules are compared by `compare`.");
        }

        var sites = new ReducedSites(structure);
        var budget = new WorkBudget(options.WorkLimit);
        if (!budget.Take(10L * sites.Count * sites.Blocks[0].Count) || structure.AtomCount > MostAtoms)
        {
            return new PreparedCrystal(structure, sites, isComplete: false);
        }

        sites.ToNiggli();
        if (options.PrimitiveCell && PrimitiveSearch.Run(sites, ref budget))
        {
            sites.ToNiggli();
        }

        return new PreparedCrystal(structure, sites, !budget.IsSpent);
    }

    /// <summary>True when both have the same elements in the same proportions.</summary>
    /// <param name="other">The other crystal.</param>
    public bool HasProportionsOf(PreparedCrystal other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (Blocks.Length != other.Blocks.Length)
        {
            return false;
        }

        for (int k = 0; k < Blocks.Length; k++)
        {
            // Sorted by count and symbol, equal proportions stand in equal order.
            if (Blocks[k].Element != other.Blocks[k].Element || (long)Blocks[k].Count * other.SiteCount != (long)other.Blocks[k].Count * SiteCount)
            {
                return false;
            }
        }

        return true;
    }
}

using Polymorph.Structures.Cells;
using Polymorph.Structures.Matching.Kernels;

namespace Polymorph.Structures.Matching;

/// <summary>The sites of a crystal while its cell is reduced: a basis, fractional coordinates sorted by element, and which site of the input became which.</summary>
internal sealed class ReducedSites
{
    /// <summary>The input cell.</summary>
    /// <param name="structure">A crystal that repeats along all axes.</param>
    public ReducedSites(Structure structure)
    {
        Lattice = structure.Lattice!;
        int n = structure.AtomCount;
        SiteOf = new int[n];
        Blocks = SortByElement(structure, SiteOf);
        (X, Y, Z) = (new double[n + MinimumImages.Padding], new double[n + MinimumImages.Padding], new double[n + MinimumImages.Padding]);
        for (int i = 0; i < n; i++)
        {
            Set(SiteOf[i], Lattice.ToFractional(structure.Positions[i]));
        }
    }

    /// <summary>The present cell.</summary>
    public Lattice Lattice { get; set; }

    /// <summary>Elements, the rarest first, equally frequent ones by symbol.</summary>
    public SpeciesBlock[] Blocks { get; set; }

    /// <summary>Fractional coordinates along a, [sites + padding], in [0, 1).</summary>
    public double[] X { get; set; }

    /// <summary>As <see cref="X"/> along b.</summary>
    public double[] Y { get; set; }

    /// <summary>As <see cref="X"/> along c.</summary>
    public double[] Z { get; set; }

    /// <summary>For each atom of the input its site, [atoms].</summary>
    public int[] SiteOf { get; }

    /// <summary>Number of sites.</summary>
    public int Count => Blocks[^1].End;

    /// <summary>Fractional coordinates of a site.</summary>
    public Vector3D this[int site] => new(X[site], Y[site], Z[site]);

    /// <summary>Stores fractional coordinates, wrapped.</summary>
    public void Set(int site, Vector3D f) => (X[site], Y[site], Z[site]) = (f.X - Math.Floor(f.X), f.Y - Math.Floor(f.Y), f.Z - Math.Floor(f.Z));

    /// <summary>Changes to the Niggli cell; where several bases satisfy Niggli's conditions, to the one that the atoms choose.</summary>
    public void ToNiggli()
    {
        Span<Vector3D> v = [Lattice.A, Lattice.B, Lattice.C];
        Span<(long A, long B, long C)> coefficients = stackalloc (long, long, long)[3];
        LatticeReduction.Minkowski(v, coefficients);
        Span<IntegerMatrix> bases = stackalloc IntegerMatrix[NiggliCell.MaxBases];
        int count = NiggliCell.List(v, bases);
        var (a, b, c) = bases[0].Apply(v[0], v[1], v[2]);
        ChangeTo(new Lattice(a, b, c));
        if (count == 1 || Count == 1)
        {
            return;
        }

        // The other bases as combinations of the first one: all determinants have one sign, so the quotient is whole.
        var inverse = bases[0].Adjugate;
        int sign = (int)bases[0].Determinant;
        for (int k = 0; k < count; k++)
        {
            bases[k] = new(Row(bases[k].A), Row(bases[k].B), Row(bases[k].C));
        }

        var chosen = bases[AxisChoice.Of(this, bases[..count])];
        if (chosen != IntegerMatrix.Identity)
        {
            (a, b, c) = chosen.Apply(a, b, c);
            ChangeTo(new Lattice(a, b, c));
        }

        (int, int, int) Row((int X, int Y, int Z) r)
        {
            var f = inverse.LeftMultiply(new Vector3D(r.X, r.Y, r.Z));
            return ((int)f.X * sign, (int)f.Y * sign, (int)f.Z * sign);
        }
    }

    private void ChangeTo(Lattice lattice)
    {
        var old = Lattice;
        Lattice = lattice;
        for (int i = 0; i < Count; i++)
        {
            Set(i, lattice.ToFractional(old.ToCartesian(this[i])));
        }
    }

    private static SpeciesBlock[] SortByElement(Structure structure, int[] siteOf)
    {
        Span<int> counts = stackalloc int[Element.Count + 1];
        counts.Clear();
        int distinct = 0;
        foreach (var element in structure.Species)
        {
            distinct += counts[element.Number]++ == 0 ? 1 : 0;
        }

        var blocks = new SpeciesBlock[distinct];
        int filled = 0;
        for (int z = 1; z < counts.Length; z++)
        {
            if (counts[z] > 0)
            {
                var block = new SpeciesBlock(new Element(z), 0, counts[z]);
                int at = filled++;
                for (; at > 0 && Before(block, blocks[at - 1]); at--)
                {
                    blocks[at] = blocks[at - 1];
                }

                blocks[at] = block;
            }
        }

        Span<int> next = counts;
        int start = 0;
        for (int k = 0; k < distinct; k++)
        {
            blocks[k] = blocks[k] with { Start = start };
            next[blocks[k].Element.Number] = start;
            start += blocks[k].Count;
        }

        for (int i = 0; i < siteOf.Length; i++)
        {
            siteOf[i] = next[structure.Species[i].Number]++;
        }

        return blocks;
    }

    private static bool Before(SpeciesBlock a, SpeciesBlock b) =>
        a.Count != b.Count ? a.Count < b.Count : string.CompareOrdinal(a.Element.Symbol, b.Element.Symbol) < 0;
}

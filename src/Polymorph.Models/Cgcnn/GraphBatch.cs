using Polymorph.Learning.Layers;
using Polymorph.Representations.CrystalGraphs;

namespace Polymorph.Models.Cgcnn;

/// <summary>Some crystal graphs one behind the other, so that a pass sees one large graph.</summary>
/// <param name="options">How distances are expanded.</param>
internal sealed class GraphBatch(CrystalGraphOptions options)
{
    /// <summary>Centres of the expansion that count at a distance: the others are below 2e-9.</summary>
    public const int Window = CrystalGraphOptions.FewestCentres;

    // exp(−k²).
    private static readonly double[] Decays = [.. Enumerable.Range(0, Window / 2 + 1).Select(k => Math.Exp(-k * k))];

    private RowGroups _groups = new(1);

    /// <summary>How distances are expanded.</summary>
    public CrystalGraphOptions Options => options;

    /// <summary>Crystals.</summary>
    public int Crystals { get; private set; }

    /// <summary>Atoms of all crystals.</summary>
    public int Atoms { get; private set; }

    /// <summary>Edges of all atoms.</summary>
    public int Edges { get; private set; }

    /// <summary>Atomic number less one, [atoms].</summary>
    public int[] Elements { get; private set; } = [];

    /// <summary>First edge of each atom, and the number of edges, [atoms + 1].</summary>
    public int[] RowStarts { get; private set; } = [0];

    /// <summary>Atom at the other end, [edges].</summary>
    public int[] Neighbours { get; private set; } = [];

    /// <summary>Length, [edges], Å.</summary>
    public double[] Distances { get; private set; } = [];

    /// <summary>First centre of the window of each edge, [edges].</summary>
    public int[] FirstCentres { get; private set; } = [];

    /// <summary>Edge features within the window, [edges × window].</summary>
    public float[] Basis { get; private set; } = [];

    /// <summary>Edge features given in place of distances, [edges][features]; null for those of the distances.</summary>
    public double[][]? GivenFeatures { get; private set; }

    /// <summary>The atoms of each crystal, for means.</summary>
    public RowGroups Groups => _groups;

    /// <summary>Takes other graphs.</summary>
    /// <param name="graphs">The graphs.</param>
    public void Fill(IReadOnlyList<CrystalGraph> graphs)
    {
        Resize(graphs.Count, graphs.Sum(g => g.Species.Length), graphs.Sum(g => g.Neighbours.Length));
        int atom = 0, edge = 0;
        for (int c = 0; c < graphs.Count; c++)
        {
            var graph = graphs[c];
            Group(c, atom, graph.Species.Length);
            for (int e = 0; e < graph.Neighbours.Length; e++)
            {
                Neighbours[edge + e] = atom + graph.Neighbours[e];
                Distances[edge + e] = graph.Distances[e];
                SetWindow(edge + e);
            }

            for (int i = 0; i < graph.Species.Length; i++)
            {
                Elements[atom + i] = graph.Species[i].Number - 1;
                RowStarts[atom + i + 1] = edge + graph.RowStarts[i + 1];
            }

            (atom, edge) = (atom + graph.Species.Length, edge + graph.Neighbours.Length);
        }

        GivenFeatures = null;
    }

    /// <summary>Edge features in place of those of the distances; for the kernels in double precision.</summary>
    /// <param name="features">[edges][features].</param>
    public void Give(double[][] features) => GivenFeatures = features;

    private void Resize(int crystals, int atoms, int edges)
    {
        (Crystals, Atoms, Edges) = (crystals, atoms, edges);
        if (_groups.Start.Length < crystals)
        {
            _groups = new RowGroups(crystals);
        }

        (_groups.Count, _groups.Rows) = (crystals, atoms);
        if (Elements.Length < atoms)
        {
            (Elements, RowStarts) = (new int[atoms], new int[atoms + 1]);
        }

        if (Neighbours.Length < edges)
        {
            (Neighbours, Distances, FirstCentres, Basis) = (new int[edges], new double[edges], new int[edges], new float[edges * Window]);
        }
    }

    private void Group(int crystal, int first, int atoms) =>
        (_groups.Start[crystal], _groups.Length[crystal], _groups.Weight[crystal]) = (first, atoms, 1.0 / atoms);

    private void SetWindow(int edge)
    {
        int first = Math.Clamp((int)Math.Round(Distances[edge] / options.Step) - Window / 2, 0, options.Centres - Window);
        FirstCentres[edge] = first;

        // With t from the middle of the window, exp(−(t − k)²) = exp(−t²) · exp(2t)^k · exp(−k²): two exponentials instead of nine.
        double t = Distances[edge] / options.Step - (first + Window / 2), up = Math.Exp(-t * t), down = up, ratio = Math.Exp(2 * t);
        var basis = Basis.AsSpan(edge * Window, Window);
        basis[Window / 2] = (float)up;
        for (int k = 1; k <= Window / 2; k++)
        {
            (up, down) = (up * ratio, down / ratio);
            basis[Window / 2 + k] = (float)(up * Decays[k]);
            basis[Window / 2 - k] = (float)(down * Decays[k]);
        }
    }
}

using System.Runtime.Intrinsics;
using Polymorph.Energies.TensorNet;
using Polymorph.Structures;

namespace Polymorph.Energies.Kernels.TensorNet;

/// <summary>What an edge from an atom to a neighbour adds to the embedding: radial factors h = φ (g_0, g_1, g_2, 1), their slopes, the unit vector to the neighbour.</summary>
internal struct EdgeGeometry
{
    public Vector128<float> H, Slope;
    public float X, Y, Z, Distance;
}

/// <summary>The directed edges of a crystal in scratch memory.</summary>
internal unsafe ref struct EdgeList
{
    /// <summary>Edges of all atoms.</summary>
    public int Count;

    /// <summary>[edges].</summary>
    public EdgeGeometry* Geometry;

    /// <summary>First edge of each atom, [atoms + 1].</summary>
    public int* Start;

    /// <summary>[edges].</summary>
    public int* Neighbour;

    /// <summary>[edges].</summary>
    public int* Place;

    /// <summary>[edges].</summary>
    public float* T;

    /// <summary>Bytes that <see cref="Fill"/> takes from the arena.</summary>
    public static long Bytes(int atoms, int edges) => 4L * (atoms + 1) + edges * (12L + sizeof(EdgeGeometry));

    /// <summary>Copies a neighbour list.</summary>
    public static EdgeList Fill(FeatureArena arena, NeighborList neighbours, RadialFunctions radial, RadialTable table)
    {
        int atoms = neighbours.AtomCount, count = neighbours.PairCount;
        EdgeList list = default;
        list.Count = count;
        list.Start = arena.Take<int>(atoms + 1);
        list.Geometry = arena.Take<EdgeGeometry>(count);
        list.Neighbour = arena.Take<int>(count);
        list.Place = arena.Take<int>(count);
        list.T = arena.Take<float>(count);
        Span<double> g = stackalloc double[RadialFunctions.Count], slope = stackalloc double[RadialFunctions.Count];
        int e = 0;
        for (int i = 0; i < atoms; i++)
        {
            list.Start[i] = e;
            foreach (var n in neighbours.Of(i))
            {
                list.Neighbour[e] = n.Index;
                (list.Place[e], list.T[e]) = table.Locate(n.Distance);
                radial.Evaluate(n.Distance, g, slope);
                var (envelope, envelopeSlope) = radial.Envelope(n.Distance);
                ref var edge = ref list.Geometry[e];
                edge.H = Vector128.Create((float)(g[0] * envelope), (float)(g[1] * envelope), (float)(g[2] * envelope), (float)envelope);
                edge.Slope = Vector128.Create(
                    (float)(slope[0] * envelope + g[0] * envelopeSlope), (float)(slope[1] * envelope + g[1] * envelopeSlope),
                    (float)(slope[2] * envelope + g[2] * envelopeSlope), (float)envelopeSlope);
                var u = 1 / n.Distance * n.Offset;
                (edge.X, edge.Y, edge.Z, edge.Distance) = ((float)u.X, (float)u.Y, (float)u.Z, (float)n.Distance);
                e++;
            }
        }

        list.Start[atoms] = e;
        return list;
    }
}

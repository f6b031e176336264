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

/// <summary>The directed edges of a crystal in scratch memory: those of one atom after the other.</summary>
internal readonly unsafe struct EdgeList
{
    /// <summary>Copies a neighbour list.</summary>
    public EdgeList(FeatureArena arena, NeighborList neighbours, RadialFunctions radial, RadialTable table)
    {
        int atoms = neighbours.AtomCount;
        Count = neighbours.PairCount;
        Start = arena.Take<int>(atoms + 1);
        Geometry = arena.Take<EdgeGeometry>(Count);
        Neighbour = arena.Take<int>(Count);
        Place = arena.Take<int>(Count);
        T = arena.Take<float>(Count);
        Span<double> g = stackalloc double[RadialFunctions.Count], slope = stackalloc double[RadialFunctions.Count];
        int e = 0;
        for (int i = 0; i < atoms; i++)
        {
            Start[i] = e;
            foreach (var n in neighbours.Of(i))
            {
                Neighbour[e] = n.Index;
                (Place[e], T[e]) = table.Locate(n.Distance);
                radial.Evaluate(n.Distance, g, slope);
                var (envelope, envelopeSlope) = radial.Envelope(n.Distance);
                ref var edge = ref Geometry[e];
                edge.H = Vector128.Create((float)(g[0] * envelope), (float)(g[1] * envelope), (float)(g[2] * envelope), (float)envelope);
                edge.Slope = Vector128.Create(
                    (float)(slope[0] * envelope + g[0] * envelopeSlope), (float)(slope[1] * envelope + g[1] * envelopeSlope),
                    (float)(slope[2] * envelope + g[2] * envelopeSlope), (float)envelopeSlope);
                var u = 1 / n.Distance * n.Offset;
                (edge.X, edge.Y, edge.Z, edge.Distance) = ((float)u.X, (float)u.Y, (float)u.Z, (float)n.Distance);
                e++;
            }
        }

        Start[atoms] = e;
    }

    /// <summary>Edges of all atoms.</summary>
    public readonly int Count;

    /// <summary>First edge of each atom and one more, [atoms + 1].</summary>
    public readonly int* Start;

    /// <summary>The other atom of each edge, [edges].</summary>
    public readonly int* Neighbour;

    /// <summary>Where the piece of the radial table begins that holds the distance of each edge, [edges].</summary>
    public readonly int* Place;

    /// <summary>Place inside that piece, −1 to 1, [edges].</summary>
    public readonly float* T;

    /// <summary>What the embedding needs, [edges].</summary>
    public readonly EdgeGeometry* Geometry;

    /// <summary>Bytes it takes from the arena.</summary>
    public static long Bytes(int atoms, int edges) => 4L * (atoms + 1) + edges * (12L + sizeof(EdgeGeometry));
}

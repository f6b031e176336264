using System.Collections.Immutable;
using Polymorph.Structures;

namespace Polymorph.Energies.Ani;

/// <summary>One neighbour of an atom.</summary>
/// <param name="Index">Which atom.</param>
/// <param name="Type">Its element, as an index.</param>
/// <param name="Offset">From the central atom to it, Å.</param>
/// <param name="Distance">Length of the offset, Å.</param>
internal readonly record struct AniNeighbour(int Index, int Type, Vector3D Offset, double Distance);

/// <summary>Neighbours of every atom within the radial cutoff, those within the angular one first. Memory is reused from structure to structure.</summary>
internal sealed class AniNeighbours(double radialCutoff, double angularCutoff)
{
    // Closer atoms have no direction to speak of, so no force either.
    private const double Coincidence = 1e-3;

    // Below this a search over all pairs is faster than sorting atoms into boxes.
    private const int FewAtoms = 1000;

    private AniNeighbour[] _neighbours = new AniNeighbour[1024];
    private AniNeighbour[] _outer = new AniNeighbour[256];
    private int[] _starts = new int[65];
    private int[] _angularCounts = new int[64];

    /// <summary>Finds them.</summary>
    /// <param name="structure">Molecule or crystal.</param>
    /// <param name="types">Element of each atom, as an index, [atoms].</param>
    /// <returns>Why it cannot be done, or null.</returns>
    public string? Find(Structure structure, ReadOnlySpan<int> types)
    {
        int atoms = structure.AtomCount;
        if (_angularCounts.Length < atoms)
        {
            (_starts, _angularCounts) = (new int[atoms + 1], new int[atoms]);
        }

        return structure.Periodicity.Any || atoms > FewAtoms ? FindInBoxes(structure, types) : FindAmongAll(structure.Positions, types);
    }

    /// <summary>Neighbours of an atom; the first <see cref="AngularCount"/> lie within the angular cutoff.</summary>
    /// <param name="atom">The atom.</param>
    public ReadOnlySpan<AniNeighbour> Of(int atom) => _neighbours.AsSpan(_starts[atom].._starts[atom + 1]);

    /// <summary>Number of neighbours within the angular cutoff.</summary>
    /// <param name="atom">The atom.</param>
    public int AngularCount(int atom) => _angularCounts[atom];

    private string? FindAmongAll(ImmutableArray<Vector3D> positions, ReadOnlySpan<int> types)
    {
        int count = 0;
        for (int i = 0; i < positions.Length; i++)
        {
            int outer = 0, first = count;
            Reserve(ref _neighbours, count, positions.Length);
            Reserve(ref _outer, 0, positions.Length);
            for (int j = 0; j < positions.Length; j++)
            {
                var offset = positions[j] - positions[i];
                double square = offset.LengthSquared;
                if (j == i || square >= radialCutoff * radialCutoff)
                {
                    continue;
                }

                double distance = Math.Sqrt(square);
                if (distance < Coincidence)
                {
                    return Coincident(i, j);
                }

                var neighbour = new AniNeighbour(j, types[j], offset, distance);
                if (distance < angularCutoff)
                {
                    _neighbours[count++] = neighbour;
                }
                else
                {
                    _outer[outer++] = neighbour;
                }
            }

            (_starts[i], _angularCounts[i]) = (first, count - first);
            _outer.AsSpan(0, outer).CopyTo(_neighbours.AsSpan(count));
            count += outer;
        }

        _starts[positions.Length] = count;
        return null;
    }

    private string? FindInBoxes(Structure structure, ReadOnlySpan<int> types)
    {
        NeighborList list;
        try
        {
            list = NeighborList.Build(structure, radialCutoff);
        }
        catch (ArgumentException e)
        {
            return e.Message;
        }

        int count = 0;
        Reserve(ref _neighbours, 0, list.PairCount);
        for (int i = 0; i < structure.AtomCount; i++)
        {
            (_starts[i], _angularCounts[i]) = (count, 0);
            foreach (var neighbour in list.Of(i))
            {
                if (neighbour.Distance < Coincidence)
                {
                    return Coincident(i, neighbour.Index);
                }

                _angularCounts[i] += neighbour.Distance < angularCutoff ? 1 : 0;
                _neighbours[count++] = new AniNeighbour(neighbour.Index, types[neighbour.Index], neighbour.Offset, neighbour.Distance);
            }
        }

        _starts[structure.AtomCount] = count;
        return null;
    }

    private static string Coincident(int first, int second) =>
        first == second ? $"atom {first + 1} lies on its own image" : $"atoms {first + 1} and {second + 1} lie on one site";

    private static void Reserve(ref AniNeighbour[] array, int used, int more)
    {
        if (array.Length < used + more)
        {
            Array.Resize(ref array, Math.Max(2 * array.Length, used + more));
        }
    }
}

using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Polymorph.Structures;

/// <summary>Feeds the geometry of a structure to a hash: periodicity, elements, positions and cell, each number with all its bits; neither names nor properties.</summary>
public static class GeometryHash
{
    /// <summary>Adds a structure.</summary>
    /// <param name="hash">The hash.</param>
    /// <param name="structure">The structure.</param>
    public static void Append(IncrementalHash hash, Structure structure)
    {
        ArgumentNullException.ThrowIfNull(hash);
        ArgumentNullException.ThrowIfNull(structure);
        var p = structure.Periodicity;
        Append(hash, (p.A ? 1 : 0) + (p.B ? 2 : 0) + (p.C ? 4 : 0));
        for (int i = 0; i < structure.AtomCount; i++)
        {
            Append(hash, structure.Species[i].Number);
            Append(hash, structure.Positions[i]);
        }

        if (structure.Lattice is { } cell)
        {
            Append(hash, cell.A);
            Append(hash, cell.B);
            Append(hash, cell.C);
        }
    }

    /// <summary>Adds a number.</summary>
    /// <param name="hash">The hash.</param>
    /// <param name="value">The number.</param>
    public static void Append(IncrementalHash hash, double value)
    {
        ArgumentNullException.ThrowIfNull(hash);
        Span<byte> bytes = stackalloc byte[sizeof(double)];
        BinaryPrimitives.WriteDoubleLittleEndian(bytes, value);
        hash.AppendData(bytes);
    }

    private static void Append(IncrementalHash hash, Vector3D v)
    {
        Append(hash, v.X);
        Append(hash, v.Y);
        Append(hash, v.Z);
    }
}

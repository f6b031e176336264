using System.IO.Compression;
using System.Text;
using Polymorph.Foundation;
using Polymorph.Structures.Symmetry;

namespace Polymorph.Structures.Formats;

/// <summary>Writes structures to files, one at a time; an existing file is replaced only when everything has been written.</summary>
public static class StructureWriter
{
    /// <summary>Writes a file; its name tells the format, and <c>.gz</c> at the end compresses it.</summary>
    /// <param name="path">The file to create or replace.</param>
    /// <param name="structures">Taken one at a time; when taking one throws, the old file stays as it was.</param>
    /// <param name="format">The format; null to tell it from the name.</param>
    /// <returns>How many structures were written.</returns>
    /// <exception cref="PolymorphException">The name tells no format, a structure does not fit the format (PM215x), or the file cannot be written.</exception>
    public static long Write(string path, IEnumerable<Structure> structures, StructureFormat? format = null)
    {
        ArgumentNullException.ThrowIfNull(structures);
        var chosen = format ?? StructureFormats.FromName(path)
            ?? throw new PolymorphException("PM2150", "the name tells no format that can be written", path, "End it with .extxyz, .xyz, .cif or .vasp, or name the format.", ExitCode.Usage);
        return WriteText(path, structures, (writer, structure, count) => Write(writer, structure, chosen, count));
    }

    /// <summary>Writes a CIF file of asymmetric units with the operations of their space groups.</summary>
    /// <param name="path">The file to create or replace; <c>.gz</c> at the end compresses it.</param>
    /// <param name="units">Taken one at a time; when taking one throws, the old file stays as it was.</param>
    /// <returns>How many were written.</returns>
    /// <exception cref="PolymorphException">The file cannot be written.</exception>
    public static long WriteSymmetric(string path, IEnumerable<AsymmetricUnit> units)
    {
        ArgumentNullException.ThrowIfNull(units);
        return WriteText(path, units, CifWriter.Write);
    }

    /// <summary>Writes one asymmetric unit of a CIF text.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="unit">The asymmetric unit.</param>
    /// <param name="index">How many data blocks the text holds already.</param>
    public static void WriteSymmetric(TextWriter writer, AsymmetricUnit unit, long index = 0)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(unit);
        CifWriter.Write(writer, unit, index);
    }

    private static long WriteText<T>(string path, IEnumerable<T> items, Action<TextWriter, T, long> write)
    {
        long count = 0;
        AtomicFile.Write(path, stream =>
        {
            using var gzip = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(stream, CompressionLevel.Optimal, leaveOpen: true) : null;
            using var writer = new StreamWriter(gzip ?? stream, new UTF8Encoding(false), 1 << 16, leaveOpen: true);
            foreach (var item in items)
            {
                write(writer, item, count);
                count++;
            }
        });
        return count;
    }

    /// <summary>Writes one structure of a text.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="structure">The structure.</param>
    /// <param name="format">The format.</param>
    /// <param name="index">How many structures the text holds already.</param>
    /// <exception cref="PolymorphException">The structure does not fit the format.</exception>
    public static void Write(TextWriter writer, Structure structure, StructureFormat format, long index = 0)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(structure);
        switch (format)
        {
            case StructureFormat.Xyz:
                PlainXyzWriter.Write(writer, structure);
                break;
            case StructureFormat.ExtendedXyz:
                ExtendedXyzWriter.Write(writer, structure);
                break;
            case StructureFormat.Poscar:
                PoscarWriter.Write(writer, structure, index);
                break;
            default:
                CifWriter.Write(writer, structure, index);
                break;
        }
    }
}

using System.IO.Compression;
using System.Text;
using Polymorph.Foundation;
using Polymorph.Structures.Formats.JsonEntries;
using Polymorph.Structures.Formats.Tables;
using Polymorph.Structures.Symmetry;

namespace Polymorph.Structures.Formats;

/// <summary>Writes structures to files, one at a time; an existing file is replaced only when everything has been written.</summary>
public static class StructureWriter
{
    private const string NextStep = "End the name with .extxyz, .xyz, .cif, .vasp, .jsonl or .csv, or name such a format.";

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
            ?? throw new PolymorphException("PM2150", "the name tells no format", path, NextStep, ExitCode.Usage);
        RefuseReadOnly(chosen, path);
        return WriteText(path, writer => Write(writer, structures, chosen));
    }

    /// <summary>Writes a CIF file of asymmetric units with the operations of their space groups.</summary>
    /// <param name="path">The file to create or replace; <c>.gz</c> at the end compresses it.</param>
    /// <param name="units">Taken one at a time; when taking one throws, the old file stays as it was.</param>
    /// <returns>How many were written.</returns>
    /// <exception cref="PolymorphException">The file cannot be written.</exception>
    public static long WriteSymmetric(string path, IEnumerable<AsymmetricUnit> units)
    {
        ArgumentNullException.ThrowIfNull(units);
        return WriteText(path, writer =>
        {
            long count = 0;
            foreach (var unit in units)
            {
                CifWriter.Write(writer, unit, count++);
            }

            return count;
        });
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

    private static long WriteText(string path, Func<TextWriter, long> write)
    {
        long count = 0;
        AtomicFile.Write(path, stream =>
        {
            using var gzip = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(stream, CompressionLevel.Optimal, leaveOpen: true) : null;
            using var writer = new StreamWriter(gzip ?? stream, new UTF8Encoding(false), 1 << 16, leaveOpen: true);
            count = write(writer);
        });
        return count;
    }

    /// <summary>Writes a text of structures.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="structures">Taken one at a time.</param>
    /// <param name="format">The format.</param>
    /// <returns>How many structures were written.</returns>
    /// <exception cref="PolymorphException">The format can only be read, or a structure does not fit it (PM215x).</exception>
    public static long Write(TextWriter writer, IEnumerable<Structure> structures, StructureFormat format)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(structures);
        RefuseReadOnly(format, null);
        if (format == StructureFormat.Csv)
        {
            return CsvWriter.Write(writer, structures);
        }

        long count = 0;
        foreach (var structure in structures)
        {
            Write(writer, structure, format, count);
            count++;
        }

        return count;
    }

    /// <summary>Writes one structure of a text; CSV can only be written as a whole.</summary>
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
            case StructureFormat.Cif:
                CifWriter.Write(writer, structure, index);
                break;
            case StructureFormat.JsonLines:
                OptimadeWriter.Write(writer, structure, index);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(format), format, "structures are not written one by one in this format");
        }
    }

    private static void RefuseReadOnly(StructureFormat format, string? path)
    {
        if (!format.CanBeWritten())
        {
            throw new PolymorphException("PM2150", $"{format.Title()} can be read, but not written", path, NextStep, ExitCode.Usage);
        }
    }
}

using System.Text;
using Polymorph.Structures.Formats.AseFiles;
using Polymorph.Structures.Formats.Tables;

namespace Polymorph.Structures.Formats;

/// <summary>Tells a file's format from its name and its first lines.</summary>
internal static class FormatSniffer
{
    private const int LinesLookedAt = 400;

    /// <summary>The format to read with.</summary>
    /// <param name="name">Name of the file.</param>
    /// <param name="start">Its first bytes, decompressed.</param>
    /// <param name="wanted">The format that the user named, or null.</param>
    /// <exception cref="InputProblemException">PM2003, PM2004: it is none that can be read, or not the one its name says.</exception>
    public static StructureFormat Determine(string name, ReadOnlySpan<byte> start, StructureFormat? wanted)
    {
        var lines = Lines(start);
        if (Foreign(start, lines) is { } foreign)
        {
            throw new InputProblemException("PM2004", 1, $"this is {foreign}", "Convert it to extxyz or another format that can be read.");
        }

        var named = wanted ?? StructureFormats.FromName(name);
        var seen = FromContent(start, lines);
        if (named is { } format)
        {
            return seen is null || Same(seen.Value, format) ? format
                : throw new InputProblemException("PM2004", 1, $"this was taken for {format.Title()}{(wanted is null ? " by its name" : "")}, but looks like {seen.Value.Title()}",
                    "Rename the file, or name its format.");
        }

        return seen ?? throw new InputProblemException("PM2003", 0, "the format of the file is unknown",
            $"Name it: {string.Join(", ", StructureFormats.Names.Keys)}.");
    }

    /// <summary>True when the beginning of a JSON or CSV file looks like structures.</summary>
    /// <param name="start">Its first bytes, decompressed.</param>
    public static bool LooksLikeStructures(ReadOnlySpan<byte> start) => FromContent(start, Lines(start)) switch
    {
        StructureFormat.Csv => true,
        StructureFormat.Json => start.IndexOf("\"attributes\""u8) >= 0 || start.IndexOf("\"x-optimade\""u8) >= 0 || start.IndexOf("\"sites\""u8) >= 0 || start.IndexOf("\"lattice\""u8) >= 0
            || (start.IndexOf("\"cell\""u8) >= 0 && start.IndexOf("\"z\""u8) >= 0),
        _ => false,
    };

    private static bool Same(StructureFormat a, StructureFormat b) => a == b || (IsXyz(a) && IsXyz(b)) || (IsJson(a) && IsJson(b));

    private static bool IsXyz(StructureFormat format) => format is StructureFormat.Xyz or StructureFormat.ExtendedXyz;

    private static bool IsJson(StructureFormat format) => format is StructureFormat.Json or StructureFormat.JsonLines;

    private static List<string> Lines(ReadOnlySpan<byte> start)
    {
        using var reader = new StreamReader(new MemoryStream(start.ToArray()), Encoding.UTF8, detectEncodingFromByteOrderMarks: true);
        var lines = new List<string>();
        while (lines.Count < LinesLookedAt && reader.ReadLine() is { } line)
        {
            lines.Add(line);
        }

        return lines;
    }

    /// <summary>A format that is well known but none of ours.</summary>
    private static string? Foreign(ReadOnlySpan<byte> start, List<string> lines)
    {
        string first = lines.Find(l => !Tokens.IsBlank(l))?.TrimStart() ?? "";
        return start.StartsWith("BZh"u8) ? "a file compressed with bzip2"
            : start.StartsWith<byte>([0xfd, (byte)'7', (byte)'z', (byte)'X', (byte)'Z']) ? "a file compressed with xz"
            : start.StartsWith<byte>([0x28, 0xb5, 0x2f, 0xfd]) ? "a file compressed with zstd"
            : start.StartsWith("PK\u0003\u0004"u8) ? "a zip archive"
            : start.StartsWith("\u0089HDF"u8) || start.StartsWith<byte>([0x89, (byte)'H', (byte)'D', (byte)'F']) ? "an HDF5 file"
            : start.Length > 262 && start[257..].StartsWith("ustar"u8) ? "a tar archive"
            : start.StartsWith("%PDF"u8) ? "a PDF document"
            : first.StartsWith("<!", StringComparison.Ordinal) || first.StartsWith("<html", StringComparison.OrdinalIgnoreCase) || first.StartsWith("<?xml", StringComparison.Ordinal) ? "HTML or XML"
            : lines.Exists(l => l.StartsWith("ATOM  ", StringComparison.Ordinal) || l.StartsWith("HETATM", StringComparison.Ordinal)) && !lines.Exists(l => l.StartsWith("data_", StringComparison.OrdinalIgnoreCase)) ? "a PDB file"
            : lines.Count > 3 && (lines[3].EndsWith("V2000", StringComparison.Ordinal) || lines[3].EndsWith("V3000", StringComparison.Ordinal)) ? "a MOL or SDF file"
            : null;
    }

    private static StructureFormat? FromContent(ReadOnlySpan<byte> start, List<string> lines)
    {
        if (start.StartsWith(Encoding.ASCII.GetBytes(SqliteFile.Magic)))
        {
            return StructureFormat.AseDatabase;
        }

        if (start.StartsWith(Encoding.ASCII.GetBytes(UlmFile.Magic)) || start.StartsWith(Encoding.ASCII.GetBytes(UlmFile.OldMagic)))
        {
            return StructureFormat.AseTrajectory;
        }

        string text = lines.Find(l => !Tokens.IsBlank(l))?.TrimStart() ?? "";
        if (text.StartsWith('{') || (text.StartsWith('[') && (text.AsSpan(1).TrimStart().IndexOfAny("{[]\"") == 0 || text.AsSpan(1).Trim().IsEmpty)))
        {
            return StructureFormat.Json;
        }

        if (CsvStructureReader.IsHeader(text))
        {
            return StructureFormat.Csv;
        }

        if (lines.Exists(l => l.TrimStart().StartsWith("data_", StringComparison.OrdinalIgnoreCase)) && lines.Exists(l => l.TrimStart().StartsWith('_') || l.TrimStart().StartsWith("loop_", StringComparison.OrdinalIgnoreCase)))
        {
            return StructureFormat.Cif;
        }

        int first = lines.FindIndex(l => !Tokens.IsBlank(l));
        if (first >= 0 && first + 2 < lines.Count && WordCount(lines[first]) == 1 && NumberText.TryLong(lines[first].Trim(), out _)
            && (XyzHeader.IsExtended(lines[first + 1]) || XyzHeader.LooksLikePlainRow(lines[first + 2])))
        {
            return StructureFormat.Xyz;
        }

        if (lines.Count > 7 && Numbers(lines[1]) == 1 && lines.Take(9).Any(XdatcarReader.IsBegin))
        {
            return StructureFormat.Xdatcar;
        }

        return lines.Count > 7 && Numbers(lines[1]) is 1 or 3 && Numbers(lines[2]) == 3 && Numbers(lines[3]) == 3 && Numbers(lines[4]) == 3 ? StructureFormat.Poscar : null;
    }

    private static int WordCount(string line) => line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries).Length;

    /// <summary>How many numbers a line begins with.</summary>
    private static int Numbers(string line) => line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries).TakeWhile(w => NumberText.TryDouble(w, out _)).Count();
}

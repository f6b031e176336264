using Polymorph.Foundation;
using Polymorph.Structures.Formats.AseFiles;
using Polymorph.Structures.Formats.JsonEntries;
using Polymorph.Structures.Formats.Tables;

namespace Polymorph.Structures.Formats;

/// <summary>Reads structures from files, folders and streams, one at a time; a file never sits in memory as a whole.</summary>
/// <remarks>A bad entry becomes a <see cref="Rejection"/> and reading goes on with the next frame, data block or file; with
/// <see cref="ReadOptions.Strict"/> it is thrown. Files compressed with gzip are recognised by their content.</remarks>
public static class StructureReader
{
    private static ReadOnlySpan<byte> GzipMagic => [0x1f, 0x8b];

    /// <summary>Reads a file, every structure file of a folder and its subfolders (in the order of their paths), or standard input (<c>-</c>).</summary>
    /// <param name="path">File, folder or <c>-</c>.</param>
    /// <param name="options">Format and limits.</param>
    /// <returns>Structures, named <c>file.extxyz#3</c>, and rejections, in the order of the files.</returns>
    /// <exception cref="PolymorphException">While enumerating in strict mode: the first problem.</exception>
    public static IEnumerable<ReadResult> Read(string path, ReadOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        options ??= new ReadOptions();
        if (path == "-")
        {
            return Read(Console.OpenStandardInput(), "-", options);
        }

        return Directory.Exists(path) ? ReadFolder(path, options) : ReadFile(path, ShortName(path), options);
    }

    /// <summary>Reads several files or folders, one after the other.</summary>
    /// <param name="paths">Files, folders or <c>-</c>.</param>
    /// <param name="options">Format and limits.</param>
    public static IEnumerable<ReadResult> Read(IEnumerable<string> paths, ReadOptions? options = null) => paths.SelectMany(path => Read(path, options));

    /// <summary>Reads a stream, plain or compressed.</summary>
    /// <param name="stream">The content; disposed at the end.</param>
    /// <param name="name">Name of the file for ids and messages; it also tells the format.</param>
    /// <param name="options">Format and limits.</param>
    public static IEnumerable<ReadResult> Read(Stream stream, string name, ReadOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return Entries(() => stream, name, name, options ?? new ReadOptions());
    }

    /// <summary>The structures of a file or folder; the first problem is thrown.</summary>
    /// <param name="path">File, folder or <c>-</c>.</param>
    /// <param name="options">Format and limits.</param>
    /// <exception cref="PolymorphException">An entry is bad, or there is none.</exception>
    public static IReadOnlyList<Structure> ReadStrict(string path, ReadOptions? options = null) =>
        [.. Read(path, (options ?? new ReadOptions()) with { Strict = true }).Select(r => r.Structure!)];

    private static IEnumerable<ReadResult> ReadFolder(string folder, ReadOptions options)
    {
        bool any = false;
        foreach (string file in FilesOf(folder))
        {
            any = true;
            foreach (var result in ReadFile(file, Path.GetRelativePath(folder, file).Replace('\\', '/'), options))
            {
                yield return result;
            }
        }

        if (!any)
        {
            yield return Failed(new InputProblemException("PM2010", 0, "the folder holds no structure file",
                "Files are recognised by their names: .xyz, .extxyz, .cif, .vasp, .db, .traj, POSCAR*, CONTCAR*, XDATCAR*, with or without .gz; .json, .jsonl and .csv also by their content."), folder, options);
        }
    }

    /// <summary>Structure files below a folder. Linked folders are not followed: they may form a ring.</summary>
    private static IEnumerable<string> FilesOf(string folder)
    {
        var here = new EnumerationOptions { IgnoreInaccessible = true, AttributesToSkip = FileAttributes.Hidden };
        var noLinks = new EnumerationOptions { IgnoreInaccessible = true, AttributesToSkip = FileAttributes.Hidden | FileAttributes.ReparsePoint };
        return Directory.EnumerateFiles(folder, "*", here).Where(HoldsStructures)
            .Concat(Directory.EnumerateDirectories(folder, "*", noLinks).SelectMany(FilesOf))
            .Order(StringComparer.Ordinal);
    }

    /// <summary>True for names of structure files. JSON and CSV are used for much else, so their beginning must look like structures.</summary>
    private static bool HoldsStructures(string path)
    {
        var format = StructureFormats.FromName(path);
        if (format is not (StructureFormat.Json or StructureFormat.JsonLines or StructureFormat.Csv))
        {
            return format is not null;
        }

        try
        {
            using var raw = new PrefixStream(Opened(path));
            using var text = raw.Prefix.StartsWith(GzipMagic) ? new PrefixStream(new CheckedGzipStream(raw)) : raw;
            return FormatSniffer.LooksLikeStructures(text.Prefix);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            // Reading it will say what is wrong.
            return true;
        }
    }

    private static FileStream Opened(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1 << 16, FileOptions.SequentialScan);

    private static string ShortName(string path) => (Path.IsPathRooted(path) ? Path.GetFileName(path) : path).Replace('\\', '/');

    private static IEnumerable<ReadResult> ReadFile(string path, string idName, ReadOptions options) =>
        Entries(() => Opened(path), path, idName, options);

    private static IEnumerable<ReadResult> Entries(Func<Stream> open, string file, string idName, ReadOptions options)
    {
        using var source = new Source();
        bool any = false;
        while (true)
        {
            ReadResult? result;
            bool last = false;
            try
            {
                source.Reader ??= source.Open(open, file, idName, options);
                result = source.Reader.Next();
                if (result is null && !any)
                {
                    throw new InputProblemException("PM2006", 0, "the file is empty", "Check that it has been written completely.");
                }
            }
            catch (Exception e) when (ToProblem(e) is { } problem)
            {
                result = Failed(problem, file, options);
                last = true;
            }

            if (result is not { } entry)
            {
                yield break;
            }

            any = true;
            if (options.Strict && entry.Rejection is { } rejection)
            {
                throw rejection.ToException();
            }

            yield return entry;
            if (last)
            {
                yield break;
            }
        }
    }

    private static InputProblemException? ToProblem(Exception e) => e switch
    {
        InputProblemException problem => problem,
        FileNotFoundException or DirectoryNotFoundException => new("PM2001", 0, "there is no such file or folder", "Check the path."),
        InvalidDataException => new("PM2008", 0, "the gzip data are damaged or cut short", "Copy or compress the file again; entries before the damage have been read."),
        IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException => new("PM2002", 0, $"the file cannot be read: {e.Message}", "Check the path and the permissions."),
        _ => null,
    };

    private static ReadResult Failed(InputProblemException problem, string file, ReadOptions options)
    {
        var rejection = problem.ToRejection(file);
        return options.Strict ? throw rejection.ToException() : new ReadResult(null, rejection);
    }

    /// <summary>The open file and its reader.</summary>
    private sealed class Source : IDisposable
    {
        private Stream? _stream;
        private SeekableFile? _seekable;

        public FormatReader? Reader { get; set; }

        public FormatReader Open(Func<Stream> open, string file, string idName, ReadOptions options)
        {
            _stream = new PrefixStream(open());
            if (_stream is PrefixStream raw && raw.Prefix.StartsWith(GzipMagic))
            {
                _stream = new PrefixStream(new CheckedGzipStream(raw));
            }

            var prefixed = (PrefixStream)_stream;
            var format = FormatSniffer.Determine(file, prefixed.Prefix, options.Format);
            switch (format)
            {
                case StructureFormat.Json or StructureFormat.JsonLines:
                    return new JsonEntryReader(_stream, file, idName, options, linesExpected: format == StructureFormat.JsonLines);
                case StructureFormat.AseDatabase:
                    return new AseDatabaseReader(_seekable = SeekableFile.Of(prefixed), file, idName, options);
                case StructureFormat.AseTrajectory:
                    return new AseTrajectoryReader(_seekable = SeekableFile.Of(prefixed), file, idName, options);
            }

            var lines = new TextLines(_stream, options.MaxLineLength);
            return format switch
            {
                StructureFormat.Poscar => new PoscarReader(lines, file, idName, options),
                StructureFormat.Xdatcar => new XdatcarReader(lines, file, idName, options),
                StructureFormat.Cif => new CifReader(lines, file, idName, options),
                StructureFormat.Csv => new CsvStructureReader(lines, file, idName, options),
                _ => new XyzReader(lines, file, idName, options),
            };
        }

        public void Dispose()
        {
            (Reader as IDisposable)?.Dispose();
            _seekable?.Dispose();
            _stream?.Dispose();
        }
    }
}

namespace Polymorph.Structures.Formats;

/// <summary>Reads one file of one format, entry by entry.</summary>
/// <param name="file">The file as the user named it, for messages.</param>
/// <param name="idName">Its short name, for ids.</param>
/// <param name="options">Limits.</param>
internal abstract class FormatReader(string file, string idName, ReadOptions options)
{
    protected string FileName { get; } = file;

    protected ReadOptions Options { get; } = options;

    /// <summary>Entries met so far, rejected ones included; the next id ends with one more.</summary>
    protected int Entries { get; set; }

    /// <summary>Id of the entry that is being read: <c>file.extxyz#3</c>.</summary>
    protected string Id => $"{idName}#{Entries}";

    /// <summary>The next entry, or null at the end of the file.</summary>
    /// <exception cref="InputProblemException">Nothing after this place can be read.</exception>
    public abstract ReadResult? Next();

    protected static ReadResult Accept(Structure structure, long line = 0) => new(structure, null) { Line = line };

    protected ReadResult Reject(InputProblemException problem) => new(null, problem.ToRejection(FileName));
}

/// <summary>Reads one file of a format that is made of lines.</summary>
/// <param name="lines">The text.</param>
/// <param name="file">The file as the user named it, for messages.</param>
/// <param name="idName">Its short name, for ids.</param>
/// <param name="options">Limits.</param>
internal abstract class TextFormatReader(TextLines lines, string file, string idName, ReadOptions options) : FormatReader(file, idName, options)
{
    protected TextLines Lines { get; } = lines;
}

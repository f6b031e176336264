using System.CommandLine;
using Polymorph.Cli.Shell;
using Polymorph.Foundation;
using Polymorph.Structures.Formats;

namespace Polymorph.Cli.Commands;

/// <summary>The options of all verbs that read structure files.</summary>
internal sealed class ReadingOptions
{
    private readonly Option<string?> _format = new("--format") { Description = $"Format of the input ({FormatNames}); told by name and content when left out.", HelpName = "name" };
    private readonly Option<double?> _minDistance = NumberOption.Of("--min-distance", "Atoms nearer than this are an error, in angstrom (default 0.4; 0: no check).", 0.0, 10.0);

    /// <summary>Adds the options to a verb.</summary>
    /// <param name="verb">The verb.</param>
    public ReadingOptions(Verb verb)
    {
        verb.Add(_format);
        verb.Add(_minDistance);
    }

    /// <summary>The formats' names, for help and messages.</summary>
    public static string FormatNames => string.Join(", ", StructureFormats.Names.Keys);

    /// <summary>The names of those that can be written.</summary>
    public static string WrittenFormatNames => string.Join(", ", StructureFormats.Names.Where(f => f.Value.CanBeWritten()).Select(f => f.Key));

    /// <summary>What the user asked for.</summary>
    /// <param name="call">The call.</param>
    /// <param name="strict">True to stop at the first bad entry.</param>
    public ReadOptions Read(Invocation call, bool strict)
    {
        var options = new ReadOptions { Strict = strict, Format = Format(call.Value(_format)) };
        return call.Value(_minDistance) is { } distance ? options with { MinDistance = distance } : options;
    }

    /// <summary>A format by its name; null for null.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="PolymorphException">PM1003: there is no such format.</exception>
    public static StructureFormat? Format(string? name) => name is null ? null
        : StructureFormats.Names.TryGetValue(name, out var format) ? format
        : throw new PolymorphException("PM1003", $"unknown format '{name}'.", null, $"{NearestName.Hint(name, StructureFormats.Names.Keys)} Formats: {FormatNames}.".TrimStart(), ExitCode.Usage);

    /// <summary>The entries of all files, ending when the user stops the command.</summary>
    /// <param name="call">The call.</param>
    /// <param name="files">Files, folders or <c>-</c>.</param>
    /// <param name="strict">True to stop at the first bad entry.</param>
    public IEnumerable<ReadResult> Entries(Invocation call, IEnumerable<string> files, bool strict)
    {
        foreach (var entry in StructureReader.Read(files, Read(call, strict)))
        {
            call.Cancellation.ThrowIfCancellationRequested();
            yield return entry;
        }
    }
}

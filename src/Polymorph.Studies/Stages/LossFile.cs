using System.IO.Compression;
using System.Text;
using Polymorph.Foundation;
using Polymorph.Selection;
using Polymorph.Structures;

namespace Polymorph.Studies.Stages;

/// <summary>What the selection did with one structure.</summary>
/// <param name="Id">The structure.</param>
/// <param name="Stage">The stage that dropped it; <c>selected</c> with an empty reason for one that was kept.</param>
/// <param name="Reason">Why, such as <c>too-close</c>; empty for one that was kept.</param>
/// <param name="Detail">The pair of elements, the atom, or the structure that it repeats or that stands for it; empty when there is none.</param>
public sealed record Fate(string Id, string Stage, string Reason, string Detail);

/// <summary>The fates of all structures of a selection: a compressed text table, a line per structure, written and read as a stream.</summary>
public static class LossFile
{
    private const string Header = "id\tstage\treason\tdetail";

    /// <summary>Writes the fates.</summary>
    /// <param name="path">The file.</param>
    /// <param name="result">The selection.</param>
    /// <param name="species">Element of each atom.</param>
    /// <param name="id">Name of a structure by its index.</param>
    /// <param name="known">Name of a known structure by its index.</param>
    /// <param name="imbalance">Why charges cannot balance; empty where that was not asked.</param>
    /// <exception cref="PolymorphException">PM7001: the file cannot be written.</exception>
    public static void Write(string path, SelectionResult result, IReadOnlyList<Element> species, Func<int, string> id, Func<int, string> known, string imbalance = "")
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(id);
        AtomicFile.Write(path, stream =>
        {
            using var compressed = new GZipStream(stream, CompressionLevel.Fastest, leaveOpen: true);
            using var text = new StreamWriter(compressed, new UTF8Encoding(false), 1 << 16);
            text.Write(Header + "\n");
            for (int i = 0; i < result.Count; i++)
            {
                text.Write(result.Why(i) is { } loss
                    ? $"{id(i)}\t{Funnel.Title(loss.Reason.Stage())}\t{loss.Reason.Code()}\t{Detail(loss, species, id, known, imbalance)}\n"
                    : $"{id(i)}\t{Funnel.Title(FunnelStage.Selected)}\t\t\n");
            }
        });
    }

    /// <summary>Reads the fates one by one.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="PolymorphException">PM7036: it is missing or damaged.</exception>
    public static IEnumerable<Fate> Read(string path)
    {
        using var lines = Lines(path).GetEnumerator();
        if (!Next(lines, path) || lines.Current != Header)
        {
            throw Damaged(path, "it does not begin as such a file");
        }

        while (Next(lines, path))
        {
            string[] fields = lines.Current.Split('\t');
            yield return fields.Length == 4 ? new Fate(fields[0], fields[1], fields[2], fields[3]) : throw Damaged(path, "a line has not four columns");
        }
    }

    private static string Detail(Loss loss, IReadOnlyList<Element> species, Func<int, string> id, Func<int, string> known, string imbalance) => loss.Reason switch
    {
        LossReason.ChargeImbalance => imbalance,
        _ when loss.Detail < 0 => "",
        LossReason.TooClose => loss.PairText!,
        LossReason.NotFinite or LossReason.IsolatedAtom => $"atom {loss.Detail} ({species[loss.Detail].Symbol})",
        LossReason.WrongValence => $"{loss.Detail} bonds too many or too few",
        LossReason.Duplicate or LossReason.NotRepresentative => id(loss.Detail),
        LossReason.Known => known(loss.Detail),
        _ => "",
    };

    private static IEnumerable<string> Lines(string path)
    {
        using var text = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        while (text.ReadLine() is { } line)
        {
            yield return line;
        }
    }

    private static bool Next(IEnumerator<string> lines, string path)
    {
        try
        {
            return lines.MoveNext();
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw Damaged(path, e.Message);
        }
    }

    private static PolymorphException Damaged(string path, string why) =>
        new("PM7036", $"the fates of the structures cannot be read: {why}", path, "Select again: 'polymorph select RUN'.", ExitCode.InputData);
}

using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Polymorph.Foundation;
using Polymorph.Structures.Formats;

namespace Polymorph.Structures.Inspection;

/// <summary>Collects structures of many files into one data set; what cannot be used goes into a list beside it.</summary>
public static class StructureSetImport
{
    /// <summary>Where the rejected entries of a data set are listed: <c>set.quarantine.jsonl</c> beside <c>set.extxyz</c>.</summary>
    /// <param name="output">The data set's path.</param>
    public static string QuarantineOf(string output)
    {
        string name = output.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? output[..^3] : output;
        return Path.ChangeExtension(name, null) + ".quarantine.jsonl";
    }

    /// <summary>Writes the structures among the entries as extended XYZ, each with its origin as the value <c>source</c>, and the rejected ones, one JSON object a line.</summary>
    /// <param name="entries">Taken one at a time.</param>
    /// <param name="output">The data set to create or replace; it stays as it was when no structure comes or reading throws.</param>
    /// <returns>What is in the set.</returns>
    /// <exception cref="PolymorphException">PM2160: not one structure came (the list of rejected entries is written all the same); or a file cannot be written.</exception>
    public static StructureSetSummary Write(IEnumerable<ReadResult> entries, string output)
    {
        var summary = new StructureSetSummary();
        string quarantine = QuarantineOf(output);
        PolymorphException? empty = null;
        AtomicFile.Write(quarantine, list =>
        {
            try
            {
                StructureWriter.Write(output, Accepted(entries, summary, list, quarantine), StructureFormat.ExtendedXyz);
            }
            catch (PolymorphException e) when (e.Code == "PM2160")
            {
                // The list must be finished first: it says why.
                empty = e;
            }
        });
        return empty is null ? summary : throw empty;
    }

    private static IEnumerable<Structure> Accepted(IEnumerable<ReadResult> entries, StructureSetSummary summary, Stream list, string quarantine)
    {
        foreach (var entry in entries)
        {
            summary.Add(entry);
            if (entry.Structure is { } structure)
            {
                yield return structure.Properties.ContainsKey("source") ? structure : structure.WithProperty("source", structure.Id);
            }
            else
            {
                list.Write(ToJsonLine(entry.Rejection!));
            }
        }

        if (summary.Structures == 0)
        {
            throw new PolymorphException("PM2160", $"there is no structure among {summary.Rejected} entries", null, $"The reasons are in {quarantine}.");
        }
    }

    private static ReadOnlySpan<byte> ToJsonLine(Rejection rejection)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            writer.WriteString("file", rejection.File);
            writer.WriteNumber("line", rejection.Line);
            writer.WriteString("code", rejection.Code);
            writer.WriteString("reason", rejection.Reason);
            writer.WriteString("nextStep", rejection.NextStep);
            writer.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return buffer.WrittenSpan;
    }
}

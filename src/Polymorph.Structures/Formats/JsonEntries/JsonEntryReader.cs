using System.Text.Json;

namespace Polymorph.Structures.Formats.JsonEntries;

/// <summary>Reads structures from JSON: answers and files of OPTIMADE, structures and molecules of pymatgen, records of the published benchmarks.</summary>
/// <remarks>What an entry is, its fields say, so that kinds may be mixed: one value, JSON Lines, a list, or the list <c>data</c> of an OPTIMADE answer.
/// Sources: OPTIMADE specification 1.2; pymatgen's <c>as_dict</c>.</remarks>
internal sealed class JsonEntryReader(Stream stream, string file, string idName, ReadOptions options, bool linesExpected) : FormatReader(file, idName, options)
{
    private static readonly string[] Nested = ["structure", "molecule", "initial_structure", "data"];

    private readonly JsonEntryStream _entries = new(stream, options, linesExpected);

    private delegate Structure Builder(JsonElement entry, string id, long line, ReadOptions options);

    public override ReadResult? Next()
    {
        while (true)
        {
            (ReadOnlyMemory<byte> Bytes, long Line)? entry;
            try
            {
                entry = _entries.Next();
            }
            catch (InputProblemException problem) when (!problem.EndsFile)
            {
                Entries++;
                return Reject(problem);
            }

            if (entry is null && Entries > 0)
            {
                return null;
            }

            if (entry is null)
            {
                Entries++;
                return Reject(new InputProblemException("PM2602", 0, "the file holds no structure",
                    "Structures are those of OPTIMADE, pymatgen or the benchmarks; perhaps a filter matched nothing."));
            }

            if (Read(entry.Value.Bytes, entry.Value.Line) is { } result)
            {
                return result;
            }
        }
    }

    /// <summary>The structure of an entry; null for an entry that describes something else, such as the header of OPTIMADE's JSON Lines.</summary>
    private ReadResult? Read(ReadOnlyMemory<byte> bytes, long line)
    {
        Entries++;
        try
        {
            using var document = JsonDocument.Parse(JsonFields.WithQuotedNonNumbers(bytes));
            if (Recognise(document.RootElement, line) is var (entry, build))
            {
                return Accept(build(entry, Id, line, Options), line);
            }

            Entries--;
            return null;
        }
        catch (InputProblemException problem)
        {
            return Reject(problem);
        }
        catch (JsonException e)
        {
            return Reject(new InputProblemException("PM2601", line + (e.LineNumber ?? 0), "the entry is not JSON", "Look at this line of the file; the entries after it are read."));
        }
        catch (InvalidOperationException)
        {
            // What the parser leaves unchecked until a text is taken: broken UTF-8 and half surrogate pairs.
            return Reject(new InputProblemException("PM2601", line, "a text of the entry is not Unicode", "Write the file again as UTF-8."));
        }
    }

    private static (JsonElement Entry, Builder Build)? Recognise(JsonElement entry, long line)
    {
        string? type = JsonFields.Text(entry.Field("type"));
        if (entry.Field("attributes") is { ValueKind: JsonValueKind.Object } attributes && (type == "structures" || attributes.Field("cartesian_site_positions") is not null))
        {
            return (entry, OptimadeEntry.Build);
        }

        if (entry.Field("sites") is { ValueKind: JsonValueKind.Array })
        {
            return (entry, PymatgenEntry.Build);
        }

        if (entry.Field("cell") is { ValueKind: JsonValueKind.Array } && entry.Field("z") is not null && entry.Field("x") is not null)
        {
            return (entry, BenchmarkRecord.Build);
        }

        foreach (string name in Nested)
        {
            if (entry.Field(name) is { ValueKind: JsonValueKind.Object } inner && (inner.Field("sites") ?? inner.Field("attributes")) is not null)
            {
                return name == "data" ? Recognise(inner, line) : (entry, PymatgenEntry.Build);
            }
        }

        if (entry.Field("errors") is { ValueKind: JsonValueKind.Array } errors && errors.GetArrayLength() > 0)
        {
            string? detail = JsonFields.Text(errors[0].Field("detail") ?? errors[0].Field("title"));
            throw new InputProblemException("PM2602", line, $"this is the error message of a server: {StructureChecks.Shown(detail ?? "without a reason")}", "Ask it again.");
        }

        bool other = type is not null && entry.Field("id") is not null || entry.Field("x-optimade") is not null || entry.Field("meta") is not null;
        return other ? null
            : throw new InputProblemException("PM2602", line, "the entry is no structure of OPTIMADE, pymatgen or the benchmarks", "Convert it to one of them, or to extxyz.");
    }
}

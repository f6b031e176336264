using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Polymorph.Cli.Shell;
using Polymorph.Foundation;
using Polymorph.Representations.Fingerprints;
using Polymorph.Selection.Similarity;
using Polymorph.Structures;
using Polymorph.Structures.Formats;
using Polymorph.Structures.Matching;
using Polymorph.Studies.Runs;

namespace Polymorph.Cli.Commands;

/// <summary>Finds the known structures most like given ones.</summary>
internal sealed class NearestVerb : Verb
{
    private const int DefaultCount = 3;

    // About a second of one core.
    private const long AtomsWorthKeeping = 10_000;

    private readonly Argument<string[]> _files = new("FILES") { Description = "Crystals: files, folders, or - for standard input.", Arity = ArgumentArity.OneOrMore };
    private readonly Option<string[]> _among = new("--among") { Description = "The known structures: files or folders.", HelpName = "set", Arity = ArgumentArity.OneOrMore, Required = true };
    private readonly Option<int?> _count = NumberOption.Of("--count", $"How many of the nearest to name (default {DefaultCount}).", 1, 1_000_000);
    private readonly Option<int?> _threads = NumberOption.Of("--threads", "Threads; by default one per core.", 1, 4096);
    private readonly Option<string?> _cache = new("--cache") { Description = "Folder that keeps the fingerprints of the known structures for the next call; left out, one of the user's, and only for large sets.", HelpName = "folder" };
    private readonly Option<bool> _noCache = new("--no-cache") { Description = "Keep nothing, and use nothing that is kept." };
    private readonly ReadingOptions _reading;

    public NearestVerb()
        : base("nearest", "Name the known crystals most like given ones, by the surroundings of their atoms and by their elements, and say whether they are the same.",
            "polymorph nearest new.cif --among known.jsonl.gz", "polymorph nearest candidates/ --among known/ --count 5 --json")
    {
        Add(_files);
        Add(_among);
        Add(_count);
        Add(_threads);
        Add(_cache);
        Add(_noCache);
        _reading = new ReadingOptions(this);
    }

    /// <inheritdoc/>
    public override ExitCode Run(Invocation call)
    {
        int threads = call.Value(_threads) ?? Environment.ProcessorCount;
        var (known, knownRejected) = Structures(call, call.Value(_among)!);
        var (given, rejected) = Structures(call, call.Value(_files)!);
        if (known.Count == 0 || given.Count == 0)
        {
            throw new PolymorphException("PM1008", $"there is no structure {(known.Count == 0 ? "to look among" : "to look for")}.", (knownRejected ?? rejected)?.Place, (knownRejected ?? rejected)?.ToString() ?? "Give structure files.", ExitCode.InputData);
        }

        var index = ProgressDisplay.Run(call.Terminal, observer => Cache(call, known) is { } cache
            ? cache.IndexOf(known, threads, observer.Note, Ticks(observer, known.Count), call.Cancellation)
            : SimilarityIndex.Of(known, threads, Ticks(observer, known.Count), call.Cancellation));
        if (index.LeftOut > 0)
        {
            call.Note(string.Create(CultureInfo.InvariantCulture, $"{index.LeftOut} of {known.Count} known structures have no fingerprint and are left out."));
        }

        var matcher = new StructureMatcher(new MatchOptions());
        var fingerprint = new CrystalFingerprint();
        var results = new JsonArray();
        foreach (var structure in given)
        {
            call.Cancellation.ThrowIfCancellationRequested();
            double[]? point = SimilarityIndex.Point(structure, fingerprint);
            results.Add(new JsonObject
            {
                ["id"] = structure.Id,
                ["formula"] = structure.Composition.Formula,
                ["fingerprint"] = point is not null,
                ["nearest"] = new JsonArray([.. (point is null ? [] : index.Nearest(point, call.Value(_count) ?? DefaultCount)).Select(n => (JsonNode)Row(structure, known[n.Row], n.Distance, matcher))]),
            });
        }

        var document = new JsonObject { ["known"] = index.Count, ["leftOut"] = index.LeftOut, ["structures"] = results };
        call.Result("polymorph.nearest/1", document, output => Write(output, results));
        int answered = results.Count(r => r!["fingerprint"]!.GetValue<bool>());
        return answered == given.Count ? ExitCode.Done : answered == 0 ? ExitCode.InputData : ExitCode.PartlyConverged;
    }

    private SimilarityCache? Cache(Invocation call, List<Structure> known) => call.Value(_noCache) ? null
        : call.Value(_cache) is { } folder ? new SimilarityCache(folder)
        : known.Sum(s => (long)s.AtomCount) >= AtomsWorthKeeping ? SimilarityCache.OfUser() : null;

    private static Action Ticks(IStudyObserver observer, long total)
    {
        long done = 0;
        return () => observer.Work("fingerprints", Interlocked.Increment(ref done), total);
    }

    private static JsonObject Row(Structure structure, Structure known, double distance, StructureMatcher matcher)
    {
        var match = matcher.RmsDistance(structure, known);
        return new JsonObject
        {
            ["id"] = known.Properties.GetValueOrDefault("id")?.ToString() ?? known.Id,
            ["formula"] = known.Composition.Formula,
            ["distance"] = distance,
            ["matched"] = match.Verdict == MatchVerdict.Undecided ? null : match.Verdict == MatchVerdict.Match,
            ["rms"] = match.Rms,
        };
    }

    private static void Write(TextWriter output, JsonArray results)
    {
        output.WriteLine($"{"structure",-28}  {"formula",-12}  {"nearest",-28}  {"formula",-12}  {"distance",8}  same");
        foreach (var result in results)
        {
            string id = result!["id"]!.GetValue<string>(), formula = result["formula"]!.GetValue<string>();
            if (!result["fingerprint"]!.GetValue<bool>())
            {
                output.WriteLine($"{id,-28}  {formula,-12}  no fingerprint: not a crystal, atoms upon each other, or an element without a radius");
            }

            foreach (var row in result["nearest"]!.AsArray())
            {
                string same = row!["matched"] is not { } matched ? "undecided" : !matched.GetValue<bool>() ? "no" : string.Create(CultureInfo.InvariantCulture, $"yes, rms {row["rms"]!.GetValue<double>():F4}");
                output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"{id,-28}  {formula,-12}  {row["id"]!.GetValue<string>(),-28}  {row["formula"]!.GetValue<string>(),-12}  {row["distance"]!.GetValue<double>(),8:F3}  {same}"));
                (id, formula) = ("", "");
            }
        }
    }

    private (List<Structure> Structures, Rejection? First) Structures(Invocation call, IEnumerable<string> files)
    {
        var structures = new List<Structure>();
        Rejection? first = null;
        int rejected = 0;
        foreach (var entry in _reading.Entries(call, files, strict: false))
        {
            if (entry.Structure is { } structure)
            {
                structures.Add(structure);
                continue;
            }

            first ??= entry.Rejection;
            rejected++;
        }

        if (rejected > 0 && structures.Count > 0)
        {
            call.Note(string.Create(CultureInfo.InvariantCulture, $"{rejected} entries cannot be read, the first: {first}"));
        }

        return (structures, first);
    }
}

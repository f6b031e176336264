using System.CommandLine;
using System.Text.Json.Nodes;
using Polymorph.Cli.Shell;
using Polymorph.Foundation;
using Polymorph.Structures.Formats;
using Polymorph.Structures.Inspection;
using Polymorph.Studies.Data;

namespace Polymorph.Cli.Commands;

/// <summary>Fetches structures of OPTIMADE providers into one data set.</summary>
internal sealed class DataFetchVerb : Verb
{
    private readonly Option<string[]> _providers = new("--provider") { Description = "Base URL of an OPTIMADE provider; may be given several times.", HelpName = "url", Required = true, Arity = ArgumentArity.OneOrMore };
    private readonly Option<string?> _filter = new("--filter") { Description = "What to fetch, in OPTIMADE's language; everything when left out.", HelpName = "filter" };
    private readonly Option<string> _out = new("--out") { Description = "The data set to write, extended XYZ.", HelpName = "file", Required = true };
    private readonly Option<long?> _limit = NumberOption.Of("--limit", "Most structures of each provider (default: all that match).", 1L, long.MaxValue);
    private readonly Option<double?> _timeout = NumberOption.Of("--timeout", "Seconds for each provider (default 600); what has come by then is the result.", 0.1, 1e6);
    private readonly Option<int?> _pageSize = NumberOption.Of("--page-size", "Structures per page to ask for (default 100).", 1, 100_000);
    private readonly Option<string?> _fields = new("--fields") { Description = "Further fields of the provider to fetch, such as _exmpl_energy,_exmpl_gap.", HelpName = "names" };
    private readonly Option<string?> _cache = new("--cache") { Description = "Folder that keeps the fetched pages; left out, one named after the data set.", HelpName = "folder" };
    private readonly Option<bool> _refresh = new("--refresh") { Description = "Fetch again what is there already." };

    public DataFetchVerb()
        : base("fetch", "Fetch structures of OPTIMADE providers; the same command goes on where it was stopped.",
            "polymorph data fetch --provider https://example.org/optimade --filter 'elements HAS ALL \"Si\",\"O\" AND nelements=2' --out silica.extxyz --limit 500")
    {
        foreach (var option in new Option[] { _providers, _filter, _out, _limit, _timeout, _pageSize, _fields, _cache, _refresh })
        {
            Add(option);
        }
    }

    /// <inheritdoc/>
    public override bool IsResumable => true;

    /// <inheritdoc/>
    public override ExitCode Run(Invocation call)
    {
        string output = call.Value(_out)!;
        if (!output.EndsWith(".extxyz", StringComparison.OrdinalIgnoreCase) && !output.EndsWith(".extxyz.gz", StringComparison.OrdinalIgnoreCase))
        {
            throw new PolymorphException("PM1003", $"--out expects a file that ends with .extxyz or .extxyz.gz, not '{output}'.", null, "'polymorph data convert' writes other formats.", ExitCode.Usage);
        }

        var fields = call.Value(_fields)?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var queries = call.Value(_providers)!.Select(p => OptimadeQuery.Of(p, call.Value(_filter), fields)).DistinctBy(q => q.CacheName).ToArray();
        string cache = call.Value(_cache) ?? Path.ChangeExtension(output.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? output[..^3] : output, null) + ".pages";
        var options = new OptimadeFetchOptions { Limit = call.Value(_limit) };
        options = call.Value(_timeout) is { } seconds ? options with { TimeLimit = TimeSpan.FromSeconds(seconds) } : options;
        options = call.Value(_pageSize) is { } size ? options with { PageSize = size } : options;
        var results = OptimadeFetch.RunAll(queries, cache, options, call.Value(_refresh), call.Note, call.Cancellation);
        var summary = StructureSetImport.Write(OptimadeFetch.Read(results, new ReadOptions()), output);
        Print(call, output, results, summary);
        return ExitCode.Done;
    }

    private static void Print(Invocation call, string output, IReadOnlyList<OptimadeResult> results, StructureSetSummary summary)
    {
        string quarantine = StructureSetImport.QuarantineOf(output);
        var document = SummaryReport.ToJson(summary);
        document["out"] = Path.GetFullPath(output);
        document["quarantine"] = Path.GetFullPath(quarantine);
        document["complete"] = results.All(r => r.Complete);
        document["providers"] = new JsonArray([.. results.Select(r => (JsonNode)new JsonObject
        {
            ["endpoint"] = r.Query.Endpoint.ToString(),
            ["entries"] = r.Entries,
            ["pages"] = r.Files.Count,
            ["pagesFetched"] = r.Fetched,
            ["complete"] = r.Complete,
            ["note"] = r.Note,
        })]);
        foreach (var result in results.Where(r => r.Note is not null))
        {
            call.Note($"{result.Query.Endpoint.Host}: {result.Note}. {SummaryReport.Count(result.Entries, "entry", "entries")} came; the same command goes on from there.");
        }

        call.Result("polymorph.data-fetch/1", document, text =>
        {
            text.WriteLine($"{SummaryReport.Count(summary.Structures, "structure")} in {output}{(results.All(r => r.Complete) ? "" : "; there is more")}.");
            if (summary.Rejected > 0)
            {
                text.WriteLine($"{SummaryReport.Count(summary.Rejected, "bad entry", "bad entries")} set aside in {quarantine}.");
            }
        });
    }
}

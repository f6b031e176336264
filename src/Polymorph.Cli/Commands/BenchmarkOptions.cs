using System.CommandLine;
using Polymorph.Cli.Shell;
using Polymorph.Foundation;
using Polymorph.Selection.Metrics;
using Polymorph.Studies.Benchmarks;

namespace Polymorph.Cli.Commands;

/// <summary>The options of <c>compare</c> that compare candidates with a public benchmark.</summary>
internal sealed class BenchmarkOptions
{
    private static readonly string Names = string.Join(", ", BenchmarkDefinition.All.Select(b => b.Name));
    private static readonly Dictionary<string, PairingRule> Pairings = new(StringComparer.Ordinal)
    {
        ["auto"] = PairingRule.Automatic, ["id"] = PairingRule.ById, ["order"] = PairingRule.ByOrder, ["none"] = PairingRule.None,
    };

    private readonly Option<string?> _benchmark = new("--benchmark") { Description = $"Compare candidates with a benchmark: {Names}.", HelpName = "name" };
    private readonly Option<string?> _data = new("--data") { Description = "Folder with the benchmark's files train, val and test (.csv or .jsonl.gz).", HelpName = "folder" };
    private readonly Option<string?> _out = new("--out") { Description = "File for all results with one row per structure, JSON.", HelpName = "file" };
    private readonly Option<string?> _pairing = new("--pairing") { Description = "How candidates belong to test structures: auto, id, order or none (default auto).", HelpName = "rule" };
    private readonly Option<bool> _unique = new("--unique-set") { Description = "Use the files unique_train, unique_val and unique_test." };
    private readonly Option<int?> _references = NumberOption.Of("--references", "Compare with the first so many test structures only.", 1, 100_000_000);
    private readonly Option<string?> _states = new("--oxidation-states") { Description = "CSV file with another list of oxidation states (symbol,electronegativity,metal,states).", HelpName = "file" };
    private readonly Option<long?> _seed = NumberOption.Of("--benchmark-seed", "Seed of the draws of the control arms (default 1).", 0L, long.MaxValue);

    /// <summary>Adds the options to a verb.</summary>
    /// <param name="verb">The verb.</param>
    public BenchmarkOptions(Verb verb)
    {
        foreach (Option option in new Option[] { _benchmark, _data, _out, _pairing, _unique, _references, _states, _seed })
        {
            verb.Add(option);
        }
    }

    /// <summary>True when the user asked for a benchmark.</summary>
    /// <param name="call">The call.</param>
    public bool IsAsked(Invocation call)
    {
        if (call.Value(_benchmark) is not null)
        {
            return true;
        }

        Option? stray = new Option[] { _data, _out, _pairing, _unique, _references, _states, _seed }.FirstOrDefault(call.IsGiven);
        return stray is null ? false : throw new PolymorphException("PM1003", $"'{stray.Name}' goes with '--benchmark'.", null, $"Name the benchmark: --benchmark {Names.Replace(", ", "|", StringComparison.Ordinal)}.", ExitCode.Usage);
    }

    /// <summary>Compares, prints and writes.</summary>
    /// <param name="call">The call.</param>
    /// <param name="candidates">Files or folders.</param>
    /// <param name="threads">Threads; 0 for one per core.</param>
    public ExitCode Run(Invocation call, IReadOnlyList<string> candidates, int threads)
    {
        string name = call.Value(_benchmark)!;
        var definition = BenchmarkDefinition.Named(name) ?? throw new PolymorphException("PM1003", $"there is no benchmark '{name}'.", null,
            $"{NearestName.Hint(name, BenchmarkDefinition.All.Select(b => b.Name))} Benchmarks: {Names}.".TrimStart(), ExitCode.Usage);
        string rule = call.Value(_pairing) ?? "auto";
        var request = new BenchmarkRequest
        {
            Candidates = candidates,
            Benchmark = definition,
            DataFolder = call.Value(_data) ?? throw new PolymorphException("PM1003", "the benchmark's data are not named.", null, "Add --data FOLDER with the files train, val and test.", ExitCode.Usage),
            Prefix = call.Value(_unique) ? "unique_" : "",
            References = call.Value(_references),
            Pairing = Pairings.TryGetValue(rule, out var pairing) ? pairing
                : throw new PolymorphException("PM1003", $"there is no rule of pairing '{rule}'.", null, $"{NearestName.Hint(rule, Pairings.Keys)} Rules: {string.Join(", ", Pairings.Keys)}.".TrimStart(), ExitCode.Usage),
            OxidationStates = call.Value(_states) is { } file ? OxidationTable.Read(file) : OxidationTable.Smact2014,
            Seed = (ulong)(call.Value(_seed) ?? 1),
            Threads = threads,
        };
        var comparison = ProgressDisplay.Run(call.Terminal, observer => new BenchmarkStage(request, observer, call.Cancellation).Run());
        if (call.Value(_out) is { } path)
        {
            BenchmarkJson.Write(comparison, ProductVersion.Text, path);
        }

        var document = BenchmarkJson.Of(comparison, rows: false);
        document["file"] = call.Value(_out) is { } written ? Path.GetFullPath(written) : null;
        call.Result("polymorph.benchmark/1", document, output => BenchmarkReport.Write(output, comparison, call.Value(_out)));
        return ExitCode.Done;
    }
}

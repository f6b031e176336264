using System.CommandLine;
using Polymorph.Cli.Shell;
using Polymorph.Energies.Catalogue;
using Polymorph.Foundation;
using Polymorph.Studies.Recipes;
using Polymorph.Studies.Relaxations;
using Polymorph.Studies.Runs;
using Polymorph.Studies.Stages;

namespace Polymorph.Cli.Commands;

/// <summary>Looks for known structures among those of a run, or compares candidates with a public benchmark.</summary>
internal sealed class CompareVerb : Verb
{
    private readonly Argument<string[]> _from = new("RUN|CANDIDATES") { Description = "The run folder; with --benchmark, files or folders of candidates, or - for standard input.", Arity = ArgumentArity.OneOrMore };
    private readonly BenchmarkOptions _benchmark;
    private readonly RecipeOptions _values;
    private readonly EngineCatalogue _catalogue;

    public CompareVerb(EngineCatalogue catalogue)
        : base("compare", "Say which known molecules were found, by which models, how often; known crystals are looked for among the relaxed ones. With --benchmark: the field's metrics of candidates.",
            "polymorph compare my-run", "polymorph compare my-run --known isomers.smi", "polymorph compare my-silica --known targets.extxyz",
            "polymorph compare candidates.cif --benchmark perov-5 --data data/perov_5 --out metrics.json")
    {
        _catalogue = catalogue;
        Add(_from);
        _values = new RecipeOptions(this, [SelectionKeys.Known, RecipeKeys.Threads]);
        _benchmark = new BenchmarkOptions(this);
    }

    /// <inheritdoc/>
    public override ExitCode Run(Invocation call)
    {
        var asked = _values.Read(call);
        string[] from = call.Value(_from)!;
        if (_benchmark.IsAsked(call))
        {
            return _benchmark.Run(call, from, RelaxationPlan.ThreadsOf(asked));
        }

        string run = from.Length == 1 ? from[0] : throw new PolymorphException("PM1003", $"one run folder is compared at a time, not {from.Length}.", null, "Name one, or files of candidates and --benchmark.", ExitCode.Usage);
        var (molecules, crystals) = ProgressDisplay.Run(call.Terminal, observer =>
        {
            using var session = StudySession.Continue(run, asked);

            // Before anything is relaxed, the error says what can be compared and how.
            return CompareStage.IsOfMolecules(session) || !File.Exists(session.Folder.RelaxedFile)
                ? (CompareStage.Run(session, observer, call.Cancellation), (CrystalComparison?)null)
                : (null, CrystalCompareStage.Run(session, _catalogue, observer, call.Cancellation));
        });
        var document = molecules is not null ? CompareStage.Json(molecules) : CrystalCompareStage.Json(crystals!);
        document["run"] = Path.GetFullPath(run);
        call.Result(molecules is not null ? "polymorph.compare/1" : "polymorph.compare-crystals/1", document, output =>
        {
            if (molecules is not null)
            {
                StudyReport.Write(output, molecules);
            }
            else
            {
                StudyReport.Write(output, crystals!);
            }
        });
        return ExitCode.Done;
    }
}

using System.CommandLine;
using Polymorph.Cli.Shell;
using Polymorph.Energies.Catalogue;
using Polymorph.Foundation;
using Polymorph.Studies.Recipes;
using Polymorph.Studies.Relaxations;
using Polymorph.Studies.Runs;
using Polymorph.Studies.Stages;

namespace Polymorph.Cli.Commands;

/// <summary>Takes structures to local minima: the selected ones of a run folder, or those of a file.</summary>
internal sealed class RelaxVerb : Verb
{
    private readonly EngineCatalogue _catalogue;
    private readonly Argument<string> _from = new("RUN|FILE") { Description = "A run folder, of which the selected structures are relaxed, or a file with structures, or - for standard input." };
    private readonly Option<string?> _out = new("--out") { Description = "The file to write, for a file; a run folder keeps its own.", HelpName = "file" };
    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Only say what it would cost, from a short calibration." };
    private readonly RecipeOptions _values;
    private readonly ReadingOptions _reading;

    public RelaxVerb(EngineCatalogue catalogue)
        : base("relax", "Take structures to local minima; the same command continues what was stopped.",
            "polymorph relax my-run", "polymorph relax my-run --engine tensornet --budget 40", "polymorph relax set.extxyz --out relaxed.extxyz --cell full")
    {
        _catalogue = catalogue;
        Add(_from);
        Add(_out);
        Add(_dryRun);
        _values = new RecipeOptions(this, [.. RelaxationKeys.All, RecipeKeys.Threads]);
        _reading = new ReadingOptions(this);
    }

    /// <inheritdoc/>
    public override bool IsResumable => true;

    /// <inheritdoc/>
    public override ExitCode Run(Invocation call)
    {
        string from = call.Value(_from)!;
        var asked = _values.Read(call);
        bool isRun = Directory.Exists(from) && (call.Value(_out) is null || File.Exists(Path.Combine(from, "recipe.yaml")));
        if (isRun && call.Value(_out) is { } surplus)
        {
            throw new PolymorphException("PM1006", $"a run folder keeps its relaxed structures itself, and '--out {surplus}' is for files", from, "Leave --out away; the answer names the file.", ExitCode.Usage);
        }

        if (call.Value(_dryRun))
        {
            return RelaxationReport.Print(call, ProgressDisplay.Run(call.Terminal, observer => isRun
                ? RelaxationPrice.Of(from, asked, _catalogue, observer, call.Cancellation)
                : RelaxationPrice.Of(_reading.Entries(call, [from], strict: false), asked, _catalogue, observer, call.Cancellation)));
        }

        var outcome = isRun ? OfRun(call, from, asked) : OfFile(call, from, asked);
        var document = RelaxationJson.Of(outcome);
        document["run"] = isRun ? Path.GetFullPath(from) : null;
        call.Result("polymorph.relax/1", document, output => RelaxationReport.Write(output, outcome));
        if (isRun)
        {
            call.Note($"Next: {ProgramName.Text} compare {from}");
        }

        return outcome.Exit;
    }

    private RelaxationOutcome OfRun(Invocation call, string run, RecipeValues asked) => ProgressDisplay.Run(call.Terminal, observer =>
    {
        using var session = StudySession.Continue(run, asked);
        return RelaxStage.Run(session, _catalogue, observer, call.Cancellation);
    });

    private RelaxationOutcome OfFile(Invocation call, string file, RecipeValues asked)
    {
        if (file != "-" && !Path.Exists(file))
        {
            throw new PolymorphException("PM1009", "there is no such file or folder", file, "Check the path; a run folder begins with 'polymorph train'.", ExitCode.InputData);
        }

        string output = call.Value(_out) ?? throw new PolymorphException("PM1006", "there is no place for the relaxed structures", file, "Say it with --out relaxed.extxyz, or give a run folder.", ExitCode.Usage);
        if (Path.GetFullPath(output) == Path.GetFullPath(file))
        {
            throw new PolymorphException("PM1006", "the relaxed structures would replace the file that they come from, with what was left out of it", file, "Give --out another name.", ExitCode.Usage);
        }

        var plan = RelaxationPlan.Of(asked);
        if (plan.CriticSteps > 0)
        {
            throw new PolymorphException("PM1006", "a file has no critic that could refine its structures", file, "Leave --refine-by-critic away, or give the run folder whose models made them.", ExitCode.Usage);
        }

        return ProgressDisplay.Run(call.Terminal, observer =>
            FileRelaxation.Run(_reading.Entries(call, [file], strict: false), output, plan, RelaxationPlan.ThreadsOf(asked), _catalogue, observer, call.Cancellation));
    }
}

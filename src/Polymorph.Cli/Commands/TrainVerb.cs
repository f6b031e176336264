using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Polymorph.Cli.Shell;
using Polymorph.Foundation;
using Polymorph.Studies.Cgcnn;
using Polymorph.Studies.CrystalGan;
using Polymorph.Studies.Recipes;
using Polymorph.Studies.Runs;
using Polymorph.Studies.Stages;

namespace Polymorph.Cli.Commands;

/// <summary>Trains the models of a run folder, begins a new one, or continues one that was stopped.</summary>
internal sealed class TrainVerb : Verb
{
    private readonly Argument<string> _run = new("RUN") { Description = "The run folder; made when missing." };
    private readonly Option<string?> _recipe = new("--recipe") { Description = "A recipe; other options go over its values.", HelpName = "file" };
    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Only say what it would cost in time, memory and disk." };
    private readonly RecipeOptions _values;

    public TrainVerb()
        : base("train", "Train the models of a run folder; the same command continues what was stopped. 'train crystal-gan RUN' begins a Crystal GAN, 'train cgcnn RUN' a network that predicts a property.",
            "polymorph train my-run --preset fast --training known.extxyz --formula C5H12O",
            "polymorph train my-run",
            "polymorph train crystal-gan my-gan --data prepared")
    {
        Add(new TrainCrystalGanVerb());
        Add(new TrainCgcnnVerb());

        // A command with subcommands and without an action would not be run by itself.
        SetAction(_ => 0);
        Add(_run);
        Add(_recipe);
        Add(_dryRun);
        _values = new RecipeOptions(this, RecipeKeys.All.Where(k => k.Section is "" or "target" or "models" or "train"));
    }

    /// <inheritdoc/>
    public override bool IsResumable => true;

    /// <inheritdoc/>
    public override ExitCode Run(Invocation call)
    {
        var asked = call.Value(_recipe) is { } file ? RecipeValues.ReadFile(file) : new RecipeValues();
        asked.Overlay(_values.Read(call));
        string run = call.Value(_run)!;
        bool isGan = CrystalGanRun.IsAt(run), isNetwork = CgcnnRun.IsAt(run);
        if (isGan || isNetwork)
        {
            string command = isGan ? "crystal-gan" : "cgcnn";
            return call.IsGiven(_recipe) || call.IsGiven(_dryRun) || RecipeKeys.All.Any(asked.Has)
                ? throw new PolymorphException("PM1014", $"this run holds a {(isGan ? "Crystal GAN" : "crystal graph network")}, whose options belong to another command.", null, $"Continue it without options, or with 'polymorph train {command} {run}'.", ExitCode.Usage)
                : isGan ? TrainCrystalGanVerb.Train(call, run, new CrystalGanRecipe()) : TrainCgcnnVerb.Continue(call, run);
        }

        if (call.Value(_dryRun))
        {
            return PriceReport.Print(call, ProgressDisplay.Run(call.Terminal, observer => StudyPrice.Estimate(run, asked, observer, call.Cancellation)));
        }

        var result = ProgressDisplay.Run(call.Terminal, observer =>
        {
            using var session = StudySession.Begin(run, asked, observer);
            return TrainStage.Run(session, observer, call.Cancellation);
        });
        return Print(call, run, result);
    }

    private static ExitCode Print(Invocation call, string run, TrainResult result)
    {
        var document = new JsonObject
        {
            ["run"] = Path.GetFullPath(run),
            ["finished"] = result.Finished,
            ["diverged"] = result.Diverged,
            ["models"] = new JsonArray([.. result.Models.Select(m => (JsonNode)new JsonObject
            {
                ["name"] = m.Model,
                ["state"] = m.State.ToString().ToLowerInvariant(),
                ["epoch"] = m.Epoch,
                ["wasserstein"] = m.Statistics.Wasserstein,
                ["gradientNorm"] = m.Statistics.GradientNorm,
                ["validShare"] = m.ValidShare,
            })]),
        };
        call.Result("polymorph.train/1", document, output =>
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{result.Finished} of {result.Models.Length} models are trained{(result.Diverged > 0 ? $", {result.Diverged} diverged" : "")}.")));
        if (result.Finished > 0)
        {
            call.Note($"Next: {ProgramName.Text} generate {run}");
        }
        else
        {
            call.Note("Every model diverged. Lower the learning rate (--learning-rate) in a new run folder.");
        }

        return StudyReport.Exit(result);
    }
}

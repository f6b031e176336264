using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Polymorph.Cli.Shell;
using Polymorph.Foundation;
using Polymorph.Studies.CrystalGan;
using Polymorph.Studies.Recipes;
using Polymorph.Studies.Runs;
using Polymorph.Studies.Stages;

namespace Polymorph.Cli.Commands;

/// <summary>Trains a Crystal GAN, begins a new run, or continues one that was stopped.</summary>
internal sealed class TrainCrystalGanVerb : Verb
{
    private readonly Argument<string> _run = new("RUN") { Description = "The run folder; made when missing." };
    private readonly Option<string?> _recipe = new("--recipe") { Description = "A recipe of such a run, like the run folder's resolved.yaml; other options go over its values.", HelpName = "file" };
    private readonly List<(RecipeKey Key, Option<string?> Option)> _options = [];

    public TrainCrystalGanVerb()
        : base(CrystalGanRun.Name, "Train a composition-conditioned Crystal GAN; the same command continues what was stopped, bit for bit.",
            "polymorph train crystal-gan my-run --data prepared --preset polymorph --epochs 100",
            "polymorph train crystal-gan my-run")
    {
        Add(_run);
        Add(_recipe);
        foreach (var key in CrystalGanRecipe.Keys.Where(k => k != CrystalGanRecipe.Model))
        {
            var option = new Option<string?>(key.OptionName)
            {
                Description = key.Description,
                HelpName = key.Kind switch { RecipeKind.Path => "folder", RecipeKind.Choice => string.Join('|', key.Choices), _ => "number" },
            };
            _options.Add((key, option));
            Add(option);
        }
    }

    /// <inheritdoc/>
    public override bool IsResumable => true;

    /// <inheritdoc/>
    public override ExitCode Run(Invocation call)
    {
        var asked = call.Value(_recipe) is { } file ? CrystalGanRecipe.ReadFile(file) : new CrystalGanRecipe();
        foreach (var (key, option) in _options)
        {
            if (call.Value(option) is { } text)
            {
                asked.Set(key, key.Kind == RecipeKind.Path ? Path.GetFullPath(text) : text, key.OptionName);
            }
        }

        return Train(call, call.Value(_run)!, asked);
    }

    /// <summary>Trains and prints what came of it.</summary>
    /// <param name="call">The call.</param>
    /// <param name="run">The run folder.</param>
    /// <param name="asked">What is asked.</param>
    public static ExitCode Train(Invocation call, string run, CrystalGanRecipe asked)
    {
        var result = ProgressDisplay.Run(call.Terminal, observer =>
        {
            using var session = CrystalGanSession.Begin(run, asked);
            return CrystalGanTrainStage.Run(session, observer, call.Cancellation);
        });
        var model = result.Models[0];
        var document = new JsonObject
        {
            ["run"] = Path.GetFullPath(run),
            ["state"] = model.State.ToString().ToLowerInvariant(),
            ["epoch"] = model.Epoch,
            ["epochs"] = model.Epochs,
            ["wasserstein"] = model.Statistics.Wasserstein,
            ["gradientNorm"] = model.Statistics.GradientNorm,
            ["generatorLoss"] = model.Statistics.GeneratorLoss,
            ["details"] = model.Details,
        };
        call.Result("polymorph.train-crystal-gan/1", document, output =>
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"The model is {ModelLine.State(model)}.")));
        call.Note(result.Finished > 0 ? $"Next: {ProgramName.Text} generate {run} --composition FORMULA" : "The model diverged. Take another seed, or another preset, in a new run folder.");
        return StudyReport.Exit(result);
    }
}

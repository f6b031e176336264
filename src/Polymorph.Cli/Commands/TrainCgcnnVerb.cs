using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Polymorph.Cli.Shell;
using Polymorph.Foundation;
using Polymorph.Models.Cgcnn;
using Polymorph.Studies.Cgcnn;

namespace Polymorph.Cli.Commands;

/// <summary>Trains a crystal graph network on crystals with a property, or continues a training that was stopped.</summary>
internal sealed class TrainCgcnnVerb : Verb
{
    private readonly Argument<string> _run = new("RUN") { Description = "The run folder; made when missing." };
    private readonly Option<string?> _data = new("--data") { Description = "Crystals with the property: extended XYZ, JSON lines or CSV; or a folder with id_prop.csv and one id.cif each.", HelpName = "file|folder" };
    private readonly Option<string?> _property = new("--property") { Description = "Name of the property; with id_prop.csv the name to give it.", HelpName = "name" };
    private readonly Option<string?> _unit = new("--unit") { Description = "Its unit, for what outputs say.", HelpName = "text" };
    private readonly Option<string?> _method = new("--method") { Description = "How it was computed or measured, such as PBE, for what outputs say.", HelpName = "text" };
    private readonly Option<CgcnnTask> _task = ChoiceOption.Of("--task", "Learn a number (default), or the probability of class 1 of 0 and 1.", CgcnnTask.Regression, ("regression", CgcnnTask.Regression), ("classification", CgcnnTask.Classification));
    private readonly Option<CgcnnOptimiser> _optimiser = ChoiceOption.Of("--optimiser", "Adam (default) or gradient descent with momentum.", CgcnnOptimiser.Adam, ("adam", CgcnnOptimiser.Adam), ("sgd", CgcnnOptimiser.Sgd));
    private readonly Option<int?> _repeats = NumberOption.Of("--repeats", "Networks of an ensemble, whose spread is the uncertainty (default 1: none).", 1, 64);
    private readonly Option<int?> _epochs = NumberOption.Of("--epochs", "Passes over the training crystals (default 100).", 1, 100_000);
    private readonly Option<int?> _batch = NumberOption.Of("--batch", "Crystals per step (default 32).", 2, 4096);
    private readonly Option<double?> _rate = NumberOption.Of("--learning-rate", "First step; a tenth of it after three quarters of the epochs (default 0.005).", 1e-8, 0.5);
    private readonly Option<int?> _atomFeatures = NumberOption.Of("--atom-features", "Numbers per atom (default 64).", 1, 1024);
    private readonly Option<int?> _hidden = NumberOption.Of("--hidden-features", "Numbers per crystal behind the pooling (default 128).", 1, 1024);
    private readonly Option<int?> _convolutions = NumberOption.Of("--convolutions", "Convolutions (default 3).", 1, 16);
    private readonly Option<double?> _validation = NumberOption.Of("--validation", "Share of the crystals that chooses the epoch to keep (default 0.2).", 0.01, 0.9);
    private readonly Option<double?> _test = NumberOption.Of("--test", "Share that is only predicted (default 0.2).", 0.0, 0.9);
    private readonly Option<long?> _seed = NumberOption.Of("--seed", "Seed of split, weights and order (default 1).", 0L, long.MaxValue);
    private readonly Option<double?> _checkpoints = NumberOption.Of("--checkpoint-seconds", "Seconds between checkpoints (default 5).", 0.0, 86_400);
    private readonly Option<int?> _threads = NumberOption.Of("--threads", "Networks trained at the same time (default: all cores).", 1, 1024);

    public TrainCgcnnVerb()
        : base("cgcnn", "Train a crystal graph network (CGCNN) on a property of crystals; the same command continues what was stopped, bit for bit.",
            "polymorph train cgcnn my-run --data crystals.extxyz --property band_gap --unit eV --method PBE --repeats 4",
            "polymorph train cgcnn my-run")
    {
        Add(_run);
        foreach (var option in new Option[] { _data, _property, _unit, _method, _task, _optimiser, _repeats, _epochs, _batch, _rate, _atomFeatures, _hidden, _convolutions, _validation, _test, _seed, _checkpoints, _threads })
        {
            Add(option);
        }
    }

    /// <inheritdoc/>
    public override bool IsResumable => true;

    /// <inheritdoc/>
    public override ExitCode Run(Invocation call)
    {
        string run = call.Value(_run)!;
        return Train(call, run, settings => Asked(call, settings), call.Value(_threads) ?? Environment.ProcessorCount, call.Value(_checkpoints) ?? CgcnnRun.UsualCheckpointSeconds);
    }

    /// <summary>Continues the training of a run folder with what is on record.</summary>
    /// <param name="call">The call.</param>
    /// <param name="run">The run folder.</param>
    public static ExitCode Continue(Invocation call, string run) => Train(call, run, settings => settings, Environment.ProcessorCount, CgcnnRun.UsualCheckpointSeconds);

    private static ExitCode Train(Invocation call, string run, Func<CgcnnRunSettings, CgcnnRunSettings> ask, int threads, double checkpointSeconds)
    {
        var result = ProgressDisplay.Run(call.Terminal, observer => CgcnnRun.Train(run, ask, threads, checkpointSeconds, observer, call.Cancellation));
        Print(call, run, result);
        return ExitCode.Done;
    }

    private CgcnnRunSettings Asked(Invocation call, CgcnnRunSettings s) => s with
    {
        Data = call.Value(_data) is { } data ? Path.GetFullPath(data) : s.Data,
        Property = call.Value(_property) ?? s.Property,
        Unit = call.Value(_unit) ?? s.Unit,
        Method = call.Value(_method) ?? s.Method,
        Repeats = call.Value(_repeats) ?? s.Repeats,
        Validation = call.Value(_validation) ?? s.Validation,
        Test = call.Value(_test) ?? s.Test,
        Seed = (ulong?)call.Value(_seed) ?? s.Seed,
        Options = s.Options with
        {
            Task = call.IsGiven(_task) ? call.Value(_task) : s.Options.Task,
            AtomFeatures = call.Value(_atomFeatures) ?? s.Options.AtomFeatures,
            HiddenFeatures = call.Value(_hidden) ?? s.Options.HiddenFeatures,
            Convolutions = call.Value(_convolutions) ?? s.Options.Convolutions,
        },
        Training = s.Training with
        {
            Optimiser = call.IsGiven(_optimiser) ? call.Value(_optimiser) : s.Training.Optimiser,
            Epochs = call.Value(_epochs) ?? s.Training.Epochs,
            Batch = call.Value(_batch) ?? s.Training.Batch,
            LearningRate = call.Value(_rate) ?? s.Training.LearningRate,
        },
    };

    private static void Print(Invocation call, string run, CgcnnRunResult result)
    {
        bool regression = result.Model.Options.Task == CgcnnTask.Regression;
        string metric = regression ? "mean absolute error" : "area under the curve", unit = regression && result.Model.Unit.Length > 0 ? " " + result.Model.Unit : "";
        var document = new JsonObject
        {
            ["run"] = Path.GetFullPath(run),
            ["model"] = result.ModelFile,
            ["property"] = result.Model.Property,
            ["unit"] = result.Model.Unit,
            ["level"] = result.Model.Level,
            ["networks"] = result.Model.Members.Length,
            ["crystals"] = new JsonObject { ["training"] = result.Counts.Training, ["validation"] = result.Counts.Validation, ["test"] = result.Counts.Test },
            ["metric"] = regression ? "meanAbsoluteError" : "areaUnderCurve",
            ["validation"] = result.ValidationMetric,
            ["test"] = result.TestMetric,
            ["meanPredictor"] = result.Baseline,
            ["meanUncertainty"] = result.MeanUncertainty,
        };
        call.Result("polymorph.train-cgcnn/1", document, output =>
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{result.Model.Property}: {metric} {result.ValidationMetric:G4}{unit} on {result.Counts.Validation} validation crystals"));
            if (result.TestMetric is { } test)
            {
                string baseline = result.Baseline is { } b ? string.Create(CultureInfo.InvariantCulture, $"; predicting the mean gives {b:G4}") : "";
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{result.Model.Property}: {metric} {test:G4}{unit} on {result.Counts.Test} test crystals{baseline}"));
            }

            output.WriteLine($"The predictions are {result.Model.Level}. Written to {result.ModelFile}.");
        });
        call.Note($"Next: {ProgramName.Text} predict FILE --model {result.ModelFile}");
    }
}

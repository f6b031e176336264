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

/// <summary>Generates structures with the trained models of a run folder.</summary>
internal sealed class GenerateVerb : Verb
{
    private readonly Argument<string> _run = new("RUN") { Description = "The run folder." };
    private readonly RecipeOptions _values;
    private readonly CompositionOptions _compositions;
    private bool _resumable = true;

    public GenerateVerb()
        : base("generate", "Generate structures with the trained models of a run folder.", "polymorph generate my-run", "polymorph generate my-run --structures 10000",
            "polymorph generate my-gan --composition Mg2MnO4 -n 300 --unique")
    {
        Add(_run);
        _values = new RecipeOptions(this, [RecipeKeys.Structures, RecipeKeys.Threads]);
        _compositions = new CompositionOptions(this);
    }

    /// <inheritdoc/>
    public override bool IsResumable => _resumable;

    /// <inheritdoc/>
    public override ExitCode Run(Invocation call)
    {
        string run = call.Value(_run)!;
        var asked = _values.Read(call);
        if (CrystalGanRun.IsAt(run))
        {
            // The crystals of finished compositions stay, but the same command draws all of them again.
            _resumable = false;
            return asked.Has(RecipeKeys.Structures)
                ? throw new PolymorphException("PM1011", "--structures is for runs of other models.", null, "A Crystal GAN takes --count, the crystals of each composition.", ExitCode.Usage)
                : _compositions.Generate(call, run, (int?)asked.Whole(RecipeKeys.Threads));
        }

        if (_compositions.Given(call) is { } option && RunFolder.Existing(run) is not null)
        {
            throw new PolymorphException("PM1011", $"{option} is for runs of a Crystal GAN.", null, "This run generates what its recipe says: leave the option out.", ExitCode.Usage);
        }

        var files = ProgressDisplay.Run(call.Terminal, observer =>
        {
            using var session = StudySession.Continue(run, asked);
            return GenerateStage.Run(session, observer, call.Cancellation);
        });
        var document = new JsonObject
        {
            ["run"] = Path.GetFullPath(run),
            ["generated"] = files.Sum(f => f.Count),
            ["files"] = new JsonArray([.. files.Select(f => (JsonNode)new JsonObject { ["model"] = f.Model, ["file"] = f.File, ["count"] = f.Count })]),
        };
        call.Result("polymorph.generate/1", document, output =>
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{files.Sum(f => f.Count):N0} structures of {files.Length} models are in {Path.GetDirectoryName(files[0].File)}.")));
        call.Note($"Next: {ProgramName.Text} select {run}");
        return ExitCode.Done;
    }
}

using System.CommandLine;
using Polymorph.Cli.Shell;
using Polymorph.Energies.Catalogue;
using Polymorph.Foundation;
using Polymorph.Studies.Recipes;
using Polymorph.Studies.Runs;
using Polymorph.Studies.Stages;

namespace Polymorph.Cli.Commands;

/// <summary>The main job with nothing to prepare: learns from 39 molecules and proposes isomers of a formula that is not among them.</summary>
internal sealed class DemoVerb : Verb
{
    private readonly Argument<string> _run = new("RUN") { Description = "The run folder.", DefaultValueFactory = _ => "polymorph-demo" };
    private readonly RecipeOptions _values;
    private readonly EngineCatalogue _catalogue;

    public DemoVerb(EngineCatalogue catalogue)
        : base("demo", "Learn from 39 molecules and propose isomers of C5H12O, in one to two minutes on two cores.", "polymorph demo", "polymorph demo my-demo --seed 7")
    {
        _catalogue = catalogue;
        Add(_run);
        _values = new RecipeOptions(this, [RecipeKeys.Seed, RecipeKeys.Threads]);
    }

    /// <inheritdoc/>
    public override bool IsResumable => true;

    /// <inheritdoc/>
    public override ExitCode Run(Invocation call)
    {
        string run = call.Value(_run)!;
        var asked = DemoStudy.Recipe();
        if (_catalogue.HasEmbedded(DemoStudy.Request))
        {
            asked.Overlay(DemoStudy.Relaxation());
        }

        asked.Overlay(_values.Read(call));
        call.Note("Known: the 7 isomers of C4H10O and the 32 of C6H14O. Wanted: isomers of C5H12O, of which none is known here.");
        string file = "";
        var outcome = ProgressDisplay.Run(call.Terminal, observer =>
        {
            using var session = StudySession.Begin(run, asked, observer, DemoTrainingSet.Read());
            file = session.Folder.SelectedFile;
            return WholeStudy.Run(session, _catalogue, observer, call.Cancellation);
        });
        call.Result("polymorph.demo/1", StudyReport.Json(Path.GetFullPath(run), outcome), output => StudyReport.Write(output, outcome, file));
        call.Note($"""

            Next:
              {ProgramName.Text} status {run}
              {ProgramName.Text} generate {run} --structures 10000
              {ProgramName.Text} train my-run --preset fast --training YOUR-STRUCTURES.extxyz --formula C5H12O
            """);
        return StudyReport.Exit(outcome);
    }
}

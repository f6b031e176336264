using System.CommandLine;
using Polymorph.Cli.Shell;
using Polymorph.Energies.Catalogue;
using Polymorph.Foundation;
using Polymorph.Studies.Recipes;
using Polymorph.Studies.Runs;
using Polymorph.Studies.Stages;

namespace Polymorph.Cli.Commands;

/// <summary>Looks for known molecules among the generated and the selected ones.</summary>
internal sealed class CompareVerb : Verb
{
    private readonly Argument<string> _run = new("RUN") { Description = "The run folder." };
    private readonly RecipeOptions _values;
    private readonly EngineCatalogue _catalogue;

    public CompareVerb(EngineCatalogue catalogue)
        : base("compare", "Say which known molecules were found, by which models, how often; known crystals are looked for among the relaxed ones.",
            "polymorph compare my-run", "polymorph compare my-run --known isomers.smi", "polymorph compare my-silica --known targets.extxyz")
    {
        _catalogue = catalogue;
        Add(_run);
        _values = new RecipeOptions(this, [SelectionKeys.Known, RecipeKeys.Threads]);
    }

    /// <inheritdoc/>
    public override ExitCode Run(Invocation call)
    {
        string run = call.Value(_run)!;
        var asked = _values.Read(call);
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

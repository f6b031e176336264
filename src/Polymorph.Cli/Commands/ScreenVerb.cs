using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Polymorph.Cli.Shell;
using Polymorph.Energies.Catalogue;
using Polymorph.Foundation;
using Polymorph.Studies.Screening;

namespace Polymorph.Cli.Commands;

/// <summary>Sends candidates through a funnel.</summary>
internal sealed class ScreenVerb : Verb
{
    private readonly EngineCatalogue _catalogue;
    private readonly Argument<string[]> _files = new("FILES") { Description = "Candidates: structure files or folders, a run folder with relaxed structures, or tables (CSV, JSON) with id, formula and energy_eV.", Arity = ArgumentArity.OneOrMore };
    private readonly Option<string> _recipe = new("--recipe") { Description = "YAML with the references and the ordered steps; docs/methods/screening.md describes it.", HelpName = "file", Required = true };
    private readonly Option<string> _out = new("--out") { Description = "Folder for tables, pictures and kept values.", HelpName = "folder", Required = true };
    private readonly Option<string[]> _references = new("--reference") { Description = "Files of known phases besides those of the recipe. May be repeated.", HelpName = "file", Arity = ArgumentArity.OneOrMore };
    private readonly Option<string[]> _experimental = new("--experimental") { Description = "Files of known phases that have been made: references whose nearest one 'synthesizability' names. May be repeated.", HelpName = "file", Arity = ArgumentArity.OneOrMore };
    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Only say what would be done: steps, methods, bounds, and what is kept from earlier." };
    private readonly Option<int?> _threads = NumberOption.Of("--threads", "Candidates worked on at the same time; by default one per core. Results do not depend on it.", 1, 4096);
    private readonly ReadingOptions _reading;

    public ScreenVerb(EngineCatalogue catalogue)
        : base("screen", "Send candidates through a funnel of steps: chemistry, energies above the hull, water, band gap, confirmation; the same command continues what was stopped.",
            "polymorph screen candidates.extxyz --recipe recipes/photoanode.yaml --reference known.extxyz --out screened", "polymorph screen my-run --recipe funnel.yaml --experimental made.extxyz --out screened", "polymorph screen candidates.csv --recipe funnel.yaml --out screened --dry-run")
    {
        _catalogue = catalogue;
        Add(_files);
        Add(_recipe);
        Add(_out);
        Add(_references);
        Add(_experimental);
        Add(_dryRun);
        Add(_threads);
        _reading = new ReadingOptions(this);
    }

    /// <inheritdoc/>
    public override bool IsResumable => true;

    /// <inheritdoc/>
    public override ExitCode Run(Invocation call)
    {
        var request = new ScreeningRequest(call.Value(_files)!, call.Value(_recipe)!, call.Value(_out)!, call.Value(_threads) ?? Environment.ProcessorCount, _reading.Read(call, strict: false), ProductVersion.Text) { References = call.Value(_references) ?? [], Experimental = call.Value(_experimental) ?? [] };
        if (call.Value(_dryRun))
        {
            var plan = ProgressDisplay.Run(call.Terminal, observer => ScreeningStage.Plan(request, _catalogue, observer, call.Cancellation));
            call.Result("polymorph.screening-plan/1", Document(plan), output => Write(output, plan));
            return ExitCode.Done;
        }

        var outcome = ProgressDisplay.Run(call.Terminal, observer => ScreeningStage.Run(request, _catalogue, observer, call.Cancellation));
        var document = (JsonObject)outcome.Document.DeepClone();
        document.Remove("schema");
        document["passed"] = outcome.Passed;
        document["folder"] = outcome.Folder;
        call.Result("polymorph.screening/1", document, output => Write(output, outcome));
        return outcome.Exit;
    }

    private static void Write(TextWriter output, ScreeningOutcome outcome)
    {
        output.WriteLine($"{outcome.Candidates} candidates{(outcome.Unread > 0 ? $"; {SummaryReport.Count(outcome.Unread, "entry", "entries")} could not be read" : "")}");
        foreach (var row in outcome.Rows)
        {
            output.WriteLine(row.Sentence);
        }

        int open = outcome.Survivors - outcome.Passed;
        output.WriteLine($"{outcome.Survivors} survive{(open > 0 ? $", {open} of them with something unknown or borderline" : "")}");
        output.WriteLine($"results: {outcome.Folder}");
    }

    private static void Write(TextWriter output, ScreeningPlan plan)
    {
        output.WriteLine($"{plan.Candidates} candidates{(plan.Unread > 0 ? $", {plan.Unread} entries cannot be read" : "")}; {plan.References} references");
        foreach (var (step, number) in plan.Steps.Select((s, i) => (s, i + 1)))
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{number}. {step.Name}: {Bounds(step)}; unknown: {step.Missing}; {step.Cost}{(step.Kept is { } kept ? $", {kept} of {plan.Candidates} kept from earlier" : "")}"));
            if (step.Method.Length > 0)
            {
                output.WriteLine($"   {step.Method}");
            }
        }
    }

    private static string Bounds(PlannedStep step) => step.Bounds switch
    {
        { Minimum: { } low, Maximum: { } high } => string.Create(CultureInfo.InvariantCulture, $"{step.Quantity} from {low} to {high} {step.Unit}").TrimEnd(),
        { Minimum: { } low } => string.Create(CultureInfo.InvariantCulture, $"{step.Quantity} at least {low} {step.Unit}").TrimEnd(),
        { Maximum: { } high } => string.Create(CultureInfo.InvariantCulture, $"{step.Quantity} at most {high} {step.Unit}").TrimEnd(),
        _ => step.Quantity,
    };

    private static JsonObject Document(ScreeningPlan plan) => new()
    {
        ["candidates"] = plan.Candidates,
        ["unread"] = plan.Unread,
        ["references"] = plan.References,
        ["steps"] = new JsonArray([.. plan.Steps.Select(s => (JsonNode)new JsonObject
        {
            ["name"] = s.Name,
            ["quantity"] = s.Quantity,
            ["method"] = s.Method,
            ["minimum"] = s.Bounds.Minimum,
            ["maximum"] = s.Bounds.Maximum,
            ["unit"] = s.Unit,
            ["missing"] = s.Missing,
            ["cost"] = s.Cost,
            ["kept"] = s.Kept,
        })]),
    };
}

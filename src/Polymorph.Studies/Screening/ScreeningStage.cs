using System.Collections.Immutable;
using Polymorph.Energies.Catalogue;
using Polymorph.Foundation;
using Polymorph.Screening.Hull;
using Polymorph.Studies.Runs;

namespace Polymorph.Studies.Screening;

/// <summary>Sends candidates through the steps of a recipe. Dear values are kept as they come: a stopped or killed screening is continued by the same command, and another bound uses them again.</summary>
public static class ScreeningStage
{
    private const string CacheName = "cache", LockName = "screen.lock";

    /// <summary>Screens.</summary>
    /// <param name="request">Candidates, recipe, folder.</param>
    /// <param name="catalogue">The engines.</param>
    /// <param name="observer">Told how far it is, and of every step what came and went.</param>
    /// <param name="cancellation">Stops; what is kept stays, and the same command continues.</param>
    /// <exception cref="PolymorphException">PM7401 to PM7411 and those of recipes, files, hulls and engines.</exception>
    /// <exception cref="OperationCanceledException">Stopped.</exception>
    public static ScreeningOutcome Run(ScreeningRequest request, EngineCatalogue catalogue, IStudyObserver observer, CancellationToken cancellation)
    {
        var (context, steps, unread) = Open(request, catalogue, observer, cancellation);
        var recipe = context.Recipe;
        using var held = Hold(request.Folder);
        AtomicFile.RemoveAbandoned(request.Folder);
        var rows = ImmutableArray.CreateBuilder<FunnelRow>(steps.Count);
        IReadOnlyList<ScreeningCandidate> inside = context.Candidates;
        foreach (var step in steps)
        {
            cancellation.ThrowIfCancellationRequested();
            inside = Run(step, inside, context, rows);
            observer.Note(rows[^1].Sentence);
        }

        var outcome = new ScreeningOutcome(Path.GetFullPath(request.Folder), context.Candidates.Count, unread, rows.ToImmutable(), inside.Count, inside.Count(c => c.State == "passed"),
            context.Candidates.Count(c => c.Results.Exists(r => r.Value.EngineFailed)), ScreeningDocument.Of(request, recipe, context, steps, rows, unread));
        ScreeningOutputs.Write(request.Folder, outcome, recipe, context, steps);
        return outcome;
    }

    /// <summary>What a screening would do, without calling an engine: the steps with method, bounds, and how many values are kept from earlier.</summary>
    /// <param name="request">Candidates, recipe, folder.</param>
    /// <param name="catalogue">The engines.</param>
    /// <param name="observer">Told of what cannot be read.</param>
    /// <param name="cancellation">Stops.</param>
    /// <exception cref="PolymorphException">As <see cref="Run(ScreeningRequest, EngineCatalogue, IStudyObserver, CancellationToken)"/>, as far as it can be known before.</exception>
    public static ScreeningPlan Plan(ScreeningRequest request, EngineCatalogue catalogue, IStudyObserver observer, CancellationToken cancellation)
    {
        var (context, steps, unread) = Open(request, catalogue, observer, cancellation);
        bool kept = Directory.Exists(context.CacheFolder);
        return new ScreeningPlan(context.Candidates.Count, unread, context.References.Phases.Count, [.. steps.Select(s => new PlannedStep(
            s.Settings.Name, s.Settings.Quantity, s.Method, s.Settings.Bounds, s.Kind.Unit, s.Settings.Missing.ToString().ToLowerInvariant(),
            s.Kind.Cost.ToString().ToLowerInvariant(), s.Kind.Cost == StepCost.Dear ? kept ? s.Cached(context.Candidates, context) : 0 : null))]);
    }

    private static ScreeningRecipe Recipe(ScreeningRequest request)
    {
        var recipe = ScreeningRecipeReader.Read(request.Recipe);
        return recipe with { References = [.. recipe.References, .. Asked(request.References, isExperimental: false), .. Asked(request.Experimental, isExperimental: true)] };
    }

    private static IEnumerable<ReferenceSource> Asked(IReadOnlyList<string> files, bool isExperimental) => files.Count == 0 ? []
        : [new ReferenceSource([.. files.Select(Path.GetFullPath)], null, isExperimental, ReferenceEnergies.Given, EnergyUnit.Detect, isExperimental ? "--experimental" : "--reference")];

    private static (ScreeningContext Context, List<ScreeningStep> Steps, int Unread) Open(ScreeningRequest request, EngineCatalogue catalogue, IStudyObserver observer, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(catalogue);
        ArgumentNullException.ThrowIfNull(observer);
        var recipe = Recipe(request);
        RequireOwnFolder(request.Folder);
        var known = KnownPhases.Read(recipe, observer);
        var (candidates, unread) = CandidateFiles.Read(request.Files, recipe, known, request.Reading, observer);
        var context = new ScreeningContext(recipe, known, catalogue, observer, request.Threads, Path.Combine(request.Folder, CacheName), cancellation) { Candidates = candidates };
        return (context, Steps(recipe, context), unread);
    }

    private static List<ScreeningStep> Steps(ScreeningRecipe recipe, ScreeningContext context)
    {
        var steps = recipe.Steps.Select(s => StepCatalogue.Of(s.Quantity).Create(s)).ToList();
        if (context.References.ToRelax.Count > 0 && !steps.Exists(s => s.Settings.Quantity == "relaxation"))
        {
            throw new PolymorphException("PM7402", "references are to be relaxed as the candidates are, and no step relaxes those", recipe.References.First(r => r.Energies == ReferenceEnergies.Relax).Place,
                "Add a step 'relaxation', or leave 'energies: relax' out.", ExitCode.Usage);
        }

        if (recipe.IsCorrected && recipe.Steps.FirstOrDefault(s => s.Quantity is "relaxation" or "energy") is { } engine)
        {
            throw new PolymorphException("PM7413", $"the corrections MP2020 are for energies of PBE and PBE+U that come with the candidates, and the step '{engine.Name}' computes others", engine.Place,
                "Leave 'corrections' out and let the references be computed alike ('energies: relax'), or leave the step out.", ExitCode.Usage);
        }

        foreach (var step in steps)
        {
            step.Prepare(context);
        }

        for (int i = 0; i < steps.Count; i++)
        {
            var later = steps.Skip(i + 1).Where(s => s.Kind is { Cost: StepCost.Cheap, NeedsEnergy: false }).Select(s => $"'{s.Settings.Name}'").ToList();
            if (steps[i].Kind.Cost == StepCost.Dear && later.Count > 0)
            {
                context.Observer.Note($"warning: the dear step '{steps[i].Settings.Name}' stands before {string.Join(" and ", later)}, which is cheap and does not need it: put that first.");
                break;
            }
        }

        return steps;
    }

    private static List<ScreeningCandidate> Run(ScreeningStep step, IReadOnlyList<ScreeningCandidate> inside, ScreeningContext context, ImmutableArray<FunnelRow>.Builder rows)
    {
        var settings = step.Settings;
        var values = step.Evaluate(inside, context);
        var results = new List<StepResult>(inside.Count);
        foreach (var (candidate, value) in inside.Zip(values))
        {
            var verdict = step.Judge(value);
            if (verdict == StepVerdict.Unknown && settings.Missing == MissingPolicy.Stop)
            {
                throw new PolymorphException("PM7403", $"'{settings.Name}' of the candidate {candidate.Id} is not known ({value.Reason}{(value.Detail.Length > 0 ? $": {value.Detail}" : "")}), and the recipe says to stop then", settings.Place,
                    "Give the value, or say 'missing: reject' or 'missing: keep'.");
            }

            bool goesOn = verdict switch { StepVerdict.Pass => true, StepVerdict.Fail => false, StepVerdict.Borderline => settings.KeepsBorderline, _ => settings.Missing == MissingPolicy.Keep };
            var result = new StepResult(settings.Name, settings.Quantity, verdict, value, goesOn);
            candidate.Results.Add(result);
            results.Add(result);
        }

        rows.Add(FunnelRow.Of(results, settings));
        return [.. inside.Where(c => c.Rejection is null)];
    }

    // Results of another kind must not be written over.
    private static void RequireOwnFolder(string folder)
    {
        if (File.Exists(folder) || Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any() && !File.Exists(Path.Combine(folder, ScreeningOutputs.FunnelJson)) && !Directory.Exists(Path.Combine(folder, CacheName)))
        {
            throw new PolymorphException("PM7404", "the folder for the results holds other things", folder, "Choose a new or empty folder, or one of an earlier screening.", ExitCode.Usage);
        }
    }

    private static FileStream Hold(string folder)
    {
        string path = Path.Combine(folder, CacheName, LockName);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (IOException e) when ((e.HResult & 0xFFFF) is 11 or 35 or 32)
        {
            throw new PolymorphException("PM7410", "another process screens into this folder", folder, "Wait for it, stop it, or choose another folder.", ExitCode.Usage, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PolymorphException("PM7024", $"results cannot be written: {e.Message}", path, "Choose a folder you may write.", ExitCode.EngineFailed, e);
        }
    }
}

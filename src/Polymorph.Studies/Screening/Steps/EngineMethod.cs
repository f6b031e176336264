using System.Text.Json.Nodes;
using Polymorph.Energies;
using Polymorph.Energies.Batch;
using Polymorph.Energies.Catalogue;
using Polymorph.Studies.Recipes;
using Polymorph.Studies.Relaxations;

namespace Polymorph.Studies.Screening.Steps;

/// <summary>The engine that a step names, with all that its values depend on.</summary>
internal static class EngineMethod
{
    /// <summary>Opens the engine for single evaluations.</summary>
    /// <param name="settings">The step.</param>
    /// <param name="context">The screening.</param>
    public static EvaluatorPool Open(StepSettings settings, ScreeningContext context) => new(context.Catalogue.Open(Name(settings), Request(settings, context)));

    /// <summary>What an engine is opened for: the structures of all candidates.</summary>
    /// <param name="settings">The step.</param>
    /// <param name="context">The screening.</param>
    public static EngineRequest Request(StepSettings settings, ScreeningContext context) =>
        EngineRequest.For(PrecisionOf(settings), context.Candidates.Select(c => c.Start).OfType<Structures.Structure>());

    /// <summary>The engine's name in the recipe.</summary>
    /// <param name="settings">The step.</param>
    public static string Name(StepSettings settings) => settings.Values.Text(ScreeningKeys.StepMethod)!;

    /// <summary>Settings of single evaluations, for the cache.</summary>
    /// <param name="settings">The step.</param>
    /// <param name="method">The engine's method.</param>
    public static JsonObject Settings(StepSettings settings, string method) => new()
    {
        ["method"] = method,
        ["engineFile"] = EngineFile.Of(Name(settings))?.Sha256(),
        ["precision"] = PrecisionOf(settings).ToString().ToLowerInvariant(),
    };

    private static Precision PrecisionOf(StepSettings settings) => settings.Values.Text(RelaxationKeys.Precision) is { } word ? Enum.Parse<Precision>(word, ignoreCase: true) : Precision.Single;
}

using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Polymorph.Energies;
using Polymorph.Energies.Relaxation;
using Polymorph.Foundation;
using Polymorph.Studies.Recipes;

namespace Polymorph.Studies.Relaxations;

/// <summary>What makes one structure more worth a relaxation than another.</summary>
public enum RelaxationCriterion
{
    /// <summary>How many generated structures it stands for.</summary>
    Size,

    /// <summary>A low energy per atom before the relaxation.</summary>
    Energy,

    /// <summary>Distance from what was taken and found already.</summary>
    Diversity,
}

/// <summary>How structures are relaxed, and which of them.</summary>
public sealed record RelaxationPlan
{
    /// <summary>True when the recipe asks for relaxation, so that a whole study includes it.</summary>
    public bool IsAsked { get; init; }

    /// <summary>Name of the engine.</summary>
    public string Engine { get; init; } = "auto";

    /// <summary>Arithmetic of potentials made of networks.</summary>
    public Precision Precision { get; init; } = Precision.Single;

    /// <summary>When a relaxation ends and what may move.</summary>
    public RelaxationOptions Options { get; init; } = new();

    /// <summary>Steps down the critic's score before each relaxation.</summary>
    public int CriticSteps { get; init; }

    /// <summary>Only the first so many of the structures; null for all.</summary>
    public int? Top { get; init; }

    /// <summary>At most so many relaxations, the most informative first; null for all.</summary>
    public int? Budget { get; init; }

    /// <summary>Ends when the estimated coverage reaches this; null for never.</summary>
    public double? UntilCoverage { get; init; }

    /// <summary>Relaxations between two estimates of what remains.</summary>
    public int Batch { get; init; } = 5;

    /// <summary>What decides the order; <c>docs/methods/coverage.md</c> has what each was measured to find.</summary>
    public ImmutableArray<RelaxationCriterion> Order { get; init; } = [RelaxationCriterion.Diversity];

    /// <summary>True to keep every step of every relaxation.</summary>
    public bool Trajectories { get; init; }

    /// <summary>The plan of what was asked, without a recipe.</summary>
    /// <param name="asked">Values of the section <c>relax</c>.</param>
    public static RelaxationPlan Of(RecipeValues asked) => RelaxationKeys.Plan(asked);

    /// <summary>Threads that were asked for; by default one per core.</summary>
    /// <param name="asked">Values.</param>
    public static int ThreadsOf(RecipeValues asked)
    {
        ArgumentNullException.ThrowIfNull(asked);
        return (int)(asked.Whole(RecipeKeys.Threads) ?? Environment.ProcessorCount);
    }

    /// <summary>The settings that results depend on, besides the method.</summary>
    /// <param name="method">The engine's method.</param>
    /// <exception cref="PolymorphException">PM7030: the engine is a file that cannot be read.</exception>
    public JsonObject Settings(string method) => new()
    {
        ["method"] = method,
        ["engineFile"] = EngineFile.Of(Engine)?.Sha256(),
        ["precision"] = Precision.ToString().ToLowerInvariant(),
        ["fmax"] = Options.MaximumForce,
        ["steps"] = Options.MaximumSteps,
        ["cell"] = Options.Cell.ToString().ToLowerInvariant(),
        ["pressure"] = Options.PressureGPa,
        ["smax"] = Options.MaximumStressGPa,
        ["keepSymmetry"] = Options.KeepSymmetry,
        ["refineByCritic"] = CriticSteps,
    };

    /// <summary>A folder name for results of these settings: the method and eight digits of the settings' SHA-256. Results under two keys are never mixed.</summary>
    /// <param name="method">The engine's method.</param>
    /// <exception cref="PolymorphException">PM7030: the engine is a file that cannot be read.</exception>
    public string Key(string method) => SettingsKey.Of(method, Settings(method));
}

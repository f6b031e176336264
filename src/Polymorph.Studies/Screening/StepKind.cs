using System.Collections.Immutable;
using Polymorph.Studies.Recipes;

namespace Polymorph.Studies.Screening;

/// <summary>How long a step takes for a candidate.</summary>
internal enum StepCost
{
    /// <summary>Arithmetic on a formula or on energies that are there.</summary>
    Cheap,

    /// <summary>Compares structures, or looks something up.</summary>
    Moderate,

    /// <summary>Calls an engine.</summary>
    Dear,
}

/// <summary>A kind of step.</summary>
/// <param name="Quantity">Its name in recipes.</param>
/// <param name="Unit">Unit of its number; empty for none.</param>
/// <param name="Cost">How long it takes.</param>
/// <param name="Create">Makes a step of it.</param>
internal sealed record StepKind(string Quantity, string Unit, StepCost Cost, Func<StepSettings, ScreeningStep> Create)
{
    /// <summary>Keys of its own.</summary>
    public ImmutableArray<RecipeKey> Keys { get; init; } = [];

    /// <summary>Keys that must be given.</summary>
    public ImmutableArray<RecipeKey> Required { get; init; } = [];

    /// <summary>Whether the quantity is a number that bounds can judge.</summary>
    public bool IsNumber { get; init; } = true;

    /// <summary>Whether it needs what an engine gives, so that it cannot come before one.</summary>
    public bool NeedsEnergy { get; init; }

    /// <summary>All keys that such a step may have.</summary>
    public ImmutableArray<RecipeKey> AllKeys => [.. ScreeningKeys.OfEveryStep, .. IsNumber ? ScreeningKeys.OfNumbers : [], .. Keys];
}

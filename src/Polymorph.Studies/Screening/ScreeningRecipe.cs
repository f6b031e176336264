using System.Collections.Immutable;
using Polymorph.Screening.Hull;
using Polymorph.Studies.Recipes;

namespace Polymorph.Studies.Screening;

/// <summary>How the energies of references come about.</summary>
internal enum ReferenceEnergies
{
    /// <summary>As the file has them.</summary>
    Given,

    /// <summary>Relaxed as the candidates are.</summary>
    Relax,
}

/// <summary>A set of known phases.</summary>
/// <param name="Files">Tables of entries, or structures.</param>
/// <param name="Method">Method of energies whose file does not name one; null for none.</param>
/// <param name="IsExperimental">Whether these phases have been made.</param>
/// <param name="Energies">Where their energies come from.</param>
/// <param name="Unit">What energies of tables stand for.</param>
/// <param name="Place">Where it stands.</param>
internal sealed record ReferenceSource(ImmutableArray<string> Files, string? Method, bool IsExperimental, ReferenceEnergies Energies, EnergyUnit Unit, string Place);

/// <summary>What becomes of candidates whose quantity is not known.</summary>
internal enum MissingPolicy
{
    /// <summary>They go no further.</summary>
    Reject,

    /// <summary>They go on, marked as unknown.</summary>
    Keep,

    /// <summary>The first one ends the screening with an error.</summary>
    Stop,
}

/// <summary>What a step of the recipe says.</summary>
/// <param name="Name">Its name, unique in the recipe.</param>
/// <param name="Quantity">Name of the quantity.</param>
/// <param name="Values">Its keys.</param>
/// <param name="Bounds">The window.</param>
/// <param name="Missing">What becomes of unknown values.</param>
/// <param name="KeepsBorderline">Whether candidates go on whose uncertainty reaches over a bound.</param>
/// <param name="Uncertainty">Uncertainty of the values; null for what the method says.</param>
/// <param name="Place">Where it stands.</param>
internal sealed record StepSettings(string Name, string Quantity, RecipeValues Values, StepBounds Bounds, MissingPolicy Missing, bool KeepsBorderline, double? Uncertainty, string Place);

/// <summary>A screening as the recipe describes it.</summary>
/// <param name="Path">The recipe's file.</param>
/// <param name="Title">Heading of reports.</param>
/// <param name="Method">Method of candidates' energies whose file does not name one; null for none.</param>
/// <param name="Unit">What energies of tables of candidates stand for.</param>
/// <param name="References">Known phases.</param>
/// <param name="Steps">The steps in their order.</param>
internal sealed record ScreeningRecipe(string Path, string Title, string? Method, EnergyUnit Unit, ImmutableArray<ReferenceSource> References, ImmutableArray<StepSettings> Steps)
{
    /// <summary>Whether the corrections MP2020 are added to the energies of candidates and references.</summary>
    public bool IsCorrected { get; init; }
}

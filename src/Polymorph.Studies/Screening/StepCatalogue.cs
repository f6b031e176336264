using System.Collections.Immutable;
using Polymorph.Studies.Screening.Steps;

namespace Polymorph.Studies.Screening;

/// <summary>All kinds of steps.</summary>
internal static class StepCatalogue
{
    private static readonly Lazy<ImmutableArray<StepKind>> Kinds = new(() =>
    [
        new StepKind("atoms", "atoms", StepCost.Cheap, s => new AtomCountStep(s)),
        new StepKind("oxidation-state", "e", StepCost.Cheap, s => new OxidationStateStep(s)) { Keys = [ScreeningKeys.OxidationElement, ScreeningKeys.States], Required = [ScreeningKeys.OxidationElement] },
        new StepKind("charge-balance", "", StepCost.Cheap, s => new ChargeBalanceStep(s)) { IsNumber = false, Keys = [ScreeningKeys.List, ScreeningKeys.MixedValence] },
        new StepKind("electronegativity-order", "", StepCost.Cheap, s => new ElectronegativityStep(s)) { IsNumber = false, Keys = [ScreeningKeys.List, ScreeningKeys.Alloys] },
        new StepKind("duplicates", "", StepCost.Moderate, s => new DuplicatesStep(s)) { IsNumber = false, Keys = ScreeningKeys.Matcher },
        new StepKind("novelty", "", StepCost.Moderate, s => new NoveltyStep(s)) { IsNumber = false, Keys = ScreeningKeys.Matcher },
        new StepKind("relaxation", "", StepCost.Dear, s => new RelaxationStep(s)) { IsNumber = false, Keys = [ScreeningKeys.StepMethod, .. ScreeningKeys.Relaxation], Required = [ScreeningKeys.StepMethod] },
        new StepKind("energy", "eV/atom", StepCost.Dear, s => new EnergyStep(s)) { Keys = [ScreeningKeys.StepMethod, Recipes.RelaxationKeys.Precision], Required = [ScreeningKeys.StepMethod] },
        new StepKind("energy-above-hull", "eV/atom", StepCost.Cheap, s => new HullStep(s)) { NeedsEnergy = true },
        new StepKind("synthesizability", "eV/atom", StepCost.Moderate, s => new SynthesizabilityStep(s)) { NeedsEnergy = true, Keys = [ScreeningKeys.Synthesisable, ScreeningKeys.Metastable] },
        new StepKind("pourbaix-minimum", "eV/atom", StepCost.Moderate, s => new PourbaixStep(s))
        {
            NeedsEnergy = true,
            Keys = [ScreeningKeys.StepMethod, ScreeningKeys.Species, ScreeningKeys.Potential, ScreeningKeys.PH, ScreeningKeys.PHStep, ScreeningKeys.Concentration, ScreeningKeys.FilterSolids],
        },
        new StepKind("band-gap", "eV", StepCost.Moderate, s => new BandGapStep(s)) { Keys = [ScreeningKeys.StepMethod, ScreeningKeys.Level, ScreeningKeys.Window, ScreeningKeys.Shift], Required = [ScreeningKeys.StepMethod, ScreeningKeys.Level] },
        new StepKind("confirmation", "eV/A", StepCost.Dear, s => new ConfirmationStep(s)) { NeedsEnergy = true, Keys = [ScreeningKeys.StepMethod, ScreeningKeys.First, Recipes.RelaxationKeys.Precision], Required = [ScreeningKeys.StepMethod] },
    ]);

    /// <summary>Names of all quantities. A list of its own: the keys of recipes are made from it before any kind is.</summary>
    public static ImmutableArray<string> Quantities { get; } =
        ["atoms", "oxidation-state", "charge-balance", "electronegativity-order", "duplicates", "novelty", "relaxation", "energy", "energy-above-hull", "synthesizability", "pourbaix-minimum", "band-gap", "confirmation"];

    /// <summary>All kinds, in the order of <see cref="Quantities"/>.</summary>
    public static ImmutableArray<StepKind> All => Kinds.Value;

    /// <summary>The kind of a quantity.</summary>
    /// <param name="quantity">One of <see cref="Quantities"/>.</param>
    public static StepKind Of(string quantity) => All.First(k => k.Quantity == quantity);
}

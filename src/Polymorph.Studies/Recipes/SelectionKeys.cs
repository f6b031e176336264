using System.Collections.Immutable;

namespace Polymorph.Studies.Recipes;

/// <summary>The sections <c>select</c> and <c>compare</c>.</summary>
public static class SelectionKeys
{
    /// <summary>Radial functions of the structural descriptor.</summary>
    public static RecipeKey Radial { get; } = new("select", "radial", RecipeKind.Choice, "Radial functions of the structural descriptor.") { Choices = ["bessel", "gaussian"] };

    /// <summary>Its cutoff.</summary>
    public static RecipeKey Cutoff { get; } = new("select", "r_cut", RecipeKind.Real, "Cutoff radius in Å of the structural descriptor.") { Smallest = 0.5, Largest = 100 };

    /// <summary>Its order.</summary>
    public static RecipeKey Order { get; } = new("select", "n_max", RecipeKind.Whole, "Largest order of the structural descriptor.") { Smallest = 1, Largest = 10 };

    /// <summary>Its neighbours.</summary>
    public static RecipeKey Neighbours { get; } = new("select", "neighbours", RecipeKind.Whole, "Neighbours counted by the structural descriptor.") { Smallest = 1, Largest = 1000 };

    /// <summary>Principal components.</summary>
    public static RecipeKey Components { get; } = new("select", "components", RecipeKind.Whole, "Principal components that are clustered.") { Smallest = 1, Largest = 1000 };

    /// <summary>Clusters.</summary>
    public static RecipeKey Clusters { get; } = new("select", "clusters", RecipeKind.Whole, "Clusters, and so the number of structures kept.") { Smallest = 1, Largest = 100_000 };

    /// <summary>What is dropped before anything else.</summary>
    public static RecipeKey Screen { get; } = new("select", "screen", RecipeKind.Choice,
        "What is dropped first: 'none', as published; 'distances', atoms too close or alone; 'molecules', what is not one molecule with every valence right.")
    { Choices = ["none", "distances", "molecules"] };

    /// <summary>Whether oxidation states must be able to add up to zero.</summary>
    public static RecipeKey ChargeBalance { get; } = new("select", "charge_balance", RecipeKind.Switch,
        "Drop structures whose elements cannot balance their charges with one oxidation state for each element (the rule of SMACT, its list of 2014). It judges the formula: where all structures have one, all pass or none.");

    /// <summary>When two structures are one.</summary>
    public static RecipeKey Duplicates { get; } = new("select", "duplicates", RecipeKind.Real,
        "Distance of structural descriptors below which structures are duplicates; 0 keeps them all. Molecules are told apart by their bonds instead.")
    { Smallest = 0, Largest = 1e6 };

    /// <summary>How representatives are chosen.</summary>
    public static RecipeKey Representatives { get; } = new("select", "representatives", RecipeKind.Choice,
        "Which structures stand for the others: nearest to the centres of 'kmeans', as published; 'kmedoids'; 'farthest' from each other; one per 'topology' of bonds, the most frequent first.")
    { Choices = ["kmeans", "kmedoids", "farthest", "topology"] };

    /// <summary>Whether known crystals are dropped.</summary>
    public static RecipeKey Novel { get; } = new("select", "novel", RecipeKind.Switch, "Drop crystals that the structure matcher finds among the known ones. Known molecules are dropped by 'screen: molecules'.");

    /// <summary>Known structures to compare with.</summary>
    public static RecipeKey Known { get; } = new("compare", "known", RecipeKind.Path, "File with SMILES, one per line, or structures to look for among the generated ones; without it all isomers of a saturated acyclic formula.");

    /// <summary>Both sections.</summary>
    public static ImmutableArray<RecipeKey> All { get; } = [Screen, ChargeBalance, Duplicates, Novel, Radial, Cutoff, Order, Neighbours, Components, Clusters, Representatives, Known];
}

using System.Collections.Immutable;

namespace Polymorph.Studies.Recipes;

/// <summary>All keys of a recipe. Names and meaning are part of the format; <c>docs/recipe.schema.json</c> is made from this table.</summary>
public static class RecipeKeys
{
    /// <summary>The section that may also be a list of models.</summary>
    internal const string ModelsSection = "models";

    private const double Many = 1e9;
    private static readonly ImmutableArray<string> RadialNames = ["bessel", "gaussian"];

    /// <summary>Where all other values come from.</summary>
    public static RecipeKey Preset { get; } = new("", "preset", RecipeKind.Choice, "Settings to start from: 'fast' (our own, the default), 'c5h12o' or 'sio2' (as published).") { Choices = ["fast", "c5h12o", "sio2"] };

    /// <summary>Seed of everything.</summary>
    public static RecipeKey Seed { get; } = new("", "seed", RecipeKind.Whole, "Seed of everything random; drawn and recorded when it is missing.") { Smallest = 0, Largest = long.MaxValue };

    /// <summary>Known structures.</summary>
    public static RecipeKey Training { get; } = new("", "training", RecipeKind.Path, "Files or folders with the known structures.") { IsList = true };

    /// <summary>Targets that must not be learnt.</summary>
    public static RecipeKey WithoutMatches { get; } = new("", "without_matches", RecipeKind.Path, "A file with crystals; known structures that the structure matcher takes for one of them are left out of the training.");

    /// <summary>What to generate.</summary>
    public static RecipeKey Formula { get; } = new("target", "formula", RecipeKind.Text, "Formula to generate, such as C5H12O; for a crystal all atoms of the cell, such as Si6O12.");

    /// <summary>Box of a molecule.</summary>
    public static RecipeKey Box { get; } = Length(new("target", "box", RecipeKind.Real, "Edges in Å of the box that bounds a molecule's coordinates.") { Counts = [3] });

    /// <summary>Cell of a crystal.</summary>
    public static RecipeKey Cell { get; } = new("target", "cell", RecipeKind.Real, "Cell of a crystal: 3 edges in Å, or 3 edges and 3 angles in degrees, or 9 components of the row vectors in Å.") { Counts = [3, 6, 9], Smallest = -10_000, Largest = 10_000 };

    /// <summary>File with the cell.</summary>
    public static RecipeKey CellFrom { get; } = new("target", "cell_from", RecipeKind.Path, "A structure file whose cell (and formula, where none is given) is taken.");

    /// <summary>Symmetry of a crystal.</summary>
    public static RecipeKey Symmetry { get; } = new("target", "symmetry", RecipeKind.Text, "Symmetry operations of a crystal as in a CIF, such as \"-x,-y,z+1/2\", with x,y,z itself; 'formula' then names the asymmetric unit.") { IsList = true };

    /// <summary>Slab.</summary>
    public static RecipeKey Slab { get; } = new("target", "slab", RecipeKind.Real, "Lowest and highest fractional height of the atoms of a slab; the cell then repeats along its first two vectors only.") { Counts = [2], Smallest = 0, Largest = 1 };

    /// <summary>Fixed atoms.</summary>
    public static RecipeKey Substrate { get; } = new("target", "substrate", RecipeKind.Path, "A structure file with atoms that stay fixed; needs 'box' and 'origin' for the generated ones.");

    /// <summary>Corner of the box above a substrate.</summary>
    public static RecipeKey Origin { get; } = new("target", "origin", RecipeKind.Real, "Corner in Å of the box in which atoms are generated on a substrate.") { Counts = [3], Smallest = -10_000, Largest = 10_000 };

    /// <summary>Radial functions.</summary>
    public static RecipeKey Radial { get; } = new(ModelsSection, "radial", RecipeKind.Choice, "Radial functions of the descriptor.") { Choices = RadialNames, IsList = true };

    /// <summary>Cutoffs.</summary>
    public static RecipeKey Cutoff { get; } = new(ModelsSection, "r_cut", RecipeKind.Real, "Cutoff radius in Å.") { Smallest = 0.5, Largest = 100, IsList = true };

    /// <summary>Orders.</summary>
    public static RecipeKey Order { get; } = new(ModelsSection, "n_max", RecipeKind.Whole, "Largest order of the descriptor.") { Smallest = 1, Largest = 10, IsList = true };

    /// <summary>Neighbours.</summary>
    public static RecipeKey Neighbours { get; } = new(ModelsSection, "neighbours", RecipeKind.Whole, "Nearest neighbours that are counted.") { Smallest = 1, Largest = 1000, IsList = true };

    /// <summary>Models per setting.</summary>
    public static RecipeKey Repeats { get; } = new(ModelsSection, "repeats", RecipeKind.Whole, "Models of each setting, with seeds drawn from 'seed'.") { Smallest = 1, Largest = 100_000 };

    /// <summary>Seeds of the models.</summary>
    public static RecipeKey Seeds { get; } = new(ModelsSection, "seeds", RecipeKind.Whole, "Seeds of the models of each setting, instead of 'repeats'.") { Smallest = 0, Largest = long.MaxValue, IsList = true };

    /// <summary>Seconds between checkpoints.</summary>
    public static RecipeKey CheckpointSeconds { get; } = new("train", "checkpoint_seconds", RecipeKind.Real, "Seconds between checkpoints of a model.") { Smallest = 0, Largest = 86_400, IsOperational = true };

    /// <summary>Worker threads.</summary>
    public static RecipeKey Threads { get; } = new("train", "threads", RecipeKind.Whole, "Models trained, or structures relaxed, at the same time; by default one per core.") { Smallest = 1, Largest = 4096, IsOperational = true };

    /// <summary>Structures per model.</summary>
    public static RecipeKey Structures { get; } = new("generate", "structures", RecipeKind.Whole, "Structures generated by each model.") { Smallest = 1, Largest = Many };

    /// <summary>The sections.</summary>
    public static ImmutableArray<string> Sections { get; } = ["target", ModelsSection, "train", "generate", "select", RelaxationKeys.Section, "compare"];

    /// <summary>Every key, in the order of <c>resolved.yaml</c>.</summary>
    public static ImmutableArray<RecipeKey> All { get; } =
    [
        Preset, Seed, Training, WithoutMatches,
        Formula, Box, Cell, CellFrom, Symmetry, Slab, Substrate, Origin,
        Radial, Cutoff, Order, Neighbours, Repeats, Seeds,
        .. TrainingKeys.All.Select(k => k.Key), CheckpointSeconds, Threads,
        Structures,
        .. SelectionKeys.All.Where(k => k.Section == "select"), .. RelaxationKeys.All, .. SelectionKeys.All.Where(k => k.Section == "compare"),
    ];

    /// <summary>Keys of one model in a list of models.</summary>
    public static ImmutableArray<RecipeKey> OfListedModel { get; } =
    [
        ListedName, .. new[] { Radial, Cutoff, Order, Neighbours }.Select(k => k with { IsList = false }), ListedSeed,
    ];

    /// <summary>Name of a listed model.</summary>
    internal static RecipeKey ListedName => new(ModelsSection, "name", RecipeKind.Text, "Name of the model's files.");

    /// <summary>Seed of a listed model.</summary>
    internal static RecipeKey ListedSeed => new(ModelsSection, "seed", RecipeKind.Whole, "Seed of the model.") { Smallest = 0, Largest = long.MaxValue };

    private static RecipeKey Length(RecipeKey key) => key with { Smallest = 0.1, Largest = 10_000 };
}

using System.Collections.Immutable;
using System.Globalization;
using Polymorph.Models.LoGan;

namespace Polymorph.Studies.Recipes;

/// <summary>A key of the section <c>train</c> tied to the option it sets.</summary>
/// <param name="Key">The key.</param>
/// <param name="Read">The option's values as they stand in <c>resolved.yaml</c>.</param>
/// <param name="Apply">The options with the key's values.</param>
internal sealed record TrainingKey(RecipeKey Key, Func<LoGanOptions, ImmutableArray<string>> Read, Func<LoGanOptions, RecipeValues, LoGanOptions> Apply);

/// <summary>The section <c>train</c>: every number of <see cref="LoGanOptions"/> that is not a list of settings.</summary>
internal static class TrainingKeys
{
    private const int Most = 1_000_000_000;
    private const int WidestLayer = 16_384;

    // Rates and slopes lie strictly between 0 and 1.
    private const double Tiny = 1e-12;

    public static ImmutableArray<TrainingKey> All { get; } =
    [
        Whole("epochs", "Epochs of one generator update with its critic updates.", 1, o => o.Epochs, (o, v) => o with { Epochs = v }),
        BothRates(),
        Real("generator_rate", "Learning rate of the generator.", Tiny, 1 - Tiny, o => o.GeneratorRate, (o, v) => o with { GeneratorRate = v }),
        Real("critic_rate", "Learning rate of the critic.", Tiny, 1 - Tiny, o => o.CriticRate, (o, v) => o with { CriticRate = v }),
        Real("final_rate_fraction", "Both rates fall linearly to this fraction of themselves.", Tiny, 1, o => o.FinalRateFraction, (o, v) => o with { FinalRateFraction = v }),
        Choice("optimiser", "Update rule.", o => o.Optimiser, (o, v) => o with { Optimiser = v }),
        Real("square_decay", "Decay of the optimiser's squared gradients.", Tiny, 1 - Tiny, o => o.SquareDecay, (o, v) => o with { SquareDecay = v }),
        Whole("batch", "Structures per batch.", 1, o => o.Batch, (o, v) => o with { Batch = v }, most: 100_000),
        Whole("critic_updates", "Critic updates per generator update.", 1, o => o.CriticUpdates, (o, v) => o with { CriticUpdates = v }, most: 1000),
        Whole("penalty_updates", "Gradient-penalty updates per critic update.", 1, o => o.PenaltyUpdates, (o, v) => o with { PenaltyUpdates = v }, most: 1000),
        Whole("latent_size", "Width of the generator's random input.", 1, o => o.LatentSize, (o, v) => o with { LatentSize = v }, most: WidestLayer),
        Widths("generator_widths", "Hidden widths of the generator.", o => o.GeneratorWidths, (o, v) => o with { GeneratorWidths = v }),
        Widths("critic_widths", "Hidden widths of the critic.", o => o.CriticWidths, (o, v) => o with { CriticWidths = v }),
        Real("generator_slope", "Slope of the generator's leaky rectifier.", Tiny, 1 - Tiny, o => o.GeneratorSlope, (o, v) => o with { GeneratorSlope = v }),
        Real("critic_slope", "Slope of the critic's leaky rectifier.", Tiny, 1 - Tiny, o => o.CriticSlope, (o, v) => o with { CriticSlope = v }),
        Choice("rattle", "Displacements of the training copies: 'independent', or 'reference' as in the published code.", o => o.Rattle, (o, v) => o with { Rattle = v }),
        Whole("rattle_copies", "Displaced copies of each training structure.", 1, o => o.RattleCopies, (o, v) => o with { RattleCopies = v }, most: 100_000),
        Real("rattle_deviation", "Standard deviation of the displacements in Å.", 0, 1 - Tiny, o => o.RattleDeviation, (o, v) => o with { RattleDeviation = v }),
        Whole("pool_samples", "Atoms per copy and element that enter the pool; 0 takes every atom.", 0, o => o.PoolSamplesPerElement, (o, v) => o with { PoolSamplesPerElement = v }, most: 1_000_000),
        Choice("final_weights", "Weights that are returned: of the last epoch, or of the last snapshot as in the published code.", o => o.FinalWeights, (o, v) => o with { FinalWeights = v }),
        Whole("snapshot_step", "Epochs between snapshots; matters for 'final_weights: reference'.", 1, o => o.SnapshotStep, (o, v) => o with { SnapshotStep = v }),
    ];

    public static RecipeKey FinalWeights { get; } = All.Single(k => k.Key.Name == "final_weights").Key;

    private static TrainingKey Whole(string name, string description, int least, Func<LoGanOptions, int> read, Func<LoGanOptions, int, LoGanOptions> apply, int most = Most)
    {
        var key = new RecipeKey("train", name, RecipeKind.Whole, description) { Smallest = least, Largest = most };
        return new(key, o => [read(o).ToString(CultureInfo.InvariantCulture)], (o, values) => values.Whole(key) is { } v ? apply(o, (int)v) : o);
    }

    private static TrainingKey Real(string name, string description, double least, double most, Func<LoGanOptions, double> read, Func<LoGanOptions, double, LoGanOptions> apply)
    {
        var key = new RecipeKey("train", name, RecipeKind.Real, description) { Smallest = least, Largest = most };
        return new(key, o => [read(o).ToString("R", CultureInfo.InvariantCulture)], (o, values) => values.Real(key) is { } v ? apply(o, v) : o);
    }

    // A shorthand: resolved.yaml has the two rates.
    private static TrainingKey BothRates()
    {
        var key = new RecipeKey("train", "learning_rate", RecipeKind.Real, "Learning rate of both networks.") { Smallest = Tiny, Largest = 1 - Tiny };
        return new(key, _ => [], (o, values) => values.Real(key) is { } v ? o with { GeneratorRate = v, CriticRate = v } : o);
    }

    private static TrainingKey Widths(string name, string description, Func<LoGanOptions, ImmutableArray<int>> read, Func<LoGanOptions, ImmutableArray<int>, LoGanOptions> apply)
    {
        var key = new RecipeKey("train", name, RecipeKind.Whole, description) { Smallest = 1, Largest = WidestLayer, IsList = true };
        return new(key, o => [.. read(o).Select(w => w.ToString(CultureInfo.InvariantCulture))], (o, values) => values.Wholes(key) is { IsEmpty: false } v ? apply(o, v) : o);
    }

    // LastEpoch is written last_epoch.
    private static TrainingKey Choice<T>(string name, string description, Func<LoGanOptions, T> read, Func<LoGanOptions, T, LoGanOptions> apply)
        where T : struct, Enum
    {
        var words = Enum.GetValues<T>().ToDictionary(Word, value => value);
        var key = new RecipeKey("train", name, RecipeKind.Choice, description) { Choices = [.. words.Keys] };
        return new(key, o => [Word(read(o))], (o, values) => values.Text(key) is { } v ? apply(o, words[v]) : o);
    }

    private static string Word<T>(T value)
        where T : struct, Enum =>
        string.Concat(value.ToString().Select((c, i) => char.IsUpper(c) ? (i > 0 ? "_" : "") + char.ToLowerInvariant(c) : c.ToString()));
}

using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using Polymorph.Foundation;
using Polymorph.Learning;
using Polymorph.Models.LoGan;
using Polymorph.Representations.LocalDescriptors;
using Polymorph.Selection;

namespace Polymorph.Studies.Recipes;

/// <summary>Decides every value that a recipe leaves open and expands lists of settings into models.</summary>
public static class StudyPlanner
{
    // A million models would be a slip of the keyboard.
    private const int MostModels = 100_000;

    /// <summary>The plan of a recipe.</summary>
    /// <param name="asked">What was asked.</param>
    /// <exception cref="PolymorphException">PM7108 to PM7111, PM7113, PM7114: values contradict each other, or make no model or too many.</exception>
    public static StudyPlan Plan(RecipeValues asked)
    {
        ArgumentNullException.ThrowIfNull(asked);
        var preset = Preset.Named(asked.Text(RecipeKeys.Preset) ?? "fast");
        ulong seed = (ulong)(asked.Whole(RecipeKeys.Seed) ?? RandomNumberGenerator.GetInt32(1, int.MaxValue));
        var options = TrainingKeys.All.Aggregate(preset.Options, (o, key) => key.Apply(o, asked));
        if (options.EffectiveEpochs < 1)
        {
            throw new PolymorphException("PM7113", $"{options.Epochs} epochs with a snapshot every {options.SnapshotStep} end before the first snapshot, and 'final_weights: reference' would return untrained weights",
                asked.Place(TrainingKeys.FinalWeights), "Train more epochs than 'snapshot_step', lower it, or take 'final_weights: last_epoch'.", ExitCode.Usage);
        }

        var models = asked.ListedModels.IsEmpty ? Grid(asked, preset, options, seed) : Listed(asked, preset, options, seed);
        var selection = Selection(asked, preset);
        var plan = new StudyPlan
        {
            Resolved = new RecipeValues(),
            Seed = seed,
            Training = asked.All(RecipeKeys.Training),
            Models = models,
            CheckpointSeconds = asked.Real(RecipeKeys.CheckpointSeconds) ?? 60,
            Threads = (int)(asked.Whole(RecipeKeys.Threads) ?? Environment.ProcessorCount),
            StructuresPerModel = asked.Whole(RecipeKeys.Structures) ?? preset.Structures,
            Selection = selection,
            Relaxation = RelaxationKeys.Plan(asked),
            Known = asked.Text(SelectionKeys.Known),
        };
        return plan with { Resolved = Resolve(asked, preset, plan, options) };
    }

    private static ImmutableArray<ModelPlan> Grid(RecipeValues asked, Preset preset, LoGanOptions options, ulong seed)
    {
        foreach (var key in new[] { RecipeKeys.Radial, RecipeKeys.Cutoff, RecipeKeys.Order, RecipeKeys.Neighbours, RecipeKeys.Seeds })
        {
            if (asked.All(key).GroupBy(v => v, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
            {
                throw new PolymorphException("PM7114", $"{key.FullName} has {twice.Key} more than once, which would train the same models again", asked.Place(key), "Remove the repeated entry; 'repeats' makes several models of a setting.", ExitCode.Usage);
            }
        }

        var radials = asked.All(RecipeKeys.Radial) is { IsEmpty: false } names ? [.. names.Select(Radial)] : preset.Radial;
        var cutoffs = asked.Reals(RecipeKeys.Cutoff) is { IsEmpty: false } lengths ? lengths : preset.Cutoffs;
        var orders = asked.Wholes(RecipeKeys.Order) is { IsEmpty: false } degrees ? degrees : preset.Orders;
        var neighbours = asked.Wholes(RecipeKeys.Neighbours) is { IsEmpty: false } counts ? counts : preset.Neighbours;
        var seeds = asked.All(RecipeKeys.Seeds);
        if (!seeds.IsEmpty && asked.Has(RecipeKeys.Repeats))
        {
            throw new PolymorphException("PM7108", "'seeds' and 'repeats' exclude each other", asked.Place(RecipeKeys.Repeats), "Keep one of them.", ExitCode.Usage);
        }

        // Counted before anything is made: short lists have long products. Entries differ, so the ranges of the keys keep the product far from overflow.
        long perSetting = seeds.IsEmpty ? asked.Whole(RecipeKeys.Repeats) ?? preset.Repeats : seeds.Length;
        long count = perSetting * radials.Length * cutoffs.Length * orders.Length * neighbours.Length;
        if (count > MostModels)
        {
            throw new PolymorphException("PM7109", $"the lists of settings make {count} models, more than {MostModels}", asked.Place(RecipeKeys.Repeats), "Shorten a list.", ExitCode.Usage);
        }

        var settings =
            from radial in radials
            from cutoff in cutoffs
            from order in orders
            from neighbour in neighbours
            select new PowerSpectrumOptions { Radial = radial, CutoffRadius = cutoff, MaximumOrder = order, NeighbourCount = neighbour };
        return [.. settings
            .SelectMany(setting => Enumerable.Range(0, (int)perSetting).Select(repeat => (setting, repeat)))
            .Select((model, index) => new ModelPlan(
                Name(index, (int)count),
                seeds.IsEmpty ? DrawnSeed(seed, index) : ulong.Parse(seeds[model.repeat], CultureInfo.InvariantCulture),
                options with { Descriptor = model.setting }))];
    }

    private static ImmutableArray<ModelPlan> Listed(RecipeValues asked, Preset preset, LoGanOptions options, ulong seed)
    {
        var models = asked.ListedModels.Select((model, index) => new ModelPlan(
            FileName(model, model.Text(RecipeKeys.ListedName) ?? Name(index, asked.ListedModels.Length)),
            (ulong?)model.Whole(RecipeKeys.ListedSeed) ?? DrawnSeed(seed, index),
            options with
            {
                Descriptor = new PowerSpectrumOptions
                {
                    Radial = model.Text(RecipeKeys.Radial) is { } name ? Radial(name) : preset.Radial[0],
                    CutoffRadius = model.Real(RecipeKeys.Cutoff) ?? preset.Cutoffs[0],
                    MaximumOrder = (int?)model.Whole(RecipeKeys.Order) ?? preset.Orders[0],
                    NeighbourCount = (int?)model.Whole(RecipeKeys.Neighbours) ?? preset.Neighbours[0],
                },
            })).ToImmutableArray();
        string? twice = models.GroupBy(m => m.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1)?.Key;
        return twice is null ? models : throw new PolymorphException("PM7110", $"two models are called '{twice}'", asked.ListedModels[0].Place(RecipeKeys.ListedName), "Give each its own name.", ExitCode.Usage);
    }

    private static string FileName(RecipeValues model, string name) =>
        name.Length <= 60 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')
            ? name
            : throw new PolymorphException("PM7111", $"'{name}' cannot be the name of a model's files", model.Place(RecipeKeys.ListedName), "Use up to 60 letters, digits, '-' and '_'.", ExitCode.Usage);

    private static SelectionPlan Selection(RecipeValues asked, Preset preset) => new(
        asked.Text(SelectionKeys.Screen) is { } screen ? Enum.Parse<ScreenKind>(screen, ignoreCase: true) : preset.Screen,
        asked.Real(SelectionKeys.Duplicates) is { } distance and > 0 ? distance : null,
        new PowerSpectrumOptions
        {
            Radial = asked.Text(SelectionKeys.Radial) is { } radial ? Radial(radial) : preset.SelectionDescriptor.Radial,
            CutoffRadius = asked.Real(SelectionKeys.Cutoff) ?? preset.SelectionDescriptor.CutoffRadius,
            MaximumOrder = (int?)asked.Whole(SelectionKeys.Order) ?? preset.SelectionDescriptor.MaximumOrder,
            NeighbourCount = (int?)asked.Whole(SelectionKeys.Neighbours) ?? preset.SelectionDescriptor.NeighbourCount,
        },
        (int?)asked.Whole(SelectionKeys.Components) ?? Preset.Components,
        (int?)asked.Whole(SelectionKeys.Clusters) ?? preset.Clusters)
    {
        Representatives = asked.Text(SelectionKeys.Representatives) is { } method ? Enum.Parse<RepresentativeMethod>(method, ignoreCase: true) : RepresentativeMethod.KMeans,
        AsksChargeBalance = asked.Switch(SelectionKeys.ChargeBalance) ?? false,
        DropsKnownCrystals = asked.Switch(SelectionKeys.Novel) ?? false,
    };

    private static RecipeValues Resolve(RecipeValues asked, Preset preset, StudyPlan plan, LoGanOptions options)
    {
        var all = new RecipeValues();
        void Set(RecipeKey key, params IReadOnlyList<string> values) => all.Set(key, values, asked.Place(key));

        Set(RecipeKeys.Preset, preset.Name);
        Set(RecipeKeys.Seed, Text(plan.Seed));
        foreach (var key in new[] { RecipeKeys.Training, RecipeKeys.WithoutMatches, RecipeKeys.Formula, RecipeKeys.Box, RecipeKeys.Cell, RecipeKeys.CellFrom, RecipeKeys.Symmetry, RecipeKeys.Slab, RecipeKeys.Substrate, RecipeKeys.Origin, SelectionKeys.Known }.Where(asked.Has))
        {
            Set(key, asked.All(key));
        }

        if (!all.Has(RecipeKeys.Formula) && preset.Formula is { } formula)
        {
            Set(RecipeKeys.Formula, formula);
        }

        foreach (var key in TrainingKeys.All.Where(k => !k.Read(options).IsEmpty))
        {
            Set(key.Key, key.Read(options));
        }

        Set(RecipeKeys.CheckpointSeconds, Text(plan.CheckpointSeconds));
        Set(RecipeKeys.Threads, Text(plan.Threads));
        Set(RecipeKeys.Structures, Text(plan.StructuresPerModel));
        var descriptor = plan.Selection.Descriptor;
        Set(SelectionKeys.Screen, plan.Selection.Screen.ToString());
        Set(SelectionKeys.ChargeBalance, plan.Selection.AsksChargeBalance ? "true" : "false");
        Set(SelectionKeys.Duplicates, Text(plan.Selection.DuplicateDistance ?? 0));
        Set(SelectionKeys.Radial, Text(descriptor.Radial));
        Set(SelectionKeys.Cutoff, Text(descriptor.CutoffRadius));
        Set(SelectionKeys.Order, Text(descriptor.MaximumOrder));
        Set(SelectionKeys.Neighbours, Text(descriptor.NeighbourCount));
        Set(SelectionKeys.Components, Text(plan.Selection.Components));
        Set(SelectionKeys.Clusters, Text(plan.Selection.Clusters));
        Set(SelectionKeys.Representatives, plan.Selection.Representatives.ToString());
        Set(SelectionKeys.Novel, plan.Selection.DropsKnownCrystals ? "true" : "false");
        if (plan.Relaxation.IsAsked)
        {
            foreach (var (key, values) in RelaxationKeys.Values(plan.Relaxation))
            {
                Set(key, values);
            }
        }

        all.ListModels(plan.Models.Select(Listed));
        return all;
    }

    private static RecipeValues Listed(ModelPlan model)
    {
        var values = new RecipeValues();
        values.Set(RecipeKeys.ListedName, [model.Name], "");
        values.Set(RecipeKeys.Radial, [Text(model.Options.Descriptor.Radial)], "");
        values.Set(RecipeKeys.Cutoff, [Text(model.Options.Descriptor.CutoffRadius)], "");
        values.Set(RecipeKeys.Order, [Text(model.Options.Descriptor.MaximumOrder)], "");
        values.Set(RecipeKeys.Neighbours, [Text(model.Options.Descriptor.NeighbourCount)], "");
        values.Set(RecipeKeys.ListedSeed, [Text(model.Seed)], "");
        return values;
    }

    private static RadialBasis Radial(string name) => name == "gaussian" ? RadialBasis.Gaussian : RadialBasis.Bessel;

    private static string Text(RadialBasis radial) => radial == RadialBasis.Gaussian ? "gaussian" : "bessel";

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Text(ulong value) => value.ToString(CultureInfo.InvariantCulture);

    // m1..m9, m01..m12, m001..m120: names sort as the models do.
    private static string Name(int index, int count)
    {
        int digits = count.ToString(CultureInfo.InvariantCulture).Length;
        return "m" + (index + 1).ToString(CultureInfo.InvariantCulture).PadLeft(digits, '0');
    }

    private static ulong DrawnSeed(ulong seed, int index) => new CounterRandom(seed, StudyRandomStreams.ModelSeeds).Block(0, (uint)index, 0).W0;
}

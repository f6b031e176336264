using System.Globalization;
using Polymorph.Foundation;
using Polymorph.Models.LoGan;
using Polymorph.Representations.LocalDescriptors;
using Polymorph.Studies.Recipes;
using Polymorph.Testing;
using Xunit;

namespace Polymorph.Studies.Tests;

public sealed class RecipeTests
{
    [Theory]
    [InlineData("preset: fast\ntrain:\n  epohcs: 5\n", "PM7104", "recipe.yaml:3", "Did you mean 'epochs'?")]
    [InlineData("prest: fast\n", "PM7104", "recipe.yaml:1", "Did you mean 'preset'?")]
    [InlineData("preset: fsat\n", "PM7105", "recipe.yaml:1", "Did you mean 'fast'?")]
    [InlineData("seed: 1\ntrain:\n  batch: 15\n  epochs: NaN\n", "PM7105", "recipe.yaml:4", "a whole number from 1")]
    [InlineData("models:\n  r_cut: [5, .nan]\n", "PM7105", "recipe.yaml:2", "a number from 0.5 to 100")]
    [InlineData("models:\n  r_cut: 1e400\n", "PM7105", "recipe.yaml:2", "a number from 0.5 to 100")]
    [InlineData("models:\n  n_max: 11\n", "PM7105", "recipe.yaml:2", "from 1 to 10, not '11'")]
    [InlineData("seed: -1\n", "PM7105", "recipe.yaml:1", "a whole number")]
    [InlineData("target: {box: [8, 7]}\n", "PM7105", "recipe.yaml:1", "3 values")]
    [InlineData("train: [1]\n", "PM7107", "recipe.yaml:1", "'key: value' lines")]
    [InlineData("seed: {a: 1}\n", "PM7107", "recipe.yaml:1", "a value, not a section")]
    [InlineData("models:\n  - 5\n", "PM7106", "recipe.yaml:2", "key: value")]
    [InlineData("models:\n  - {r_cutt: 5}\n", "PM7104", "recipe.yaml:2", "Did you mean 'r_cut'?")]
    [InlineData("seed: 1\nseed: 2\n", "PM7102", "recipe.yaml:2", "appears twice")]
    [InlineData("seed: [1\n", "PM7102", "recipe.yaml:", "")]
    [InlineData("", "PM7102", "recipe.yaml:1", "empty")]
    [InlineData("- 1\n", "PM7102", "recipe.yaml:1", "'key: value' lines")]
    [InlineData("seed: 1\n---\nseed: 2\n", "PM7102", "recipe.yaml:2", "one YAML document")]
    [InlineData("seed: *nothing\n", "PM7102", "recipe.yaml:1", "")]
    public void AWrongRecipeNamesLineReasonAndWayOut(string text, string code, string place, string words)
    {
        var error = Assert.Throws<PolymorphException>(() => RecipeValues.Read(text, "recipe.yaml"));
        Assert.Equal(code, error.Code);
        Assert.Equal(ExitCode.Usage, error.ExitCode);
        Assert.StartsWith(place, error.Place, StringComparison.Ordinal);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    /// Nine levels of nine aliases each would be 387 million values.
    [Fact]
    public void AnAliasBombIsRefusedAtOnce()
    {
        string bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n" + string.Concat(Enumerable.Range(1, 9).Select(i =>
        {
            char name = (char)('a' + i), before = (char)('a' + i - 1);
            return $"{name}: &{name} [{string.Join(", ", Enumerable.Repeat($"*{before}", 9))}]\n";
        }));
        var error = Assert.Throws<PolymorphException>(() => RecipeValues.Read(bomb, "recipe.yaml"));
        Assert.Equal("PM7103", error.Code);
    }

    [Fact]
    public void AnAliasThatHoldsItselfIsRefused() =>
        Assert.StartsWith("PM710", Assert.Throws<PolymorphException>(() => RecipeValues.Read("seed: &a [*a]\n", "recipe.yaml")).Code, StringComparison.Ordinal);

    [Fact]
    public void DeepNestingAndHugeFilesAreRefused()
    {
        var deep = Assert.Throws<PolymorphException>(() => RecipeValues.Read($"seed: {new string('[', 100_000)}", "recipe.yaml"));
        Assert.Equal("PM7103", deep.Code);
        using var folder = new TemporaryFolder();
        string file = folder.Write("huge.yaml", new string(' ', 2 << 20));
        Assert.Equal("PM7103", Assert.Throws<PolymorphException>(() => RecipeValues.ReadFile(file)).Code);
        Assert.Equal("PM7101", Assert.Throws<PolymorphException>(() => RecipeValues.ReadFile(Path.Combine(folder.Path, "missing.yaml"))).Code);
    }

    [Fact(SkipUnless = nameof(HasDevices), Skip = "There is no endless device on this system.")]
    public void ADeviceWithoutEndIsRefused() => Assert.Equal("PM7103", Assert.Throws<PolymorphException>(() => RecipeValues.ReadFile("/dev/zero")).Code);

    public static bool HasDevices => File.Exists("/dev/zero");

    [Fact]
    public void AliasesOfOrdinarySizeWork()
    {
        var values = RecipeValues.Read("models:\n  r_cut: &two [5, 6]\nselect:\n  r_cut: 5\ntrain:\n  critic_widths: &w [8, 4]\n  generator_widths: *w\n", "recipe.yaml");
        Assert.Equal([8, 4], StudyPlanner.Plan(values).Models[0].Options.GeneratorWidths);
    }

    [Fact]
    public void ListsOfSettingsBecomeModelsWithTheirOwnSeeds()
    {
        var plan = StudyPlanner.Plan(RecipeValues.Read("seed: 4\nmodels: {radial: [bessel, gaussian], r_cut: [4, 5, 6], n_max: [3, 4], neighbours: 12, repeats: 2}\n", "recipe.yaml"));
        Assert.Equal(24, plan.Models.Length);
        Assert.Equal(24, plan.Models.Select(m => m.Seed).Distinct().Count());
        Assert.Equal(12, plan.Models.Select(m => m.Options.Descriptor).Distinct().Count());
        Assert.Equal(("m01", "m24"), (plan.Models[0].Name, plan.Models[^1].Name));
        Assert.Equal(plan.Models.Select(m => m.Seed), StudyPlanner.Plan(RecipeValues.Read("seed: 4\nmodels: {repeats: 24}\n", "r")).Models.Select(m => m.Seed));
    }

    [Fact]
    public void GivenSeedsAreTakenForEverySetting()
    {
        var plan = StudyPlanner.Plan(RecipeValues.Read("models: {r_cut: [5, 6], seeds: [11, 12, 13]}\n", "recipe.yaml"));
        Assert.Equal([11, 12, 13, 11, 12, 13], plan.Models.Select(m => m.Seed));
        Assert.Equal("PM7108", Assert.Throws<PolymorphException>(() => StudyPlanner.Plan(RecipeValues.Read("models: {repeats: 2, seeds: [1]}\n", "r"))).Code);
    }

    [Theory]
    [InlineData("models:\n  - {name: a}\n  - {name: A}\n", "PM7110")]
    [InlineData("models:\n  - {name: '../a'}\n", "PM7111")]
    [InlineData("models: {repeats: 100000, r_cut: [1, 2]}\n", "PM7109")]
    [InlineData("models: {r_cut: [5, 6, 5.0]}\n", "PM7114")]
    [InlineData("models: {seeds: [3, 3]}\n", "PM7114")]
    [InlineData("train: {final_weights: reference, epochs: 100, snapshot_step: 100}\n", "PM7113")]
    [InlineData("preset: c5h12o\ntrain: {final_weights: reference, epochs: 6000}\n", "PM7113")]
    public void ModelsThatCannotBeAreRefused(string text, string code) =>
        Assert.Equal(code, Assert.Throws<PolymorphException>(() => StudyPlanner.Plan(RecipeValues.Read(text, "recipe.yaml"))).Code);

    /// The first snapshot is taken after snapshot_step epochs, when one more is to follow.
    [Fact]
    public void TheFirstSnapshotIsEnough() =>
        Assert.Equal(100, StudyPlanner.Plan(RecipeValues.Read("train: {final_weights: reference, epochs: 101, snapshot_step: 100}\n", "r")).Models[0].Options.EffectiveEpochs);

    /// 2 x 4000 x 10 x 1000 settings of 100 000 models each would be 8e12 models: they must be counted, not made.
    [Fact]
    public void LongListsAreCountedBeforeTheyAreMade()
    {
        static string Numbers(int count, double first, double step) => string.Join(", ", Enumerable.Range(0, count).Select(i => (first + step * i).ToString("0.###", CultureInfo.InvariantCulture)));
        var values = RecipeValues.Read(
            $"models: {{radial: [bessel, gaussian], r_cut: [{Numbers(4000, 1, 0.01)}], n_max: [{Numbers(10, 1, 1)}], neighbours: [{Numbers(1000, 1, 1)}], repeats: 100000}}\n", "recipe.yaml");
        long before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<PolymorphException>(() => StudyPlanner.Plan(values));
        Assert.Equal("PM7109", error.Code);
        Assert.Contains("8000000000000", error.Message, StringComparison.Ordinal);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 10_000_000, "one object per setting would be several gigabytes");
    }

    /// The two published studies: LoGAN paper, section 2.4, and its published scripts.
    [Fact]
    public void PublishedPresetsHaveThePublishedNumbers()
    {
        var molecules = StudyPlanner.Plan(RecipeValues.Read("preset: c5h12o\nseed: 1\n", "recipe.yaml"));
        Assert.Equal(12, molecules.Models.Length);
        Assert.Equal(2000, molecules.StructuresPerModel);
        Assert.Equal([(5.0, 3), (5.0, 4), (6.0, 3), (6.0, 4)], molecules.Models.Select(m => (m.Options.Descriptor.CutoffRadius, m.Options.Descriptor.MaximumOrder)).Distinct());
        Assert.All(molecules.Models, m => Assert.Equal((RadialBasis.Bessel, 12, 60_001, 6000, 1e-4, 1e-4, 15, 5, 2, 20, 0.05, 0),
            (m.Options.Descriptor.Radial, m.Options.Descriptor.NeighbourCount, m.Options.Epochs, m.Options.SnapshotStep, m.Options.GeneratorRate, m.Options.CriticRate, m.Options.Batch,
                m.Options.CriticUpdates, m.Options.PenaltyUpdates, m.Options.RattleCopies, m.Options.RattleDeviation, m.Options.PoolSamplesPerElement)));
        Assert.Equal((5.0, 4, 20, 2), (molecules.Selection.Descriptor.CutoffRadius, molecules.Selection.Descriptor.MaximumOrder, molecules.Selection.Descriptor.NeighbourCount, molecules.Selection.Components));

        var silica = StudyPlanner.Plan(RecipeValues.Read("preset: sio2\nseed: 1\n", "recipe.yaml"));
        Assert.Equal(20, silica.Models.Length);
        Assert.Equal(1000, silica.StructuresPerModel);
        Assert.Equal(4, silica.Models.Select(m => (m.Options.Descriptor.Radial, m.Options.Descriptor.NeighbourCount)).Distinct().Count());
        Assert.All(silica.Models, m => Assert.Equal((4.0, 4, 45_001, 4500, 10, 0.03, 20),
            (m.Options.Descriptor.CutoffRadius, m.Options.Descriptor.MaximumOrder, m.Options.Epochs, m.Options.SnapshotStep, m.Options.RattleCopies, m.Options.RattleDeviation, m.Options.PoolSamplesPerElement)));
        Assert.All(silica.Models, m => Assert.Equal(3.1623e-4, m.Options.GeneratorRate, 5e-9)); // printed with five digits
    }

    [Theory]
    [InlineData("preset: fast\nseed: 3\ntarget: {formula: C5H12O}\n")]
    [InlineData("preset: sio2\nseed: 3\ntarget: {formula: Si6O12, cell: [5, 5, 5.5, 90, 90, 120]}\ntrain: {final_weights: reference, rattle: reference, optimiser: adam}\n")]
    [InlineData("seed: 3\ntarget: {formula: C2, cell: [5, 5, 6], symmetry: ['x,y,z', '-x,-y,z+1/2']}\n")]
    [InlineData("models:\n  - {name: one, r_cut: 4.5, n_max: 2, neighbours: 7, radial: gaussian, seed: 9}\n  - {}\n")]
    public void TheResolvedRecipeMakesTheSamePlan(string text)
    {
        var plan = StudyPlanner.Plan(RecipeValues.Read(text, "recipe.yaml"));
        string resolved = RecipeText.Write(plan.Resolved, "comment", describe: true, relativeTo: null);
        var again = StudyPlanner.Plan(RecipeValues.Read(resolved, "resolved.yaml"));
        Assert.Equal(resolved, RecipeText.Write(again.Resolved, "comment", describe: true, relativeTo: null));
        Assert.Equal(plan.Models.Select(m => (m.Name, m.Seed, m.Options.Descriptor)), again.Models.Select(m => (m.Name, m.Seed, m.Options.Descriptor)));
        foreach (var property in typeof(LoGanOptions).GetProperties().Where(p => p.Name is not (nameof(LoGanOptions.GeneratorWidths) or nameof(LoGanOptions.CriticWidths))))
        {
            Assert.Equal(property.GetValue(plan.Models[0].Options), property.GetValue(again.Models[0].Options));
        }
    }

    /// Every number of the options can be set in a recipe: the section train, or the descriptor's lists.
    [Fact]
    public void EveryTrainingOptionHasAKey()
    {
        int settable = typeof(LoGanOptions).GetProperties().Count(p => p.CanWrite && p.Name != nameof(LoGanOptions.Descriptor));
        Assert.Equal(settable + 1, TrainingKeys.All.Length); // one more: learning_rate sets two
    }

    [Fact]
    public void ThePublishedSchemaIsUpToDate()
    {
        string file = Path.Combine(Checkout.Root, "docs", "recipe.schema.json");
        Assert.True(File.Exists(file) && File.ReadAllText(file) == RecipeSchema.Text, "Write it again: polymorph run --schema > docs/recipe.schema.json");
    }

    /// The default that the user guide promises: at most a minute is lost.
    [Fact]
    public void CheckpointsAreAMinuteApart() => Assert.Equal(60, StudyPlanner.Plan(RecipeValues.Read("preset: fast\n", "r")).CheckpointSeconds);

    [Fact]
    public void AMissingSeedIsDrawnAndRecorded()
    {
        var plan = StudyPlanner.Plan(RecipeValues.Read("preset: fast\n", "recipe.yaml"));
        Assert.Equal(plan.Seed.ToString(CultureInfo.InvariantCulture), plan.Resolved.Text(RecipeKeys.Seed));
    }
}

using System.Globalization;
using Polymorph.Structures.Formats;
using Polymorph.Studies.CrystalGan;
using Polymorph.Studies.Runs;
using Polymorph.Studies.Stages;
using Polymorph.Testing;

namespace Polymorph.Studies.Tests.CrystalGan;

/// <summary>A Crystal GAN with layers a 32nd as wide as published, on a few dozen images.</summary>
internal static class SmallCrystalGan
{
    public const int Epochs = 3;

    /// <summary>Prepares every 60th of the published crystals.</summary>
    public static string Prepare(TemporaryFolder folder, ulong seed = 3)
    {
        string prepared = Path.Combine(folder.Path, string.Create(CultureInfo.InvariantCulture, $"prepared-{seed}"));
        var structures = StructureReader.ReadStrict(ReferenceData.PathOf("data/mgmno/mgmno_unique.extxyz")).Where((_, i) => i % 60 == 0).Select(s => new ReadResult(s, null));
        var options = new PreparationOptions { Layout = Representations.CrystalImages.CrystalImageLayout.MgMnO, PerComposition = 4, Supercells = Representations.CrystalImages.DoublingRule.None, Seed = seed };
        TrainingSetPreparation.Run([], structures, prepared, options, new Notes(), CancellationToken.None);
        return prepared;
    }

    public static CrystalGanRecipe Recipe(string prepared, params (Recipes.RecipeKey Key, string Value)[] more)
    {
        var recipe = new CrystalGanRecipe();
        (Recipes.RecipeKey, string)[] values =
        [
            (CrystalGanRecipe.Data, prepared), (CrystalGanRecipe.Preset, "paper"), (CrystalGanRecipe.Seed, "5"), (CrystalGanRecipe.Epochs, Epochs.ToString(CultureInfo.InvariantCulture)),
            (CrystalGanRecipe.Batch, "8"), (CrystalGanRecipe.WidthDivisor, "32"), (CrystalGanRecipe.Threads, "1"), .. more,
        ];
        foreach (var (key, value) in values)
        {
            recipe.Set(key, value, "test");
        }

        return recipe;
    }

    public static TrainResult Train(string run, CrystalGanRecipe recipe, IStudyObserver? observer = null, CancellationTokenSource? stop = null)
    {
        using var session = CrystalGanSession.Begin(run, recipe);
        return CrystalGanTrainStage.Run(session, observer ?? new Notes(), stop?.Token ?? CancellationToken.None);
    }

    public static byte[] Model(string run) => File.ReadAllBytes(Path.Combine(run, "models", "crystal-gan.safetensors"));
}

using Polymorph.Foundation;
using Polymorph.Models.LoGan;
using Polymorph.Structures;
using Polymorph.Structures.Formats;

namespace Polymorph.Benchmarks;

/// <summary>The published study's training molecules, from the reference data beside the checkout.</summary>
internal static class StudyData
{
    public static string? SharedFolder { get; } = FindShared();

    public static IReadOnlyList<Structure> C5H12OTraining { get; } = StructureReader.ReadStrict(Path.Combine(
        SharedFolder ?? throw new PolymorphException("PM1900", "the reference data are missing: the study needs the folder 'shared' beside the checkout"), "data", "logan", "C5H12O_training.extxyz"));

    public static LoGanTrainer NewC5H12OTrainer(LoGanOptions options, ulong seed)
    {
        var task = LoGanTask.C5H12O;
        return new LoGanTrainer(options, task, LoGanTrainingSet.Create(C5H12OTraining, options, task, seed), seed);
    }

    private static string? FindShared()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string candidate = Path.Combine(folder.FullName, "shared");
            if (Directory.Exists(Path.Combine(candidate, "data", "logan")))
            {
                return candidate;
            }
        }

        return null;
    }
}

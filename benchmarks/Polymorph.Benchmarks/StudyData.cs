using Polymorph.Foundation;
using Polymorph.Models.LoGan;
using Polymorph.Structures;
using Polymorph.Structures.Formats;

namespace Polymorph.Benchmarks;

/// <summary>The published study's training molecules, from the reference data beside the checkout.</summary>
internal static class StudyData
{
    /// <summary>A file or folder of the reference data.</summary>
    /// <exception cref="PolymorphException">PM1900: the reference data are missing.</exception>
    public static string Shared(params string[] path) =>
        Above("shared") is { } folder ? Path.Combine([folder, .. path]) : throw new PolymorphException("PM1900", "the reference data are missing: the benchmark needs the folder 'shared' beside the checkout");

    public static IReadOnlyList<Structure> C5H12OTraining { get; } = StructureReader.ReadStrict(Shared("data", "logan", "C5H12O_training.extxyz"));

    public static LoGanTrainer NewC5H12OTrainer(LoGanOptions options, ulong seed)
    {
        var task = LoGanTask.C5H12O;
        return new LoGanTrainer(options, task, LoGanTrainingSet.Create(C5H12OTraining, options, task, seed), seed);
    }

    /// <summary>The nearest file or folder of that name above the program; null where there is none.</summary>
    public static string? Above(string relative)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string candidate = Path.Combine(folder.FullName, relative);
            if (File.Exists(candidate) || Directory.Exists(candidate))
            {
                return candidate;
            }
        }

        return null;
    }
}

using System.Diagnostics;
using Polymorph.Foundation;
using Polymorph.Models.LoGan;
using Polymorph.Studies.Recipes;
using Polymorph.Studies.Runs;

namespace Polymorph.Studies.Stages;

/// <summary>What a study would cost, from a calibration of about a second per setting.</summary>
/// <param name="Models">Models to train.</param>
/// <param name="Threads">Models trained at the same time.</param>
/// <param name="SecondsPerEpoch">One epoch on one core, mean over the models.</param>
/// <param name="CoreSeconds">All epochs of all models, seconds of one core.</param>
/// <param name="MemoryBytes">Peak memory while training.</param>
/// <param name="DiskBytes">Models and structures to generate.</param>
public sealed record StudyPrice(int Models, int Threads, double SecondsPerEpoch, double CoreSeconds, long MemoryBytes, long DiskBytes)
{
    private const int BytesPerWrittenAtom = 64;
    private const int BytesPerWrittenStructure = 120;

    private static readonly TimeSpan Calibration = TimeSpan.FromSeconds(1);

    /// <summary>Time until everything is trained.</summary>
    public TimeSpan WallTime => TimeSpan.FromSeconds(Math.Min(CoreSeconds / Threads, TimeSpan.MaxValue.TotalSeconds / 2));

    /// <summary>Prices a study without touching its folder.</summary>
    /// <param name="path">The run folder; it may hold a study, be empty or missing.</param>
    /// <param name="asked">What is asked.</param>
    /// <param name="observer">Told of entries that cannot be used.</param>
    /// <param name="cancellation">Stops.</param>
    /// <exception cref="PolymorphException">Anything that would stop the study.</exception>
    public static StudyPrice Estimate(string path, RecipeValues asked, IStudyObserver observer, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(observer);
        var folder = RunFolder.ForStudy(path);
        var values = folder.HasStudy ? RecipeValues.ReadFile(folder.ResolvedFile) : asked;
        var (plan, training, task) = StudyPreparation.Prepare(values, builtIn: null, observer);
        long modelBytes = 0, modelMemory = 0, before = Process.GetCurrentProcess().WorkingSet64;
        double coreSeconds = 0;
        var settings = plan.Models.GroupBy(m => m.Options.Descriptor).ToList();
        for (int done = 0; done < settings.Count; done++)
        {
            observer.Work("calibrating", done, settings.Count);
            var group = settings[done];
            var model = group.First();
            var trainer = new LoGanTrainer(model.Options, task, LoGanTrainingSet.Create(training, model.Options, task, model.Seed), model.Seed);
            trainer.RunEpoch();
            var clock = Stopwatch.StartNew();
            int epochs = 0;
            while (clock.Elapsed < Calibration && epochs < model.Options.EffectiveEpochs)
            {
                cancellation.ThrowIfCancellationRequested();
                trainer.RunEpoch();
                epochs++;
            }

            coreSeconds += clock.Elapsed.TotalSeconds / Math.Max(1, epochs) * group.Sum(m => (double)m.Options.EffectiveEpochs);
            modelBytes += group.Count() * StateBytes(trainer);
            modelMemory = Math.Max(modelMemory, Process.GetCurrentProcess().WorkingSet64 - before);
        }

        int threads = Math.Min(plan.Threads, plan.Models.Length);
        double epochsOfAll = plan.Models.Sum(m => (double)m.Options.EffectiveEpochs);
        long structures = plan.StructuresPerModel * plan.Models.Length;
        long structureBytes = structures * (BytesPerWrittenStructure + (long)BytesPerWrittenAtom * task.Assembly.Species.Length);
        return new StudyPrice(plan.Models.Length, threads, coreSeconds / epochsOfAll, coreSeconds, before + threads * modelMemory, modelBytes + structureBytes);
    }

    // Weights and biases of both networks with one optimiser state each, in single precision.
    private static long StateBytes(LoGanTrainer trainer) => 2 * sizeof(float) * (Parameters(trainer.Generator.Shape.Widths) + Parameters(trainer.Critic.Shape.Widths));

    private static long Parameters(IReadOnlyList<int> widths) => Enumerable.Range(0, widths.Count - 1).Sum(i => (widths[i] + 1L) * widths[i + 1]);
}

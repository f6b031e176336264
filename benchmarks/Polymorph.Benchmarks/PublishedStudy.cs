using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Polymorph.Models.LoGan;

namespace Polymorph.Benchmarks;

/// <summary>The published C5H12O study: r_cut 5, 6 x n_max 3, 4 x three seeds, 60 001 epochs each. Can be stopped and started again at any time.</summary>
internal static class PublishedStudy
{
    public static readonly (double CutoffRadius, int MaximumOrder, ulong Seed)[] Models =
        [.. from seed in new ulong[] { 1, 2, 3 } from cutoff in new[] { 5.0, 6.0 } from order in new[] { 3, 4 } select (cutoff, order, seed)];

    public static string PathOf(string folder, (double CutoffRadius, int MaximumOrder, ulong Seed) model) =>
        Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"rcut{model.CutoffRadius}-nmax{model.MaximumOrder}-seed{model.Seed}.safetensors"));

    /// <summary>Trains what is not finished yet.</summary>
    /// <param name="arguments">The folder of the models, and the number of threads.</param>
    public static void Train(string[] arguments)
    {
        string folder = arguments[0];
        int threads = int.Parse(arguments[1], CultureInfo.InvariantCulture);
        Directory.CreateDirectory(folder);
        var waiting = new ConcurrentQueue<(double, int, ulong)>(Models);
        var workers = Enumerable.Range(0, threads).Select(_ => new Thread(() =>
        {
            while (waiting.TryDequeue(out var model))
            {
                TrainModel(PathOf(folder, model), model);
            }
        })).ToList();
        workers.ForEach(w => w.Start());
        workers.ForEach(w => w.Join());
    }

    private static void TrainModel(string path, (double CutoffRadius, int MaximumOrder, ulong Seed) model)
    {
        var trainer = StudyData.NewC5H12OTrainer(LoGanOptions.C5H12O(model.CutoffRadius, model.MaximumOrder), model.Seed);
        if (File.Exists(path))
        {
            LoGanModelFile.Resume(trainer, path);
        }

        var clock = Stopwatch.StartNew();
        var sinceSave = Stopwatch.StartNew();
        int first = trainer.Epoch;
        while (!trainer.IsFinished)
        {
            trainer.RunEpoch();
            if (sinceSave.Elapsed.TotalSeconds > 60 || trainer.IsFinished)
            {
                LoGanModelFile.Save(trainer, path);
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"{Path.GetFileName(path)} epoch {trainer.Epoch} Wasserstein {trainer.Statistics.Wasserstein:F4} {1e3 * clock.Elapsed.TotalSeconds / (trainer.Epoch - first):F2} ms/epoch"));
                sinceSave.Restart();
            }
        }
    }
}

using System.Diagnostics;
using Polymorph.Models.LoGan;

namespace Polymorph.Benchmarks;

/// <summary>Throughput of two models on two cores against one model on one core, in turn; and the memory of one training.</summary>
internal static class LoGanEnsembleBenchmark
{
    private const int Epochs = 40;

    public static void Run(string[] arguments)
    {
        LoGanTrainer[] trainers = [.. new ulong[] { 1, 2 }.Select(seed => StudyData.NewC5H12OTrainer(LoGanOptions.C5H12O(), seed))];
        var ratios = new List<double>();
        for (int round = 0; round < 7; round++)
        {
            double one = Seconds(trainers[..1]), two = Seconds(trainers);
            if (round > 0)
            {
                ratios.Add(2 * one / two);
            }
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        trainers[0].RunEpoch();
        Figure.Print("logan-epoch-allocation", GC.GetAllocatedBytesForCurrentThread() - before, "bytes");
        Figure.Print("logan-ensemble-two-models-memory", Process.GetCurrentProcess().PeakWorkingSet64 / 1e6, "MB");
        Figure.Print("logan-ensemble", Figure.Median(ratios), "times");
    }

    /// <summary>Peak memory of a process that trains one model and does nothing else.</summary>
    public static void Memory(string[] arguments)
    {
        var trainer = StudyData.NewC5H12OTrainer(LoGanOptions.C5H12O(), seed: 1);
        for (int epoch = 0; epoch < 20; epoch++)
        {
            trainer.RunEpoch();
        }

        Figure.Print("logan-memory", Process.GetCurrentProcess().PeakWorkingSet64 / 1e6, "MB");
    }

    private static double Seconds(LoGanTrainer[] trainers)
    {
        var clock = Stopwatch.StartNew();
        var threads = trainers.Select(t => new Thread(() =>
        {
            for (int epoch = 0; epoch < Epochs; epoch++)
            {
                t.RunEpoch();
            }
        })).ToList();
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());
        return clock.Elapsed.TotalSeconds;
    }
}

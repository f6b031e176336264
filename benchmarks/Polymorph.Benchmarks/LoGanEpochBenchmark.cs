using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Polymorph.Models.LoGan;

namespace Polymorph.Benchmarks;

/// <summary>One C5H12O training epoch on one core beside the tuned PyTorch program, in turn, and its share of the multiply-add peak.</summary>
internal static class LoGanEpochBenchmark
{
    // Matrix products of one epoch, multiply and add counted: LoGAN specification, section 9.
    private const double FlopPerEpoch = 2.3132e9;

    public static void Run(string[] arguments)
    {
        int rounds = arguments.Length > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : 3;
        var trainer = StudyData.NewC5H12OTrainer(LoGanOptions.C5H12O(), seed: 1);
        double peak = Peak.GigaFlops();
        var ours = new List<double>();
        var theirs = new List<double>();
        for (int round = 0; round < rounds; round++)
        {
            ours.Add(MedianEpoch(trainer, 60));
            if (Opponent() is { } opponent)
            {
                theirs.Add(opponent);
            }
        }

        double milliseconds = Figure.Median(ours);
        Figure.Print("logan-epoch-milliseconds", milliseconds, "ms");
        Figure.Print("logan-epoch-share-of-peak", FlopPerEpoch / (milliseconds * 1e-3) / (peak * 1e9), $"of {peak:F0} GFLOP/s");
        if (theirs.Count == 0)
        {
            Console.Error.WriteLine("The opponent did not run: it needs the reference data beside the checkout and python3-torch.");
            return;
        }

        Figure.Print("logan-epoch-pytorch-milliseconds", Figure.Median(theirs), "ms");
        Figure.Print("logan-epoch", Figure.Median(theirs) / milliseconds, "times");
    }

    public static double MedianEpoch(LoGanTrainer trainer, int epochs)
    {
        var times = new List<double>();
        for (int epoch = 0; epoch < epochs + 5; epoch++)
        {
            long start = Stopwatch.GetTimestamp();
            trainer.RunEpoch();
            if (epoch >= 5)
            {
                times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
        }

        return Figure.Median(times);
    }

    private static double? Opponent() =>
        PythonOpponent.Output(StudyData.Shared("tools", "logan_torch.py"), "torch", "", "--variant", "tuned", "--threads", "1", "--epochs", "40") is { } output
            ? JsonDocument.Parse(output).RootElement.GetProperty("ms_median").GetDouble() : null;
}

using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Polymorph.Learning;
using Polymorph.Models.CrystalGan;

namespace Polymorph.Benchmarks;

/// <summary>One training batch of the crystal GAN at published widths beside PyTorch, in turn, on one and on two cores; its share of the multiply-add peak and its memory.</summary>
internal static class CrystalGanBenchmark
{
    // Forward multiply-adds of one image in millions, Crystal GAN specification, section 4: generator, critic, classifier.
    private const double GeneratorProducts = 26.74;
    private const double CriticProducts = 13.32;
    private const double ClassifierProducts = 5.70;
    private const int Images = 32;

    // Forward 1, weight gradients 1, adjoints 1: a critic batch is 1 G, 3 + 3 + 4 D (real, generated, penalty), 3 Q; a generator update 3 G, 2 D, 3 Q.
    private const double CriticUpdate = GeneratorProducts + 10 * CriticProducts + 3 * ClassifierProducts;
    private const double GeneratorUpdate = 3 * GeneratorProducts + 2 * CriticProducts + 3 * ClassifierProducts;

    public static void Run(string[] arguments)
    {
        int rounds = arguments.Length > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : 3;
        foreach (int threads in new[] { 1, 2 })
        {
            var trainer = new CrystalGanTrainer(CrystalGanOptions.Published(), new CrystalGanShape([8, 8, 12]), new RandomImages(), seed: 1, threads);
            var ours = new List<(double Plain, double Full)>();
            var theirs = new List<double>();
            for (int round = 0; round < rounds; round++)
            {
                ours.Add(Measure(trainer, threads, 25));
                if (Opponent(threads) is { } opponent)
                {
                    theirs.Add(opponent);
                }
            }

            double plain = Figure.Median(ours.Select(o => o.Plain)), full = Figure.Median(ours.Select(o => o.Full)), mean = (4 * plain + full) / 5;
            string end = threads == 1 ? "" : "-2";
            Figure.Print($"crystal-gan-critic-seconds{end}", plain, "s");
            Figure.Print($"crystal-gan-generator-seconds{end}", full, "s");
            Figure.Print($"crystal-gan-mean-seconds{end}", mean, "s");
            if (threads == 1)
            {
                double peak = Peak.GigaFlops(), flop = 2e6 * Images * (CriticUpdate + GeneratorUpdate / 5);
                Figure.Print("crystal-gan-peak", flop / mean / (peak * 1e9), $"of {peak:F0} GFLOP/s");
            }

            if (theirs.Count > 0)
            {
                Figure.Print($"crystal-gan-pytorch-seconds{end}", Figure.Median(theirs), "s");
                Figure.Print($"crystal-gan-iteration{end}", Figure.Median(theirs) / mean, "times");
            }
        }

        Figure.Print("crystal-gan-memory", Process.GetCurrentProcess().PeakWorkingSet64 / 1e6, "MB");
    }

    private static (double Plain, double Full) Measure(CrystalGanTrainer trainer, int threads, int batches)
    {
        List<double> plain = [], full = [];
        for (int i = 0; i < batches + 5; i++)
        {
            bool generator = trainer.Batch % trainer.Options.CriticUpdates == 0;
            double start = Now();
            trainer.RunBatch();
            if (i >= 5)
            {
                (generator ? full : plain).Add(Now() - start);
            }
        }

        return (Figure.Median(plain), Figure.Median(full));

        // Processor time on one core, which other programs do not lengthen much; only a clock knows of two.
        double Now() => threads == 1 ? ThreadClock.Seconds : Stopwatch.GetTimestamp() / (double)Stopwatch.Frequency;
    }

    /// <summary>Mean seconds of a batch in PyTorch: the faster of its two ways of writing the layers.</summary>
    private static double? Opponent(int threads)
    {
        double best = double.PositiveInfinity;
        string count = threads.ToString(CultureInfo.InvariantCulture);
        foreach (string layers in new[] { "product", "conv" })
        {
            if (PythonOpponent.Output("crystal_gan_torch.py", "torch", "", "--threads", count, "--layers", layers) is { } output)
            {
                using var result = JsonDocument.Parse(output);
                best = Math.Min(best, result.RootElement.GetProperty("mean").GetDouble());
            }
        }

        return double.IsFinite(best) ? best : null;
    }

    /// <summary>Counts uniform over the caps, positions uniform: as many present rows as the published training set has on average, or a few less.</summary>
    private sealed class RandomImages : ICrystalImages
    {
        private static readonly int[] Caps = [8, 8, 12];
        private readonly CounterRandom _random = new(1, 1);

        public int Count => 4096;

        public double Fill(int index, Span<float> image, Span<int> counts)
        {
            var sequence = _random.Sequence((uint)index);
            image.Clear();
            image[..6].Fill(0.4f);
            for (int e = 0, row = 2; e < 3; row += Caps[e], e++)
            {
                counts[e] = 1 + sequence.NextIndex(Caps[e]);
                foreach (ref float value in image.Slice(3 * row, 3 * counts[e]))
                {
                    value = 1 / 6f + 2 / 3f * sequence.NextSingle();
                }
            }

            return double.NaN;
        }
    }
}

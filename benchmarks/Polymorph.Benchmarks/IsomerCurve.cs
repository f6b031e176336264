using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Polymorph.Foundation;
using Polymorph.Models.LoGan;
using Polymorph.Structures.Bonds;

namespace Polymorph.Benchmarks;

/// <summary>Trains many models and writes, for marks along each training, which isomers its raw structures hold: the data of every schedule figure.</summary>
/// <remarks>Arguments: <c>out=FILE seeds=0-17 marks=250,500,1000 threads=2 structures=2000</c> and settings such as <c>rate=1e-3 batch=15 epochs=1000</c>.
/// One JSON line per model and mark: seed, epoch, core seconds of training, valid share, isomers with counts.</remarks>
internal static class IsomerCurve
{
    public static void Run(string[] arguments)
    {
        var words = arguments.Select(a => a.Split('=', 2)).ToDictionary(a => a[0], a => a[1]);
        string Take(string key, string otherwise) => words.Remove(key, out string? value) ? value : otherwise;
        string output = Take("out", "isomers.jsonl");
        int threads = int.Parse(Take("threads", "2"), CultureInfo.InvariantCulture);
        int structures = int.Parse(Take("structures", "2000"), CultureInfo.InvariantCulture);
        int[] range = [.. Take("seeds", "0-17").Split('-').Select(s => int.Parse(s, CultureInfo.InvariantCulture))];
        int[] marks = [.. Take("marks", "250,500,750,1000").Split(',').Select(m => int.Parse(m, CultureInfo.InvariantCulture))];
        var options = words.Aggregate(LoGanOptions.C5H12O() with { Epochs = marks[^1] }, (o, w) => Change(o, w.Key, w.Value));
        string label = string.Join(' ', words.Select(w => $"{w.Key}={w.Value}"));
        var seeds = new ConcurrentQueue<int>(Enumerable.Range(range[0], range[1] - range[0] + 1));
        using var writer = new StreamWriter(output, append: true) { AutoFlush = true };
        Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, _ =>
        {
            while (seeds.TryDequeue(out int seed))
            {
                RunModel(options, (ulong)seed, marks, structures, line =>
                {
                    lock (writer)
                    {
                        writer.WriteLine(line.Insert(1, $"\"settings\":\"{label}\","));
                    }
                });
            }
        });
    }

    private static void RunModel(LoGanOptions options, ulong seed, int[] marks, int structures, Action<string> write)
    {
        var trainer = StudyData.NewC5H12OTrainer(options, seed);
        var generator = LoGanGenerator.Of(trainer);
        var classifier = new MoleculeClassifier(trainer.Task.Assembly.Species);
        var positions = new float[structures * 3 * classifier.AtomCount];
        double seconds = 0;
        try
        {
            foreach (int mark in marks)
            {
                long start = Stopwatch.GetTimestamp();
                while (trainer.Epoch < mark)
                {
                    trainer.RunEpoch();
                }

                seconds += Stopwatch.GetElapsedTime(start).TotalSeconds;
                generator.Fill(0, structures, positions);
                var found = Enumerable.Range(0, structures)
                    .Select(i => classifier.Classify(positions.AsSpan(3 * classifier.AtomCount * i, 3 * classifier.AtomCount)).Smiles)
                    .OfType<string>().CountBy(s => s).ToDictionary();
                write(JsonSerializer.Serialize(new { seed, epoch = mark, seconds = Math.Round(seconds, 2), valid = found.Values.Sum(), isomers = found, wasserstein = trainer.Statistics.Wasserstein, norm = trainer.Statistics.GradientNorm }));
            }
        }
        catch (PolymorphException e)
        {
            write(JsonSerializer.Serialize(new { seed, epoch = trainer.Epoch, seconds, valid = 0, error = e.Code }));
        }
    }

    private static LoGanOptions Change(LoGanOptions options, string key, string value)
    {
        double number = double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double n) ? n : double.NaN;
        System.Collections.Immutable.ImmutableArray<int> Widths() => [.. value.Split(',').Select(w => int.Parse(w, CultureInfo.InvariantCulture))];
        return key switch
        {
            "rate" => options with { GeneratorRate = number, CriticRate = number },
            "grate" => options with { GeneratorRate = number },
            "crate" => options with { CriticRate = number },
            "decay" => options with { FinalRateFraction = number },
            "batch" => options with { Batch = (int)number },
            "critics" => options with { CriticUpdates = (int)number },
            "penalties" => options with { PenaltyUpdates = (int)number },
            "epochs" => options with { Epochs = (int)number },
            "square" => options with { SquareDecay = number },
            "adam" => options with { Optimiser = OptimiserKind.Adam, SquareDecay = number },
            "critic" => options with { CriticWidths = Widths() },
            "generator" => options with { GeneratorWidths = Widths() },
            "latent" => options with { LatentSize = (int)number },
            "rattle" => options with { RattleDeviation = number },
            "rcut" => options with { Descriptor = options.Descriptor with { CutoffRadius = number } },
            "nmax" => options with { Descriptor = options.Descriptor with { MaximumOrder = (int)number } },
            "neighbours" => options with { Descriptor = options.Descriptor with { NeighbourCount = (int)number } },
            _ => throw new ArgumentException($"unknown setting '{key}'"),
        };
    }
}

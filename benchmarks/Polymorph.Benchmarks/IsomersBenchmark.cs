using System.Collections.Concurrent;
using System.Globalization;
using Polymorph.Models.LoGan;
using Polymorph.Structures.Bonds;

namespace Polymorph.Benchmarks;

/// <summary>Core seconds until the raw structures of an ensemble of <c>fast</c> models hold 9, 12 and all 14 isomers of C5H12O: median over seed sets.</summary>
/// <remarks>Core seconds are processor time of training, generation and classification, summed over the models in the order of their seeds.
/// No isomer of C5H12O is in the training set. Arguments: number of seed sets, most models per set, threads.</remarks>
internal static class IsomersBenchmark
{
    private const int Isomers = 14;
    private const int Structures = 10_000;

    public static void Run(string[] arguments)
    {
        int Argument(int index, int otherwise) => arguments.Length > index ? int.Parse(arguments[index], CultureInfo.InvariantCulture) : otherwise;
        int sets = Argument(0, 5), models = Argument(1, 60), threads = Argument(2, 2);
        var curves = Enumerable.Range(0, sets).Select(set => Curve(set, models, threads)).ToList();
        Figure.Print("isomers-models", Figure.Median(curves.Select(c => (double)c.Count)), "models");
        foreach (int goal in new[] { 9, 12, 13, Isomers })
        {
            Figure.Print($"isomers-{goal}", Figure.Median(curves.Select(c => c.Where(p => p.Found >= goal).Select(p => p.Seconds).FirstOrDefault(double.PositiveInfinity))), "core-seconds");
        }
    }

    private static List<(double Seconds, int Found)> Curve(int set, int models, int threads)
    {
        var results = new ConcurrentDictionary<int, (double Seconds, HashSet<string> Found)>();
        int next = -1, enough = int.MaxValue;
        var workers = Enumerable.Range(0, threads).Select(_ => new Thread(() =>
        {
            for (int model = Interlocked.Increment(ref next); model < models && model < Volatile.Read(ref enough); model = Interlocked.Increment(ref next))
            {
                results[model] = Train((ulong)(1000 * (set + 1) + model));
                if (Prefix(results).LastOrDefault().Found == Isomers)
                {
                    Volatile.Write(ref enough, 0);
                }
            }
        })).ToList();
        workers.ForEach(w => w.Start());
        workers.ForEach(w => w.Join());
        var curve = Prefix(results);
        int last = curve.FindIndex(p => p.Found == Isomers);
        curve = last < 0 ? curve : curve[..(last + 1)];
        Console.WriteLine($"seed set {set + 1}: {string.Join(", ", curve.Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.Found} at {p.Seconds:F0} s")))}");
        return curve;
    }

    /// <summary>Isomers found by the first models without a gap, and the processor time they took.</summary>
    private static List<(double Seconds, int Found)> Prefix(ConcurrentDictionary<int, (double Seconds, HashSet<string> Found)> results)
    {
        var curve = new List<(double, int)>();
        var union = new HashSet<string>();
        double seconds = 0;
        for (int model = 0; results.TryGetValue(model, out var result); model++)
        {
            seconds += result.Seconds;
            union.UnionWith(result.Found);
            curve.Add((seconds, union.Count));
        }

        return curve;
    }

    private static (double Seconds, HashSet<string> Found) Train(ulong seed)
    {
        double start = ThreadClock.Seconds;
        var trainer = StudyData.NewC5H12OTrainer(LoGanOptions.Fast(), seed);
        while (!trainer.IsFinished)
        {
            trainer.RunEpoch();
        }

        var classifier = new MoleculeClassifier(trainer.Task.Assembly.Species);
        int size = 3 * classifier.AtomCount;
        var positions = new float[Structures * size];
        LoGanGenerator.Of(trainer).Fill(0, Structures, positions);
        var found = new HashSet<string>();
        for (int i = 0; i < Structures; i++)
        {
            if (classifier.Classify(positions.AsSpan(size * i, size)).Smiles is { } smiles)
            {
                found.Add(smiles);
            }
        }

        return (ThreadClock.Seconds - start, found);
    }
}

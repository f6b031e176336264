using System.Diagnostics;
using System.Globalization;
using Polymorph.Energies;
using Polymorph.Energies.Ani;
using Polymorph.Energies.Batch;
using Polymorph.Energies.External.Xtb;
using Polymorph.Energies.Neural;
using Polymorph.Energies.Relaxation;
using Polymorph.Energies.TensorNet;
using Polymorph.Foundation;
using Polymorph.Learning;
using Polymorph.Structures;
using Polymorph.Structures.Formats;

namespace Polymorph.Benchmarks;

/// <summary>Relaxations per minute on two cores: C5H12O isomers and silica cells, all atoms moved by normal noise, to 0.05 eV/Å in a fixed cell.</summary>
internal static class RelaxationRateBenchmark
{
    private const int Threads = 2;
    private const double Noise = 0.3;  // Å, each component
    private static readonly RelaxationOptions Options = new();

    private sealed record Case(string Name, IReadOnlyList<Structure> Known, int Copies, Func<IEnergyEngine> Open);

    /// <summary>Arguments: parts of the names to run; none means all.</summary>
    public static void Run(string[] arguments)
    {
        foreach (var item in Cases().Where(c => arguments.Length == 0 || arguments.Any(a => c.Name.Contains(a, StringComparison.Ordinal))))
        {
            Measure(item);
        }
    }

    // As many starts as some ten seconds need.
    private static IEnumerable<Case> Cases()
    {
        string potentials = StudyData.Shared("data", "potentials");
        IReadOnlyList<Structure> isomers = Read("C5H12O_ground_truth.extxyz");
        IReadOnlyList<Structure> silica = [.. Directory.GetFiles(StudyData.Shared("data", "logan"), "mp-*_ground_truth.extxyz").Order(StringComparer.Ordinal).SelectMany(f => Read(Path.GetFileName(f)))];
        yield return new("c5h12o-embedded", isomers, 60, () => EmbeddedPotentials.Engine(EmbeddedPotentials.Molecules));
        yield return new("c5h12o-ani-1ccx", isomers, 60, () => AniEngine.Read(Path.Combine(potentials, "ani-1ccx.json")));
        yield return new("c5h12o-xtb", isomers, 2, () => new XtbEngine(new XtbOptions()));
        yield return new("sio2-embedded", silica, 100, () => EmbeddedPotentials.Engine(EmbeddedPotentials.Silica));
        yield return new("sio2-tensornet", silica, 40, () => new TensorNetEngine(Path.Combine(potentials, "tensornet-matpes-pbe-2025.1.json")));
    }

    private static void Measure(Case item)
    {
        IEnergyEngine engine;
        try
        {
            engine = item.Open();
            engine.CreateEvaluator().Dispose();
        }
        catch (PolymorphException e)
        {
            Console.Error.WriteLine($"{item.Name} did not run: {e.Message}");
            return;
        }

        var starts = Starts(item.Known, item.Copies);
        using var pool = new EvaluatorPool(engine);
        var relaxer = new Relaxer(engine, Options);
        RelaxationResult Relax(Structure start) => pool.Use(evaluator => relaxer.Relax(start, evaluator));

        // Compiled and with warm workers before the clock starts.
        _ = OrderedWork.Run(starts.Take(2 * Threads), Relax, Threads).Count();
        double processor = ProcessorSeconds;
        var watch = Stopwatch.StartNew();
        var results = OrderedWork.Run(starts, Relax, Threads).ToList();
        double seconds = watch.Elapsed.TotalSeconds;
        processor = ProcessorSeconds - processor;
        string name = $"relaxations-{item.Name}";
        Figure.Print(name, 60 * results.Count / seconds, "relaxations/min");
        Figure.Print($"{name}-per-core", 60 * results.Count / processor, "relaxations/min/core");
        Figure.Print($"{name}-cores", processor / seconds, "cores used");
        Figure.Print($"{name}-evaluations", Figure.Median(results.Select(r => (double)r.ForceEvaluations)), "per relaxation");
        Figure.Print($"{name}-converged", 100.0 * results.Count(r => r.Status is RelaxationStatus.Converged or RelaxationStatus.Fragmented) / results.Count, "percent");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{item.Name}: {results.Count} starts, {seconds:F1} s; {string.Join(", ", results.GroupBy(r => r.Status).OrderBy(g => g.Key).Select(g => $"{g.Key} {g.Count()}"))}"));
    }

    private static double ProcessorSeconds => Environment.CpuUsage.TotalTime.TotalSeconds + ThreadClock.EndedChildrenSeconds;

    private static IReadOnlyList<Structure> Read(string file) => StructureReader.ReadStrict(StudyData.Shared("data", "logan", file));

    private static List<Structure> Starts(IReadOnlyList<Structure> known, int copies)
    {
        var result = new List<Structure>();
        for (int copy = 0; copy < copies; copy++)
        {
            foreach (var (k, structure) in known.Index())
            {
                var random = new CounterRandom((ulong)(1000 * copy + k), 0).Sequence(0);
                result.Add(structure.WithPositions([.. structure.Positions.Select(p => p + Noise * new Vector3D(random.NextNormal(), random.NextNormal(), random.NextNormal()))]));
            }
        }

        return result;
    }
}

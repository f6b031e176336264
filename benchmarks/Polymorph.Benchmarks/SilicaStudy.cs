using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Polymorph.Energies;
using Polymorph.Energies.Catalogue;
using Polymorph.Energies.Relaxation;
using Polymorph.Learning;
using Polymorph.Models.LoGan;
using Polymorph.Representations.LocalDescriptors;
using Polymorph.Selection;
using Polymorph.Structures;
using Polymorph.Structures.Formats;
using Polymorph.Structures.Inspection;

namespace Polymorph.Benchmarks;

/// <summary>The published silica study: does a target cell come back among the relaxed representatives of the models, and among as many random starts?</summary>
/// <remarks>Found = energy within 1 meV/atom of the relaxed target, same method, and the same distances within 0.1 Å; in the cell of the target, as in the paper, and once more when the cell
/// of both is freed, as one crystal may lie in a cell that nearly is its own in several ways. Baseline: the paper's random starts,
/// no pair closer than 0.9 of the target's shortest distance.</remarks>
internal static class SilicaStudy
{
    private const int PerModel = 1000;
    private const int PicksPerSetting = 20;
    private const double EnergyTolerance = 0.001;
    private const double DistanceTolerance = 0.1;

    /// <summary>Prints one row for each setting of the models, and one for all starts.</summary>
    /// <param name="arguments">The engine, the target's file, and the folder of a run's models or <c>random</c>; then words: <c>starts=80 seed=1</c> for random starts;
    /// <c>picks=20 components=2</c> per setting; <c>raw=200</c> relaxes the first so many structures of each model, unselected; <c>out=FILE</c> gets one JSON line per start.</param>
    public static void Run(string[] arguments)
    {
        var words = arguments[3..].Select(a => a.Split('=', 2)).ToDictionary(a => a[0], a => a[1]);
        int Number(string key, int otherwise) => words.TryGetValue(key, out string? value) ? int.Parse(value, CultureInfo.InvariantCulture) : otherwise;
        var target = StructureReader.ReadStrict(arguments[1])[0];
        var engine = EngineCatalogue.OfUser().Open(arguments[0], EngineRequest.For(Precision.Single, [target]));
        var starts = arguments[2] == "random" ? RandomStarts(target, Number("starts", 80), (ulong)Number("seed", 1))
            : words.ContainsKey("raw") ? Raw(arguments[2], Number("raw", PerModel))
            : Selected(arguments[2], Number("picks", PicksPerSetting), Number("components", 2));
        using var first = engine.CreateEvaluator();
        var goal = Goal.Of(target, engine, first);
        var results = new Outcome[starts.Count];
        int next = -1;
        var clock = Stopwatch.StartNew();
        Parallel.For(0, Number("threads", Environment.ProcessorCount), _ =>
        {
            using var evaluator = engine.CreateEvaluator();
            for (int i = Interlocked.Increment(ref next); i < starts.Count; i = Interlocked.Increment(ref next))
            {
                results[i] = goal.Judge(starts[i].Setting, starts[i].Start, engine, evaluator);
            }
        });
        double perMinute = starts.Count / clock.Elapsed.TotalMinutes;
        Console.WriteLine($"{engine.Method}, {Path.GetFileName(arguments[1])}, {arguments[2]}");
        Console.WriteLine("starts | relaxed | converged | distinct | lowest above the target, meV/atom | median above | found | median evaluations | the same after freeing the cell: distinct | lowest | found");
        foreach (var setting in results.GroupBy(r => r.Setting).Where(g => g.Count() < results.Length))
        {
            Row(setting.Key, [.. setting]);
        }

        Row("all", results);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{perMinute:F0} per minute"));
        if (words.TryGetValue("out", out string? output))
        {
            File.WriteAllLines(output, results.Select(r => JsonSerializer.Serialize(new { r.Setting, r.Id, r.Status, r.AboveMEV, r.Found, r.FreeAboveMEV, r.FreeFound, r.Evaluations })));
        }
    }

    private static void Row(string name, Outcome[] results)
    {
        var good = results.Where(r => r.Status == RelaxationStatus.Converged).ToList();
        var free = good.Where(r => double.IsFinite(r.FreeAboveMEV)).ToList();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name} | {results.Length} | {good.Count} | {Distinct(good, r => (r.AboveMEV, r.Signature))} | {Lowest(good.Select(r => r.AboveMEV)):F1} | {Median(good.Select(r => r.AboveMEV)):F0} | {good.Count(r => r.Found)} | {Median(results.Select(r => (double)r.Evaluations)):F0} | {Distinct(free, r => (r.FreeAboveMEV, r.FreeSignature!))} | {Lowest(free.Select(r => r.FreeAboveMEV)):F1} | {free.Count(r => r.FreeFound)}"));
    }

    private static int Distinct(List<Outcome> outcomes, Func<Outcome, (double MEV, DistanceSignature Signature)> of)
    {
        var minima = new List<(double MEV, DistanceSignature Signature)>();
        foreach (var found in outcomes.Select(of))
        {
            if (!minima.Exists(m => Math.Abs(m.MEV - found.MEV) < 1e3 * EnergyTolerance && m.Signature.Matches(found.Signature, DistanceTolerance)))
            {
                minima.Add(found);
            }
        }

        return minima.Count;
    }

    private static double Lowest(IEnumerable<double> values) => values.DefaultIfEmpty(double.NaN).Min();

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? double.NaN : sorted[sorted.Length / 2];
    }

    private static IEnumerable<IGrouping<string, (string Name, LoGanGenerator Generator)>> Settings(string folder) =>
        Directory.EnumerateFiles(folder, "*.safetensors").Where(f => !f.EndsWith(".checkpoint.safetensors", StringComparison.Ordinal) && !f.EndsWith(".previous.safetensors", StringComparison.Ordinal)).Order(StringComparer.Ordinal)
            .Select(f => (Name: Path.GetFileNameWithoutExtension(f), Model: LoGanModelFile.LoadGenerator(f)))
            .GroupBy(m => $"{m.Model.Options.Descriptor.Radial}-{m.Model.Options.Descriptor.NeighbourCount}", m => (m.Name, m.Model.Generator));

    private static List<(string Setting, Structure Start)> Raw(string folder, int perModel)
    {
        var starts = new List<(string, Structure)>();
        foreach (var setting in Settings(folder))
        {
            foreach (var (name, generator) in setting)
            {
                int size = 3 * generator.Assembly.Species.Length;
                var positions = new float[perModel * size];
                generator.Fill(0, perModel, positions);
                starts.AddRange(Enumerable.Range(0, perModel).Select(i => ($"{setting.Key} {name}", generator.ToStructure(positions.AsSpan(i * size, size), $"{name}-{i}"))));
            }
        }

        return starts;
    }

    private static List<(string Setting, Structure Start)> Selected(string folder, int picksPerSetting, int components)
    {
        var starts = new List<(string, Structure)>();
        foreach (var setting in Settings(folder))
        {
            var assembly = setting.First().Generator.Assembly;
            int size = 3 * assembly.Species.Length;
            var positions = new float[setting.Count() * PerModel * size];
            int done = 0;
            foreach (var (_, generator) in setting)
            {
                generator.Fill(0, PerModel, positions.AsSpan(done * size, PerModel * size));
                done += PerModel;
            }

            Element[] elements = [.. assembly.Species.Distinct().Order()];
            int[] types = [.. assembly.Species.Select(e => Array.IndexOf(elements, e))];
            var descriptor = new PowerSpectrumOptions { CutoffRadius = 4, MaximumOrder = 4, NeighbourCount = 12 };
            var picks = StreamedSelection.Run(
                done, () => new InMemory(positions, size), () => new StructuralDescriptor(descriptor, types, elements.Length, assembly.Lattice, assembly.Periodicity),
                new StreamedSelectionOptions { Components = components, Clustering = new KMeansOptions { Clusters = picksPerSetting } }).Picks;
            starts.AddRange(picks.Select(i => (setting.Key, setting.First().Generator.ToStructure(positions.AsSpan(i * size, size), $"{setting.Key}-{i}"))));
        }

        return starts;
    }

    private static List<(string Setting, Structure Start)> RandomStarts(Structure target, int count, ulong seed)
    {
        var lattice = target.Lattice!;
        double shortest = Enumerable.Range(0, target.AtomCount).Min(i => NeighborList.Build(target, 4).Of(i)[0].Distance);
        var random = new CounterRandom(seed, stream: 0);
        var starts = new List<(string, Structure)>();
        for (uint index = 0; starts.Count < count; index++)
        {
            var sequence = random.Sequence(0, index);
            var atoms = ImmutableArray.CreateBuilder<Vector3D>();
            for (int tries = 0; atoms.Count < target.AtomCount && tries < 10_000; tries++)
            {
                atoms.Add(lattice.ToCartesian(new(sequence.NextDouble(), sequence.NextDouble(), sequence.NextDouble())));
                var list = NeighborList.Build(atoms, lattice, target.Periodicity, 0.9 * shortest);
                if (list.Of(atoms.Count - 1).Length > 0)
                {
                    atoms.RemoveAt(atoms.Count - 1);
                }
            }

            if (atoms.Count == target.AtomCount)
            {
                starts.Add(("random", new Structure(target.Species, atoms.ToImmutable(), lattice, target.Periodicity, $"random-{index}")));
            }
        }

        return starts;
    }

    /// <summary>The relaxed target: in its own cell, as the study relaxes, and with a free cell.</summary>
    private sealed record Goal(int Atoms, double EnergyEV, DistanceSignature Signature, double FreeEnergyEV, DistanceSignature FreeSignature)
    {
        private static readonly RelaxationOptions Fixed = new();
        private static readonly RelaxationOptions Free = new() { Cell = CellFreedom.Full };

        public static Goal Of(Structure target, IEnergyEngine engine, IEvaluator evaluator)
        {
            var own = new Relaxer(engine, Fixed).Relax(target, evaluator);
            var free = new Relaxer(engine, Free).Relax(own.Structure, evaluator);
            return new Goal(target.AtomCount, own.EnergyEV, DistanceSignature.Of(own.Structure), free.EnergyEV, DistanceSignature.Of(free.Structure));
        }

        public Outcome Judge(string setting, Structure start, IEnergyEngine engine, IEvaluator evaluator)
        {
            var own = new Relaxer(engine, Fixed).Relax(start, evaluator);
            var signature = DistanceSignature.Of(own.Structure);
            double above = (own.EnergyEV - EnergyEV) / Atoms;
            var outcome = new Outcome(setting, start.Id, own.Status, own.ForceEvaluations, 1e3 * above, signature, Math.Abs(above) < EnergyTolerance && signature.Matches(Signature, DistanceTolerance));
            if (own.Status != RelaxationStatus.Converged)
            {
                return outcome;
            }

            var free = new Relaxer(engine, Free).Relax(own.Structure, evaluator);
            if (free.Status != RelaxationStatus.Converged)
            {
                return outcome;
            }

            var freeSignature = DistanceSignature.Of(free.Structure);
            double freeAbove = (free.EnergyEV - FreeEnergyEV) / Atoms;
            return outcome with
            {
                FreeAboveMEV = 1e3 * freeAbove,
                FreeSignature = freeSignature,
                FreeFound = Math.Abs(freeAbove) < EnergyTolerance && freeSignature.Matches(FreeSignature, DistanceTolerance),
            };
        }
    }

    private sealed record Outcome(string Setting, string Id, RelaxationStatus Status, int Evaluations, double AboveMEV, DistanceSignature Signature, bool Found)
    {
        public double FreeAboveMEV { get; init; } = double.NaN;

        public DistanceSignature? FreeSignature { get; init; }

        public bool FreeFound { get; init; }
    }


    private sealed class InMemory(float[] all, int size) : IStructureSource
    {
        public void Fill(int first, int count, Span<float> positions) => all.AsSpan(first * size, count * size).CopyTo(positions);
    }
}

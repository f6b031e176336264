using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
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
/// <remarks>Found = energy within 1 meV/atom of the relaxed target, same method, and the same distances within 0.1 Å. Baseline: the paper's random starts,
/// no pair closer than 0.9 of the target's shortest distance.</remarks>
internal static class SilicaStudy
{
    private const int PerModel = 1000;
    private const int PicksPerSetting = 20;
    private const double EnergyTolerance = 0.001;
    private const double DistanceTolerance = 0.1;

    /// <summary>Prints one row for a target.</summary>
    /// <param name="arguments">The engine, the target's file, and the folder of a run's models, or <c>random</c> with a seed.</param>
    public static void Run(string[] arguments)
    {
        var target = StructureReader.ReadStrict(arguments[1])[0];
        var engine = EngineCatalogue.OfUser().Open(arguments[0], EngineRequest.For(Precision.Single, [target]));
        var starts = arguments[2] == "random" ? RandomStarts(target, 80, ulong.Parse(arguments[3], CultureInfo.InvariantCulture)) : Selected(arguments[2]);
        using var first = engine.CreateEvaluator();
        var relaxer = new Relaxer(engine, new RelaxationOptions());
        var goal = relaxer.Relax(target, first);
        var waiting = new ConcurrentQueue<Structure>(starts);
        var results = new ConcurrentBag<RelaxationResult>();
        var clock = Stopwatch.StartNew();
        Parallel.For(0, Environment.ProcessorCount, _ =>
        {
            using var evaluator = engine.CreateEvaluator();
            while (waiting.TryDequeue(out var start))
            {
                results.Add(relaxer.Relax(start, evaluator));
            }
        });
        double perMinute = starts.Count / clock.Elapsed.TotalMinutes;
        var signature = DistanceSignature.Of(goal.Structure);
        var good = results.Where(r => r.Status is RelaxationStatus.Converged or RelaxationStatus.MaxSteps).ToList();
        double Above(RelaxationResult r) => (r.EnergyEV - goal.EnergyEV) / target.AtomCount;
        int equal = good.Count(r => Math.Abs(Above(r)) < EnergyTolerance && signature.Matches(DistanceSignature.Of(r.Structure), DistanceTolerance));
        int energyOnly = good.Count(r => Math.Abs(Above(r)) < EnergyTolerance);
        Console.WriteLine(FormattableString.Invariant(
            $"{engine.Method} | {Path.GetFileName(arguments[1])} | {arguments[2]} | {starts.Count} relaxed, {good.Count(r => r.Status == RelaxationStatus.Converged)} converged | {equal} found ({energyOnly} by energy alone) | lowest {1e3 * good.Min(Above):F1} meV/atom above the target | median {results.Average(r => r.ForceEvaluations):F0} evaluations | {perMinute:F0} per minute"));
    }

    private static List<Structure> Selected(string folder)
    {
        var starts = new List<Structure>();
        var models = Directory.EnumerateFiles(folder, "*.safetensors").Order(StringComparer.Ordinal).Select(LoGanModelFile.LoadGenerator).GroupBy(m => (m.Options.Descriptor.Radial, m.Options.Descriptor.NeighbourCount));
        foreach (var setting in models)
        {
            var assembly = setting.First().Generator.Assembly;
            int size = 3 * assembly.Species.Length;
            var positions = new float[setting.Count() * PerModel * size];
            int done = 0;
            foreach (var model in setting)
            {
                model.Generator.Fill(0, PerModel, positions.AsSpan(done * size, PerModel * size));
                done += PerModel;
            }

            Element[] elements = [.. assembly.Species.Distinct().Order()];
            int[] types = [.. assembly.Species.Select(e => Array.IndexOf(elements, e))];
            var descriptor = new PowerSpectrumOptions { CutoffRadius = 4, MaximumOrder = 4, NeighbourCount = 12 };
            var picks = StreamedSelection.Run(
                done, () => new InMemory(positions, size), () => new StructuralDescriptor(descriptor, types, elements.Length, assembly.Lattice, assembly.Periodicity),
                new StreamedSelectionOptions { Clustering = new KMeansOptions { Clusters = PicksPerSetting } }).Picks;
            starts.AddRange(picks.Select(i => setting.First().Generator.ToStructure(positions.AsSpan(i * size, size), $"{setting.Key.Radial}-{setting.Key.NeighbourCount}-{i}")));
        }

        return starts;
    }

    private static List<Structure> RandomStarts(Structure target, int count, ulong seed)
    {
        var lattice = target.Lattice!;
        double shortest = Enumerable.Range(0, target.AtomCount).Min(i => NeighborList.Build(target, 4).Of(i)[0].Distance);
        var random = new CounterRandom(seed, stream: 0);
        var starts = new List<Structure>();
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
                starts.Add(new Structure(target.Species, atoms.ToImmutable(), lattice, target.Periodicity, $"random-{index}"));
            }
        }

        return starts;
    }

    private sealed class InMemory(float[] all, int size) : IStructureSource
    {
        public void Fill(int first, int count, Span<float> positions) => all.AsSpan(first * size, count * size).CopyTo(positions);
    }
}

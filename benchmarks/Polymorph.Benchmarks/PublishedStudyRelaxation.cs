using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Polymorph.Energies;
using Polymorph.Energies.Catalogue;
using Polymorph.Energies.Relaxation;
using Polymorph.Models.LoGan;
using Polymorph.Representations.LocalDescriptors;
using Polymorph.Selection;
using Polymorph.Structures;
using Polymorph.Structures.Bonds;

namespace Polymorph.Benchmarks;

/// <summary>The paper's figure "isomers found against number of relaxations" for the models of the published C5H12O study: 20 relaxations per model, and pooled selections.</summary>
internal static class PublishedStudyRelaxation
{
    private const int PerModel = 2000;

    /// <summary>Prints the table.</summary>
    /// <param name="arguments">The folder of <see cref="PublishedStudy.Train"/>, the engine, and the pooled cluster counts (by default the paper's 14 to 50).</param>
    public static void Run(string[] arguments)
    {
        int[] pooled = arguments.Length > 2 ? [.. arguments[2..].Select(a => int.Parse(a, CultureInfo.InvariantCulture))] : [.. Enumerable.Range(14, 37)];
        var task = LoGanTask.C5H12O;
        var engine = EngineCatalogue.OfUser().Open(arguments[1], new EngineRequest(Precision.Single, [.. task.Types], EngineDomain.Molecules));
        int size = 3 * task.Assembly.Species.Length;
        var relaxed = new Relaxations(engine, task.Assembly);
        var pool = new List<float>();
        var union = new HashSet<string>();
        int relaxations = 0;
        Console.WriteLine($"method {engine.Method}");
        Console.WriteLine("model | epochs | isomers after 20 relaxations | of them converged");
        foreach (var model in PublishedStudy.Models.Where(m => File.Exists(PublishedStudy.PathOf(arguments[0], m))))
        {
            var (generator, _, _, epoch) = LoGanModelFile.LoadGenerator(PublishedStudy.PathOf(arguments[0], model));
            var positions = new float[PerModel * size];
            generator.Fill(0, PerModel, positions);
            int first = pool.Count / size;
            pool.AddRange(positions);
            var picks = Select(positions, task, clusters: 20).Select(i => first + i).ToList();
            var found = relaxed.Isomers([.. pool], picks);
            union.UnionWith(found);
            relaxations += picks.Count;
            Console.WriteLine(FormattableString.Invariant($"r_cut {model.CutoffRadius}, n_max {model.MaximumOrder}, seed {model.Seed} | {epoch} | {found.Count} | {relaxed.Converged(picks)}"));
        }

        Console.WriteLine($"union of 20 per model: {union.Count} isomers with {relaxations} relaxations");
        float[] all = [.. pool];
        Console.WriteLine("pooled relaxations | isomers, one principal component analysis with k-means as published | molecules and what nearly are molecules, one of each (--screen molecules)");
        var distinct = OnePerIsomer(all, task);
        foreach (int clusters in pooled)
        {
            Console.WriteLine($"{clusters} | {relaxed.Isomers(all, Select(all, task, clusters)).Count} | {relaxed.Isomers(all, distinct.Take(clusters)).Count}");
        }

        relaxed.Report();
    }

    // What 'select --screen molecules' keeps: the least strained geometry of every molecule, those that some geometry is before those that some only nearly are.
    private static List<int> OnePerIsomer(float[] positions, LoGanTask task)
    {
        int size = 3 * task.Assembly.Species.Length;
        var classifier = new MoleculeClassifier(task.Assembly.Species);
        var near = new (string, double)?[positions.Length / size];
        var exact = new (string, double)?[near.Length];
        for (int i = 0; i < near.Length; i++)
        {
            var geometry = positions.AsSpan(i * size, size);
            near[i] = classifier.NearMolecule(geometry);
            exact[i] = classifier.Classify(geometry).IsValid ? near[i] : null;
        }

        var there = NearMolecules.Choose(exact, new HashSet<string>(), 1, int.MaxValue);
        return [.. there.Concat(NearMolecules.Choose(near, there.Select(n => n.Name).ToHashSet(), 3, int.MaxValue)).Select(n => n.Index)];
    }

    private static IReadOnlyList<int> Select(float[] positions, LoGanTask task, int clusters)
    {
        int size = 3 * task.Assembly.Species.Length;
        int[] types = [.. task.Assembly.Species.Select(e => task.Types.IndexOf(e))];
        return StreamedSelection.Run(
            positions.Length / size, () => new InMemory(positions, size), () => new StructuralDescriptor(StructuralDescriptor.Published, types, task.Types.Length),
            new StreamedSelectionOptions { Clustering = new KMeansOptions { Clusters = clusters } }).Picks;
    }

    /// <summary>Relaxed structures by their index in the pool: each is relaxed once.</summary>
    private sealed class Relaxations(IEnergyEngine engine, StructureAssembly assembly)
    {
        private readonly ConcurrentDictionary<int, (RelaxationResult Result, string? Isomer)> _done = new();
        private readonly Stopwatch _clock = new();

        public HashSet<string> Isomers(float[] positions, IEnumerable<int> picks)
        {
            List<int> wanted = [.. picks];
            var waiting = new ConcurrentQueue<int>(wanted.Where(i => !_done.ContainsKey(i)).Distinct());
            _clock.Start();
            Parallel.For(0, Environment.ProcessorCount, _ =>
            {
                using var evaluator = engine.CreateEvaluator();
                var relaxer = new Relaxer(engine, new RelaxationOptions());
                var classifier = new MoleculeClassifier(assembly.Species);
                while (waiting.TryDequeue(out int index))
                {
                    int size = 3 * assembly.Species.Length;
                    var result = relaxer.Relax(ToStructure(positions.AsSpan(index * size, size), index), evaluator);
                    float[] end = [.. result.Structure.Positions.SelectMany(p => new[] { (float)p.X, (float)p.Y, (float)p.Z })];
                    _done[index] = (result, result.Status is RelaxationStatus.Converged or RelaxationStatus.MaxSteps ? classifier.Classify(end).Smiles : null);
                }
            });
            _clock.Stop();
            return [.. wanted.Select(i => _done[i].Isomer).OfType<string>()];
        }

        public int Converged(IEnumerable<int> picks) => picks.Count(i => _done[i].Result.Status == RelaxationStatus.Converged);

        public void Report()
        {
            Console.WriteLine(FormattableString.Invariant($"{_done.Count} relaxations, {_done.Values.Average(d => d.Result.ForceEvaluations):F0} force evaluations each, {_done.Count / _clock.Elapsed.TotalMinutes:F0} per minute"));
            foreach (var status in _done.Values.GroupBy(d => d.Result.Status))
            {
                Console.WriteLine($"{status.Key}: {status.Count()}");
            }
        }

        private Structure ToStructure(ReadOnlySpan<float> positions, int index)
        {
            var atoms = ImmutableArray.CreateBuilder<Vector3D>(assembly.Species.Length);
            for (int i = 0; i < assembly.Species.Length; i++)
            {
                atoms.Add(new Vector3D(positions[3 * i], positions[3 * i + 1], positions[3 * i + 2]));
            }

            return new Structure(assembly.Species, atoms.MoveToImmutable(), id: $"{index}");
        }
    }

    private sealed class InMemory(float[] all, int size) : IStructureSource
    {
        public void Fill(int first, int count, Span<float> positions) => all.AsSpan(first * size, count * size).CopyTo(positions);
    }
}

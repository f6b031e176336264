using Polymorph.Models.LoGan;
using Polymorph.Representations.LocalDescriptors;
using Polymorph.Selection;
using Polymorph.Structures.Bonds;

namespace Polymorph.Benchmarks;

/// <summary>Which isomers the published study's models hold before any relaxation: in the raw structures, in 20 per model, and in pooled selections of 15 to 50.</summary>
internal static class PublishedStudyTable
{
    private const int PerModel = 2000;
    private static readonly int[] PooledClusters = [15, 20, 38, 50];

    /// <summary>Prints the table of the models that are in the folder, at the epochs they have.</summary>
    /// <param name="arguments">The folder of <see cref="PublishedStudy.Train"/>.</param>
    public static void Run(string[] arguments)
    {
        var task = LoGanTask.C5H12O;
        int size = 3 * task.Assembly.Species.Length;
        int[] types = [.. task.Assembly.Species.Select(e => task.Types.IndexOf(e))];
        var classifier = new MoleculeClassifier(task.Assembly.Species);
        var pool = new List<float>();
        var perModel = new HashSet<string>();
        Console.WriteLine("model | epochs | valid | isomers in the raw structures | in 20 representatives");
        foreach (var model in PublishedStudy.Models.Where(m => File.Exists(PublishedStudy.PathOf(arguments[0], m))))
        {
            var (generator, _, _, epoch) = LoGanModelFile.LoadGenerator(PublishedStudy.PathOf(arguments[0], model));
            var positions = new float[PerModel * size];
            generator.Fill(0, PerModel, positions);
            var raw = Names(positions, Enumerable.Range(0, PerModel));
            var selected = Names(positions, Select(positions, clusters: 20));
            perModel.UnionWith(selected);
            pool.AddRange(positions);
            Console.WriteLine(FormattableString.Invariant($"r_cut {model.CutoffRadius}, n_max {model.MaximumOrder}, seed {model.Seed} | {epoch} | {raw.Count} | {raw.Distinct().Count()} | {selected.Distinct().Count()}"));
        }

        float[] all = [.. pool];
        Console.WriteLine($"union of the raw structures: {Names(all, Enumerable.Range(0, all.Length / size)).Distinct().Count()} isomers");
        Console.WriteLine($"union of 20 per model: {perModel.Count} isomers");
        foreach (int clusters in PooledClusters)
        {
            Console.WriteLine($"pooled, {clusters} clusters: {Names(all, Select(all, clusters)).Distinct().Count()} isomers");
        }

        List<string> Names(float[] positions, IEnumerable<int> structures) =>
            [.. structures.Select(i => classifier.Classify(positions.AsSpan(size * i, size)).Smiles).OfType<string>()];

        IReadOnlyList<int> Select(float[] positions, int clusters) => StreamedSelection.Run(
            positions.Length / size, () => new InMemory(positions, size), () => new StructuralDescriptor(StructuralDescriptor.Published, types, task.Types.Length),
            new StreamedSelectionOptions { Clustering = new KMeansOptions { Clusters = clusters } }).Picks;
    }

    private sealed class InMemory(float[] all, int size) : IStructureSource
    {
        public void Fill(int first, int count, Span<float> positions) => all.AsSpan(first * size, count * size).CopyTo(positions);
    }
}

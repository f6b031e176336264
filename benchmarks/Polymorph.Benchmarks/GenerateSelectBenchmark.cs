using System.Diagnostics;
using System.Globalization;
using Polymorph.Learning;
using Polymorph.Models.LoGan;
using Polymorph.Representations.LocalDescriptors;
using Polymorph.Selection;

namespace Polymorph.Benchmarks;

/// <summary>C5H12O structures of twelve models generated, described and clustered; 24 000 as in the study, or the given number.</summary>
/// <remarks>The networks are not trained: the work per structure is the same, and all 17 neighbours of an atom lie within the cutoff either way.</remarks>
internal static class GenerateSelectBenchmark
{
    private const int Models = 12;
    private const int StudyCount = 24_000;

    public static void Run(string[] arguments)
    {
        int count = arguments.Length > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : StudyCount;
        int rounds = arguments.Length > 1 ? int.Parse(arguments[1], CultureInfo.InvariantCulture) : 3;
        var task = LoGanTask.C5H12O;
        var networks = Enumerable.Range(0, Models).Select(m => NewNetwork(task, (ulong)m)).ToArray();
        int[] types = [.. task.Assembly.Species.Select(e => task.Types.IndexOf(e))];
        var seconds = new List<double>();
        for (int round = 0; round < rounds; round++)
        {
            long start = Stopwatch.GetTimestamp();
            var result = StreamedSelection.Run(
                count, () => new Ensemble(task, networks, count), () => new StructuralDescriptor(StructuralDescriptor.Published, types, task.Types.Length));
            seconds.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count} structures: {seconds[^1]:F2} s, {result.Picks.Count} representatives"));
        }

        using var process = Process.GetCurrentProcess();
        Figure.Print("generate-select-peak-memory", process.PeakWorkingSet64 / 1e6, "MB");
        Figure.Print(count == StudyCount ? "generate-select" : $"generate-select-{count}", Figure.Median(seconds), "s");
    }

    private static DenseNetwork NewNetwork(LoGanTask task, ulong seed)
    {
        var options = LoGanOptions.C5H12O();
        var network = new DenseNetwork(new DenseShape(options.LatentSize, options.GeneratorWidths, 3 * task.Assembly.GeneratedAtoms, options.GeneratorSlope, sigmoidOutput: true));
        network.Initialise(new CounterRandom(seed, 0));
        return network;
    }

    /// <summary>The structures of all models one after the other; each thread has its own copies of the networks.</summary>
    private sealed class Ensemble(LoGanTask task, DenseNetwork[] networks, int count) : IStructureSource
    {
        private readonly LoGanGenerator[] _generators = [.. networks.Select(network => new LoGanGenerator(task.Assembly, Copy(network)))];
        private readonly int _perModel = (count + networks.Length - 1) / networks.Length;

        public void Fill(int first, int count, Span<float> positions)
        {
            int size = 3 * task.Assembly.Species.Length;
            for (int done = 0; done < count;)
            {
                int model = (first + done) / _perModel, index = (first + done) % _perModel, part = Math.Min(count - done, _perModel - index);
                _generators[model].Fill(index, part, positions.Slice(done * size, part * size));
                done += part;
            }
        }

        private static DenseNetwork Copy(DenseNetwork network)
        {
            var copy = new DenseNetwork(network.Shape);
            network.Parameters.Span.CopyTo(copy.Parameters.Span);
            copy.ParametersChanged();
            return copy;
        }
    }
}

using System.Diagnostics;
using System.Globalization;
using Polymorph.Foundation;
using Polymorph.Learning;
using Polymorph.Representations.Fingerprints;
using Polymorph.Selection.Metrics;
using Polymorph.Selection.Similarity;
using Polymorph.Structures;
using Polymorph.Structures.Formats;

namespace Polymorph.Benchmarks;

/// <summary>Fingerprints of crystals per second on one core beside pymatgen's, and the nearest of 45 000 known crystals; all in processor time of one thread.</summary>
internal static class FingerprintBenchmark
{
    private const int Known = 45_000, Queries = 101, Timed = 400, OpponentStructures = 25;

    private static readonly string Data = StudyData.Shared("data", "mp_20");

    private static readonly string[] KnownSplits = ["train_partial", "val_partial"];

    public static void Run(string[] arguments)
    {
        var test = StructureReader.ReadStrict(Path.Combine(Data, "test_partial.jsonl.gz"), new ReadOptions { MinDistance = 0 });
        double perAtom = Fingerprints(test);
        Figure.Print("crystal-fingerprints", 1 / perAtom, "atoms/s/core");
        if (Opponent() is { } theirs)
        {
            Figure.Print("crystal-fingerprints-over-pymatgen", theirs / perAtom, "times");
        }

        double start = ThreadClock.Seconds;
        int repeats = 20;
        for (int r = 0; r < repeats; r++)
        {
            foreach (var s in test.Take(2000))
            {
                CompositionalValidity.Of(s.Composition, OxidationTable.Smact2014);
            }
        }

        Figure.Print("compositional-validity", 2000.0 * repeats / (ThreadClock.Seconds - start), "compositions/s/core");
        Nearest(test);
    }

    /// <summary>All splits at hand (17 259 structures), and further copies of them with atoms moved by up to 0.3 Å, make 45 000.</summary>
    private static void Nearest(IReadOnlyList<Structure> test)
    {
        List<Structure> known = [.. KnownSplits.SelectMany(f => StructureReader.ReadStrict(Path.Combine(Data, f + ".jsonl.gz"), new ReadOptions { MinDistance = 0 })), .. test];
        int whole = known.Count;
        var random = new CounterRandom(1, 0);
        for (int i = 0; known.Count < Known; i++)
        {
            var sequence = random.Sequence(0, (uint)i);
            var s = known[i % whole];
            known.Add(s.WithPositions([.. s.Positions.Select(p => p + 0.3 * new Vector3D(2 * sequence.NextDouble() - 1, 2 * sequence.NextDouble() - 1, 2 * sequence.NextDouble() - 1))]));
        }

        double begun = ThreadClock.Seconds;
        var index = SimilarityIndex.Of(known, 1);
        Figure.Print("similarity-index", index.Count / (ThreadClock.Seconds - begun), "structures/s/core");
        Kept(known, index);
        var fingerprint = new CrystalFingerprint();
        var times = new List<double>();
        for (int i = 0; i < Queries; i++)
        {
            double start = ThreadClock.Seconds;
            double[]? point = SimilarityIndex.Point(known[i * 401 % known.Count], fingerprint);
            if (point is not null)
            {
                index.Nearest(point, 3);
                times.Add(1000 * (ThreadClock.Seconds - start));
            }
        }

        Figure.Print($"nearest-of-{index.Count}", Figure.Median(times), "ms");
    }

    /// <summary>The same index with fingerprints that an earlier call has kept.</summary>
    private static void Kept(List<Structure> known, SimilarityIndex index)
    {
        var folder = Directory.CreateTempSubdirectory("polymorph-nearest-");
        try
        {
            var cache = new SimilarityCache(folder.FullName);
            cache.IndexOf(known, Environment.ProcessorCount);
            double begun = ThreadClock.Seconds;
            var again = cache.IndexOf(known, 1, tick: () => throw new InvalidOperationException("what was kept is not used"));
            Figure.Print("similarity-index-kept", ThreadClock.Seconds - begun, "s/core");
            if (again.Count != index.Count)
            {
                throw new InvalidOperationException("the kept index is another one");
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static double Fingerprints(IReadOnlyList<Structure> structures)
    {
        var fingerprint = new CrystalFingerprint();
        var perAtom = new List<double>();
        for (int round = 0; round < 3; round++)
        {
            perAtom.Clear();
            foreach (var s in structures.Take(Timed))
            {
                double start = ThreadClock.Seconds;
                fingerprint.Of(s);
                perAtom.Add((ThreadClock.Seconds - start) / s.AtomCount);
            }
        }

        return Figure.Median(perAtom);
    }

    private static double? Opponent() =>
        PythonOpponent.Output("fingerprints_pymatgen.py", "pymatgen", "", Path.Combine(Data, "test_partial.jsonl.gz"), OpponentStructures.ToString(CultureInfo.InvariantCulture)) is { } output
            ? double.Parse(output, CultureInfo.InvariantCulture) : null;
}

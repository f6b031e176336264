using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using Polymorph.Learning;
using Polymorph.Structures;
using Polymorph.Structures.Matching;

namespace Polymorph.Benchmarks;

/// <summary>Pairs of crystals compared per second on one core, with and without the reduction of the cells, beside pymatgen on the same pairs.</summary>
internal static class MatchBenchmark
{
    public static void Run(string[] arguments)
    {
        bool opponent = !arguments.Contains("alone");
        (string Name, Func<(Structure A, Structure B)[]> Pairs)[] sets =
        [
            ("golden", () => Golden(StudyData.Shared("golden", "matching", "pairs.json"))),
            ("mp20", () => Rattled([.. BenchmarkCrystals.Read(Path.Combine("mp_20", "val_partial.jsonl.gz"), 300)])),
            ("mp20-neighbours", () => Neighbours([.. BenchmarkCrystals.Read(Path.Combine("mp_20", "val_partial.jsonl.gz"), 8000)])),
            ("carbon24", () => Neighbours([.. BenchmarkCrystals.Read(Path.Combine("carbon_24", "unique_val.jsonl.gz"), 600)])),
        ];
        foreach (var (name, pairs) in sets.Where(s => arguments.Length == 0 || arguments.Contains(s.Name) || arguments is ["alone"]))
        {
            Measure(name, pairs(), MatchOptions.Benchmark, opponent);
        }

        if (arguments.Length == 0 || arguments.Contains("group") || arguments is ["alone"])
        {
            MatchGrouping.Run(opponent);
        }
    }

    private static void Measure(string name, (Structure A, Structure B)[] pairs, MatchOptions options, bool opponent)
    {
        var matcher = new StructureMatcher(options);
        var prepared = pairs.Select(p => (A: matcher.Prepare(p.A), B: matcher.Prepare(p.B))).ToArray();
        int matches = 0;
        double fit = PerPair(pairs.Length, i => matches += matcher.Fits(pairs[i].A, pairs[i].B) == MatchVerdict.Match ? 1 : 0);
        double fitPrepared = PerPair(pairs.Length, i => matcher.Fits(prepared[i].A, prepared[i].B));
        double rms = PerPair(pairs.Length, i => matcher.RmsDistance(pairs[i].A, pairs[i].B));
        double rmsPrepared = PerPair(pairs.Length, i => matcher.RmsDistance(prepared[i].A, prepared[i].B));
        double prepare = PerPair(pairs.Length, i => { matcher.Prepare(pairs[i].A); matcher.Prepare(pairs[i].B); });
        Figure.Print($"match-{name}-fit", 1 / fit, "pairs/s/core");
        Figure.Print($"match-{name}-fit-prepared", 1 / fitPrepared, "pairs/s/core");
        Figure.Print($"match-{name}-rms", 1 / rms, "pairs/s/core");
        Figure.Print($"match-{name}-rms-prepared", 1 / rmsPrepared, "pairs/s/core");
        Figure.Print($"match-{name}-prepare", 2 / prepare, "crystals/s/core");
        if (opponent && MatchOpponent.Run(pairs, [], options) is { } theirs)
        {
            int verdicts = 0, distances = 0;
            for (int i = 0; i < pairs.Length; i++)
            {
                bool fits = matcher.Fits(pairs[i].A, pairs[i].B) == MatchVerdict.Match;
                if (fits != theirs.GetProperty("fits")[i].GetBoolean())
                {
                    verdicts++;
                    Console.WriteLine($"{name} pair {i} ({pairs[i].A.Id}, {pairs[i].B.Id}): fit {fits}, pymatgen's {!fits}");
                }

                double? ours = matcher.RmsDistance(pairs[i].A, pairs[i].B).Rms, other = theirs.GetProperty("rms")[i] is { ValueKind: JsonValueKind.Number } r ? r.GetDouble() : null;
                if (ours is null != other is null || Math.Abs((ours ?? 0) - (other ?? 0)) > 1e-5)
                {
                    distances++;
                    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name} pair {i} ({pairs[i].A.Id}, {pairs[i].B.Id}): rms {ours:F6}, pymatgen {other:F6}"));
                }
            }

            Console.WriteLine($"{name}: {pairs.Length} pairs, {verdicts} verdicts and {distances} distances differ from pymatgen's");
            double theirFit = theirs.GetProperty("fit_s").GetDouble() / pairs.Length, theirRms = theirs.GetProperty("rms_s").GetDouble() / pairs.Length;
            Figure.Print($"match-{name}-fit-over-pymatgen", theirFit / fit, "times");
            Figure.Print($"match-{name}-fit-prepared-over-pymatgen", theirFit / fitPrepared, "times");
            Figure.Print($"match-{name}-rms-over-pymatgen", theirRms / rms, "times");
            Figure.Print($"match-{name}-rms-prepared-over-pymatgen", theirRms / rmsPrepared, "times");
        }
    }

    /// <summary>Seconds of processor time for one pair: other work on the machine does not count.</summary>
    private static double PerPair(int pairs, Action<int> compare)
    {
        // The compiler replaces its first versions of the loops after some thousand calls and a tenth of a second; it needs processor time for that.
        var warmUp = Environment.CpuUsage.TotalTime;
        while (Environment.CpuUsage.TotalTime - warmUp < TimeSpan.FromSeconds(1.5))
        {
            for (int i = 0; i < pairs; i++)
            {
                compare(i);
            }
        }

        var rounds = new List<double>();
        var clock = Stopwatch.StartNew();
        while (rounds.Count < 5 || clock.Elapsed.TotalSeconds < 1.5)
        {
            var start = Environment.CpuUsage.TotalTime;
            int repetitions = 0;
            do
            {
                for (int i = 0; i < pairs; i++)
                {
                    compare(i);
                }

                repetitions++;
            }
            while (Environment.CpuUsage.TotalTime - start < TimeSpan.FromMilliseconds(60));
            rounds.Add((Environment.CpuUsage.TotalTime - start).TotalSeconds / repetitions / pairs);
        }

        return Figure.Median(rounds);
    }

    private static (Structure, Structure)[] Golden(string path)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(path));
        return [.. document.RootElement.GetProperty("pairs").EnumerateArray().Select(p => (Crystal(p.GetProperty("a")), Crystal(p.GetProperty("b"))))];

        static Structure Crystal(JsonElement json)
        {
            Vector3D[] v = [.. json.GetProperty("lattice").EnumerateArray().Select(Vector)];
            double hand = v[0].Cross(v[1]).Dot(v[2]) > 0 ? 1 : -1;
            var lattice = new Lattice(hand * v[0], hand * v[1], hand * v[2]);
            return new([.. json.GetProperty("z").EnumerateArray().Select(z => new Element(z.GetInt32()))], [.. json.GetProperty("x").EnumerateArray().Select(x => lattice.ToCartesian(hand * Vector(x)))], lattice);
        }
    }

    /// <summary>The first crystals of a file of the benchmarks' records.</summary>
    // A prediction near the truth: every atom moved by a normal displacement of 0.1 Å per component.
    private static (Structure, Structure)[] Rattled(Structure[] crystals)
    {
        var random = new CounterRandom(11, 0).Sequence(0);
        return [.. crystals.Select(s => (s, s.WithPositions([.. s.Positions.Select(p => p + 0.1 * new Vector3D(random.NextNormal(), random.NextNormal(), random.NextNormal()))])))];
    }

    // Different crystals of one formula with as many atoms.
    private static (Structure, Structure)[] Neighbours(Structure[] crystals) =>
        [.. crystals.GroupBy(s => s.Composition.Formula).SelectMany(g => g.Zip(g.Skip(1))).Take(300)];

    private static Vector3D Vector(JsonElement v) => new(v[0].GetDouble(), v[1].GetDouble(), v[2].GetDouble());
}

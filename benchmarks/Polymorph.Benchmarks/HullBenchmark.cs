using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Polymorph.Learning;
using Polymorph.Screening.Compositions;
using Polymorph.Screening.Hull;
using Polymorph.Structures;

namespace Polymorph.Benchmarks;

/// <summary>Hull queries per second in a system of 859 entries, and of one candidate against 150 000 entries. Opponent: pymatgen's PhaseDiagram.</summary>
internal static class HullBenchmark
{
    private const int Repetitions = 5;
    private const int Known = 150_000;

    public static void Run(string[] arguments)
    {
        string path = StudyData.Shared("golden", "screening", "phase_diagrams.json");
        using var document = JsonDocument.Parse(File.ReadAllText(path));
        var system = document.RootElement.GetProperty("systems").EnumerateArray().Single(s => s.GetProperty("id").GetString() == "pd4-Li-Fe-P-O");
        HullEntry[] entries = [.. system.GetProperty("entries").EnumerateArray().Select(e => new HullEntry(e.GetProperty("id").GetString()!,
            new ElementAmounts(e.GetProperty("composition").EnumerateObject().Select(c => KeyValuePair.Create(Element.Parse(c.Name), c.Value.GetDouble()))), e.GetProperty("energy").GetDouble()))];
        double build = Median(() => new ConvexHull(new ReferenceSet(entries)).EnergyAbove(entries[^1]));
        var hull = new ConvexHull(new ReferenceSet(entries));
        double full = entries.Length / Median(() => Array.ForEach(entries, e => hull.Of(e))), query = entries.Length / Median(() => Array.ForEach(entries, e => hull.At(e.Composition))), energy = entries.Length / Median(() => Array.ForEach(entries, e => hull.EnergyAbove(e)));
        Figure.Print("hull-build-859", 1000 * build, "ms");
        Figure.Print("hull-queries-859", query, "queries/s/core");
        Figure.Print("hull-standings-859", full, "queries/s/core");
        Figure.Print("hull-energies-859", energy, "queries/s/core");
        LargeSet();
        if (PythonOpponent.Output("hull_pymatgen.py", "pymatgen", "", path) is { } output)
        {
            using var theirAnswer = JsonDocument.Parse(output);
            var answer = theirAnswer.RootElement;
            double theirs = answer.GetProperty("queries_per_second").GetDouble();
            double worst = entries.Zip(answer.GetProperty("above").EnumerateArray()).Max(pair => Math.Abs(hull.EnergyAbove(pair.First) - pair.Second.GetDouble()));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"largest difference {worst:E1} eV/atom"));
            Figure.Print("hull-queries-pymatgen", theirs, "queries/s/core");
            Figure.Print("hull-queries-over-pymatgen", query / theirs, "times");
            Figure.Print("hull-build-over-pymatgen", answer.GetProperty("build_seconds").GetDouble() / build, "times");
        }
    }

    // Random compositions of 2 to 5 of 80 elements with formation energies that make a hull of many phases; candidates of 2 to 6 elements, each in a system not met before.
    private static void LargeSet()
    {
        var random = new CounterRandom(1, 0).Sequence(0);
        Element[] elements = [.. Enumerable.Range(1, 80).Select(z => new Element(z))];
        var entries = new List<HullEntry>(elements.Select(e => new HullEntry("e" + e.Symbol, new ElementAmounts([KeyValuePair.Create(e, 1.0)]), -1)));
        while (entries.Count < Known)
        {
            entries.Add(Draw(ref random, elements, string.Create(CultureInfo.InvariantCulture, $"r{entries.Count}"), 5));
        }

        var clock = Stopwatch.StartNew();
        var set = new ReferenceSet(entries);
        Figure.Print("hull-load-150000", clock.Elapsed.TotalSeconds, "s");
        var times = new List<double>();
        for (int i = 0; i < 1000; i++)
        {
            var candidate = Draw(ref random, elements, "c", 6);
            double start = ThreadClock.Seconds;
            new ConvexHull(set).Of(candidate);
            times.Add(1000 * (ThreadClock.Seconds - start));
        }

        Figure.Print("hull-candidate-150000-median", Figure.Median(times), "ms");
        Figure.Print("hull-candidate-150000-largest", times.Max(), "ms");
    }

    private static HullEntry Draw(ref RandomSequence random, Element[] elements, string id, int most)
    {
        var amounts = new Dictionary<Element, double>();
        int count = 2 + (int)(random.NextDouble() * (most - 1));
        while (amounts.Count < count)
        {
            amounts[elements[(int)(random.NextDouble() * elements.Length)]] = 1 + Math.Floor(random.NextDouble() * 6);
        }

        var composition = new ElementAmounts(amounts);
        return new HullEntry(id, composition, composition.Total * (-1 - 2 * random.NextDouble()));
    }

    private static double Median(Action work)
    {
        work();
        return Figure.Median(Enumerable.Range(0, Repetitions).Select(_ =>
        {
            double start = ThreadClock.Seconds;
            work();
            return ThreadClock.Seconds - start;
        }));
    }
}

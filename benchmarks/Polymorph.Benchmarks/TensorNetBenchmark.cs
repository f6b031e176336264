using System.Globalization;
using System.Text.Json;
using Polymorph.Energies;
using Polymorph.Energies.TensorNet;
using Polymorph.Foundation;
using Polymorph.Structures;
using Polymorph.Structures.Formats;

namespace Polymorph.Benchmarks;

/// <summary>Crystals evaluated per second on one core with forces and stress, single and double precision, and the time of PyTorch on the same crystals in the same run.</summary>
internal static class TensorNetBenchmark
{
    public static string Weights { get; } = StudyData.Shared("data", "potentials", "tensornet-matpes-pbe-2025.1.json");

    public static void Run(string[] arguments)
    {
        // NAMES of cases; "quick" measures single precision only, "alone" leaves PyTorch out.
        bool quick = arguments.Contains("quick"), alone = arguments.Contains("alone");
        string[] names = [.. arguments.Where(a => char.IsDigit(a[0]))];
        var single = new TensorNetEngine(Weights);
        var dual = new TensorNetEngine(Weights, Precision.Double);
        foreach (var (name, structure) in Cases().Where(c => names.Length == 0 || names.Contains(c.Name)))
        {
            var (rate, evaluation) = Measure(single, structure, quick && !alone ? 0.5 : 4);
            Figure.Print($"tensornet-{name}", rate, "structures/s/core");
            if (!quick)
            {
                var (doubleRate, reference) = Measure(dual, structure, 2);
                Figure.Print($"tensornet-{name}-double", doubleRate, "structures/s/core");
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"{name}: single and double differ by {Math.Abs(evaluation.EnergyEV - reference.EnergyEV):E1} eV, {LargestDifference(evaluation, reference):E1} eV/Å"));
                if (!alone && TensorNetOpponent.SecondsPerStructure(Weights, structure, reference, Precision.Double) is { } slow)
                {
                    Figure.Print($"tensornet-{name}-double-over-pytorch", doubleRate * slow, "times");
                }
            }

            if (!alone && TensorNetOpponent.SecondsPerStructure(Weights, structure, evaluation) is { } opponent)
            {
                Figure.Print($"tensornet-{name}-over-pytorch", rate * opponent, "times");
            }
        }

        if (!quick)
        {
            Linearity(single);
        }
    }

    // The same crystal in larger and larger pieces: the time per atom must stay what it is.
    private static void Linearity(TensorNetEngine engine)
    {
        var cell = Target("mp-554151");
        foreach (var large in new[] { cell.Repeat(4, 4, 5), cell.Repeat(6, 7, 10) })
        {
            using var evaluator = engine.CreateEvaluator();
            evaluator.Evaluate(large);
            double start = ThreadClock.Seconds;
            evaluator.Evaluate(large);
            double seconds = ThreadClock.Seconds - start;
            Figure.Print($"tensornet-{large.AtomCount}-per-atom", seconds / large.AtomCount * 1e6, "microseconds/atom");
        }
    }

    private static IEnumerable<(string Name, Structure Structure)> Cases()
    {
        yield return ("9", Rattled(Target("mp-546546")));
        yield return ("18", Rattled(Target("mp-559550")));
        yield return ("30", Rattled(Golden("MgMnO3_ilmenite_hex")));
        yield return ("192", Rattled(Target("mp-554151").Repeat(4, 2, 2)));
    }

    private static Structure Target(string name) => StructureReader.ReadStrict(StudyData.Shared("data", "logan", $"{name}_ground_truth.extxyz"))[0];

    // The dense cell of the acceptance data: 1,716 edges.
    private static Structure Golden(string name)
    {
        using var golden = JsonDocument.Parse(File.ReadAllBytes(StudyData.Shared("golden", "potentials", "tensornet_crystals.json")));
        var item = golden.RootElement.GetProperty("structures").EnumerateArray().Single(s => s.GetProperty("name").GetString() == name);
        var rows = item.GetProperty("lattice");
        var lattice = new Lattice(Vector(rows[0]), Vector(rows[1]), Vector(rows[2]));
        return new Structure(
            [.. item.GetProperty("species").EnumerateArray().Select(s => Element.Parse(s.GetString()!))],
            [.. item.GetProperty("fractional").EnumerateArray().Select(f => lattice.ToCartesian(Vector(f)))],
            lattice);

        static Vector3D Vector(JsonElement row) => new(row[0].GetDouble(), row[1].GetDouble(), row[2].GetDouble());
    }

    // Equal distances would flatter anything that keeps them.
    private static Structure Rattled(Structure structure)
    {
        var random = new Learning.CounterRandom(1, 0).Sequence(0);
        double Shift() => 0.1 * (random.NextDouble() - 0.5);
        return structure.WithPositions([.. structure.Positions.Select(p => p + new Vector3D(Shift(), Shift(), Shift()))]);
    }

    private static (double Rate, Evaluation Evaluation) Measure(TensorNetEngine engine, Structure structure, double seconds)
    {
        using var evaluator = engine.CreateEvaluator();
        var evaluation = evaluator.Evaluate(structure);
        var times = new List<double>();
        for (double begin = ThreadClock.Seconds; times.Count < 5 || ThreadClock.Seconds - begin < seconds;)
        {
            double start = ThreadClock.Seconds;
            evaluator.Evaluate(structure);
            times.Add(ThreadClock.Seconds - start);
        }

        return (1 / Figure.Median(times), evaluation);
    }

    private static double LargestDifference(Evaluation a, Evaluation b) => a.Forces.Zip(b.Forces, (f, g) => (f - g).Length).Max();
}

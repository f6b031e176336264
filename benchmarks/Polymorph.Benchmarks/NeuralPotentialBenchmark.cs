using System.Globalization;
using Polymorph.Energies;
using Polymorph.Energies.Neural;
using Polymorph.Structures;
using Polymorph.Structures.Formats;

namespace Polymorph.Benchmarks;

/// <summary>Structures evaluated per second on one core with forces by the embedded potentials, single and double precision, and the time of PyTorch for the same in the same run.</summary>
internal static class NeuralPotentialBenchmark
{
    private static readonly Element Silicon = new(14);

    /// <summary>Arguments: files of potentials; none means the embedded ones.</summary>
    public static void Run(string[] arguments)
    {
        IEnumerable<NeuralPotential> potentials = arguments.Length > 0 ? arguments.Select(NeuralPotentialFile.Load) : EmbeddedPotentials.Names.Select(EmbeddedPotentials.Get);
        foreach (var potential in potentials)
        {
            string file = Path.Combine(Path.GetTempPath(), $"polymorph-neural-{Environment.ProcessId}.safetensors");
            NeuralPotentialFile.Save(potential, file);
            try
            {
                foreach (var structure in Cases(potential))
                {
                    Measure(potential, file, structure);
                }
            }
            finally
            {
                File.Delete(file);
            }
        }
    }

    private static void Measure(NeuralPotential potential, string file, Structure structure)
    {
        string name = $"{potential.Method}-{structure.AtomCount}-atoms";
        var alone = new NeuralPotential(potential.Options, potential.Method, [potential.Members[0]], potential.Standard, potential.ReferenceEnergies);
        var results = new List<Evaluation>();
        foreach (var precision in Enum.GetValues<Precision>())
        {
            string kind = precision.ToString().ToLowerInvariant();
            using var evaluator = new NeuralEngine(potential, precision).CreateEvaluator();
            var result = evaluator.Evaluate(structure);
            double seconds = Seconds(evaluator, structure);
            double? opponent = NeuralPotentialOpponent.SecondsPerStructure(potential, file, structure, precision, result);
            // Before and after the opponent, so that a change of the machine's pace does not favour one.
            seconds = 0.5 * (seconds + Seconds(evaluator, structure));
            Figure.Print($"{name}-{kind}", 1 / seconds, "structures/s/core");
            if (opponent is not null)
            {
                Figure.Print($"{name}-{kind}-over-pytorch", opponent.Value / seconds, "times");
            }

            results.Add(result);
        }

        using var one = new NeuralEngine(alone).CreateEvaluator();
        Figure.Print($"{name}-single-one-member", 1 / Seconds(one, structure), "structures/s/core");
        double force = results[0].Forces.Zip(results[1].Forces, (a, b) => (a - b).Length).Max();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: single and double differ by {Math.Abs(results[0].EnergyEV - results[1].EnergyEV):E1} eV, {force:E1} eV/Å"));
    }

    private static double Seconds(IEvaluator evaluator, Structure structure)
    {
        evaluator.Evaluate(structure);
        var times = new List<double>();
        for (double begin = ThreadClock.Seconds; times.Count < 7 || ThreadClock.Seconds - begin < 1;)
        {
            double start = ThreadClock.Seconds;
            for (int k = 0; k < 5; k++)
            {
                evaluator.Evaluate(structure);
            }

            times.Add((ThreadClock.Seconds - start) / 5);
        }

        return Figure.Median(times);
    }

    // Molecules are those of the benchmark of ANI; of silica cells of 9, 18, 30 and 192 atoms.
    private static IEnumerable<Structure> Cases(NeuralPotential potential)
    {
        string logan = StudyData.Shared("data", "logan");
        Structure Target(string name) => StructureReader.ReadStrict(Path.Combine(logan, $"{name}_ground_truth.extxyz"))[0];
        var all = potential.Options.Elements.Contains(Silicon)
            ? [Target("mp-546546"), Target("mp-559550"), Target("mp-546794").Repeat(1, 1, 5), Target("mp-554151").Repeat(4, 2, 2)]
            : AniBenchmark.Molecules();
        return all.Select(Rattled);
    }

    // Equal distances would flatter anything that keeps them.
    private static Structure Rattled(Structure structure)
    {
        var random = new Learning.CounterRandom(1, 0).Sequence(0);
        double Shift() => 0.1 * (random.NextDouble() - 0.5);
        return structure.WithPositions([.. structure.Positions.Select(p => p + new Vector3D(Shift(), Shift(), Shift()))]);
    }
}

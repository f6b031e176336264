using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Polymorph.Energies;
using Polymorph.Energies.Neural;
using Polymorph.Structures;
using Polymorph.Structures.Formats;

namespace Polymorph.Benchmarks;

/// <summary>Structures evaluated per second on one core with forces by the embedded potentials, single and double precision, and the time of PyTorch for the same in the same run.</summary>
internal static class NeuralPotentialBenchmark
{
    /// <summary>Arguments: files of potentials; none means the embedded ones.</summary>
    public static void Run(string[] arguments)
    {
        IEnumerable<NeuralPotential> potentials = arguments.Length > 0 ? arguments.Select(NeuralPotentialFile.Load) : EmbeddedPotentials.Names.Select(EmbeddedPotentials.Get);
        foreach (var potential in potentials)
        {
            string file = Path.Combine(Path.GetTempPath(), $"polymorph-neural-{Environment.ProcessId}.safetensors");
            NeuralPotentialFile.Save(potential, file);
            foreach (var structure in Cases(potential))
            {
                Measure(potential, file, structure);
            }

            File.Delete(file);
        }
    }

    private static void Measure(NeuralPotential potential, string file, Structure structure)
    {
        var alone = new NeuralPotential(potential.Options, potential.Method, [potential.Members[0]], potential.Standard, potential.ReferenceEnergies);
        string name = $"{potential.Method}-{structure.AtomCount}";
        var (rate, evaluation) = Rate(new NeuralEngine(potential), structure);
        Figure.Print(name, rate, "structures/s/core");
        Figure.Print($"{name}-one-member", Rate(new NeuralEngine(alone), structure).Rate, "structures/s/core");
        var (slow, exact) = Rate(new NeuralEngine(potential, Precision.Double), structure);
        Figure.Print($"{name}-double", slow, "structures/s/core");
        double force = evaluation.Forces.Zip(exact.Forces, (a, b) => (a - b).Length).Max();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: single and double differ by {Math.Abs(evaluation.EnergyEV - exact.EnergyEV):E1} eV, {force:E1} eV/Å"));
        if (Opponent(potential, file, structure, exact) is { } seconds)
        {
            Figure.Print($"{name}-over-pytorch", rate * seconds, "times");
        }
    }

    private static (double Rate, Evaluation Evaluation) Rate(NeuralEngine engine, Structure structure)
    {
        using var evaluator = engine.CreateEvaluator();
        var evaluation = evaluator.Evaluate(structure);
        var times = new List<double>();
        for (double begin = ThreadClock.Seconds; times.Count < 5 || ThreadClock.Seconds - begin < 2;)
        {
            double start = ThreadClock.Seconds;
            for (int k = 0; k < 5; k++)
            {
                evaluator.Evaluate(structure);
            }

            times.Add((ThreadClock.Seconds - start) / 5);
        }

        return (1 / Figure.Median(times), evaluation);
    }

    // 9, 18, 30 and about 200 atoms of each kind.
    private static IEnumerable<Structure> Cases(NeuralPotential potential)
    {
        string logan = Path.Combine(StudyData.SharedFolder ?? ".", "data", "logan");
        if (potential.Options.Elements.Contains(new Element(14)))
        {
            Structure Target(string name) => StructureReader.ReadStrict(Path.Combine(logan, $"{name}_ground_truth.extxyz"))[0];
            return new[] { Target("mp-546546"), Target("mp-559550"), Target("mp-546794").Repeat(1, 1, 5), Target("mp-554151").Repeat(4, 2, 2) }.Select(Rattled);
        }

        var pentanol = StructureReader.ReadStrict(Path.Combine(logan, "C5H12O_ground_truth.extxyz"))[0];
        var some = pentanol.Positions.Zip(pentanol.Species).OrderBy(a => (a.First - pentanol.Positions[0]).Length).Take(9).ToList();
        return new[] { new Structure([.. some.Select(a => a.Second)], [.. some.Select(a => a.First)]), pentanol, Clones(pentanol, 30), Clones(pentanol, 198) }.Select(Rattled);
    }

    // A row of molecules, 6 Å apart, cut to a number of atoms.
    private static Structure Clones(Structure molecule, int atoms)
    {
        var all = Enumerable.Range(0, atoms).Select(k => (molecule.Species[k % molecule.AtomCount], molecule.Positions[k % molecule.AtomCount]
            + new Vector3D(6 * (k / molecule.AtomCount % 3), 6 * (k / molecule.AtomCount / 3), 0))).ToList();
        return new Structure([.. all.Select(a => a.Item1)], [.. all.Select(a => a.Item2)]);
    }

    // Equal distances would flatter anything that keeps them.
    private static Structure Rattled(Structure structure)
    {
        var random = new Learning.CounterRandom(1, 0).Sequence(0);
        double Shift() => 0.1 * (random.NextDouble() - 0.5);
        return structure.WithPositions([.. structure.Positions.Select(p => p + new Vector3D(Shift(), Shift(), Shift()))]);
    }

    private static double? Opponent(NeuralPotential potential, string file, Structure structure, Evaluation ours)
    {
        string script = Path.Combine(Directory.GetCurrentDirectory(), "benchmarks", "opponents", "neural_torch.py");
        if (!File.Exists(script) || !File.Exists("/usr/bin/python3"))
        {
            Console.Error.WriteLine("The opponent did not run: it needs /usr/bin/python3 with torch, and the root of the repository as the working folder.");
            return null;
        }

        var list = NeighborList.Build(structure, potential.Options.CutoffRadius);
        var edges = Enumerable.Range(0, structure.AtomCount).SelectMany(i => list.Of(i).ToArray().Select(n => new[] { i, n.Index, n.Offset.X, n.Offset.Y, n.Offset.Z }));
        string job = JsonSerializer.Serialize(new { potential = file, symbols = structure.Species.Select(e => e.Symbol), edges });
        var start = new ProcessStartInfo("/usr/bin/python3", [script]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment["OMP_NUM_THREADS"] = start.Environment["MKL_NUM_THREADS"] = "1";
        using var process = Process.Start(start)!;
        process.StandardInput.Write(job);
        process.StandardInput.Close();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            Console.Error.WriteLine("The opponent failed: it needs /usr/bin/python3 with torch and scipy.");
            return null;
        }

        using var result = JsonDocument.Parse(output);
        double seconds = result.RootElement.GetProperty("seconds").GetDouble(), energy = result.RootElement.GetProperty("energy").GetDouble();
        double force = result.RootElement.GetProperty("forces").EnumerateArray().Zip(ours.Forces, (f, g) => (new Vector3D(f[0].GetDouble(), f[1].GetDouble(), f[2].GetDouble()) - g).Length).Max();
        // Both must have computed the same thing, but for the repulsion, which the opponent leaves out.
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{structure.AtomCount} atoms: PyTorch {1e3 * seconds:F2} ms; difference {Math.Abs(energy - ours.EnergyEV):E1} eV, {force:E1} eV/Å"));
        return seconds;
    }
}

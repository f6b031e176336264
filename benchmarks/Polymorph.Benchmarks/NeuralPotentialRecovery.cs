using System.Globalization;
using Polymorph.Energies.Neural;
using Polymorph.Energies.Neural.Training;
using Polymorph.Energies.Relaxation;
using Polymorph.Structures;
using Polymorph.Structures.Bonds;
using Polymorph.Structures.Formats;

namespace Polymorph.Benchmarks;

/// <summary>Errors of a potential on held-out labels, and how many molecules or crystals come back from noise.</summary>
internal static class NeuralPotentialRecovery
{
    /// <summary>Arguments: a potential's name or file; any of <c>parity FILE</c>, <c>isomers FILE</c>, <c>crystals FILE</c>.</summary>
    public static void Run(string[] args)
    {
        var potential = EmbeddedPotentials.Names.Contains(args[0]) ? EmbeddedPotentials.Get(args[0]) : NeuralPotentialFile.Load(args[0]);
        for (int i = 1; i + 1 < args.Length; i += 2)
        {
            switch (args[i])
            {
                case "parity": Parity(potential, args[i + 1]); break;
                case "isomers": Isomers(potential, args[i + 1]); break;
                case "crystals": Crystals(potential, args[i + 1]); break;
                default: throw new ArgumentException($"expected parity, isomers or crystals, not {args[i]}");
            }
        }
    }

    private static void Parity(NeuralPotential potential, string file)
    {
        string set = Path.GetFileNameWithoutExtension(file);
        foreach (var (_, kind, e) in PotentialTraining.Measure(set, potential, LabelledFiles.Read([file])))
        {
            string name = $"neural-potential.{potential.Method}.{set}{(kind.Length > 0 ? "." + kind : "")}";
            Figure.Print($"{name}.frames", e.Frames, "frames");
            Figure.Print($"{name}.energy-mae", 1000 * e.EnergyMae, "meV/atom");
            Figure.Print($"{name}.force-mae", e.ForceMae, "eV/A");
            Figure.Print($"{name}.force-rmse", e.ForceRmse, "eV/A");
        }
    }

    private static void Isomers(NeuralPotential potential, string file)
    {
        var engine = new NeuralEngine(potential);
        var relaxer = new Relaxer(engine, new RelaxationOptions());
        using var evaluator = engine.CreateEvaluator();
        var perStart = new SortedDictionary<long, int>();
        int all = 0, total = 0;
        var evaluations = new List<double>();
        foreach (var start in StructureReader.ReadStrict(file, new ReadOptions { MinDistance = 0 }))
        {
            string wanted = SmilesReader.Read((string)start.Properties["isomer"]).CanonicalSmiles;
            var result = relaxer.Relax(start, evaluator);
            string found = BondPerception.Perceive(result.Structure).CanonicalSmiles;
            long number = (long)start.Properties["start"];
            perStart[number] = perStart.GetValueOrDefault(number) + (found == wanted ? 1 : 0);
            all += found == wanted ? 1 : 0;
            total++;
            evaluations.Add(result.ForceEvaluations);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{number} {wanted} {(found == wanted ? "back" : found)} {result.Status} {result.ForceEvaluations}"));
        }

        string name = $"neural-potential.{potential.Method}.isomers";
        Figure.Print($"{name}.first-start", perStart[0], $"of {total / perStart.Count}");
        Figure.Print($"{name}.all-starts", 100.0 * all / total, "%");
        Figure.Print($"{name}.evaluations", Figure.Median(evaluations), "per relaxation");
        Console.WriteLine($"per start: {string.Join(", ", perStart.Values)}");
    }

    // Back: the energy within 1 meV/atom of the relaxed target's and the same distances between atoms.
    private static void Crystals(NeuralPotential potential, string file)
    {
        var engine = new NeuralEngine(potential);
        var relaxer = new Relaxer(engine, new RelaxationOptions { MaximumForce = 0.01 });
        using var evaluator = engine.CreateEvaluator();
        var all = StructureReader.ReadStrict(file, new ReadOptions { MinDistance = 0 });
        var perStart = new SortedDictionary<long, int>();
        foreach (var group in all.GroupBy(s => (string)s.Properties["target"]))
        {
            string known = StudyData.Shared("data", "logan", $"{group.Key}_ground_truth.extxyz");
            var target = relaxer.Relax(StructureReader.ReadStrict(known)[0], evaluator);
            foreach (var start in group)
            {
                var result = relaxer.Relax(start, evaluator);
                double gap = 1000 * (result.EnergyEV - target.EnergyEV) / start.AtomCount;
                double difference = Difference(target.Structure, result.Structure);
                bool back = Math.Abs(gap) < 1 && difference < 0.1;
                long number = (long)start.Properties["start"];
                perStart[number] = perStart.GetValueOrDefault(number) + (back ? 1 : 0);
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{group.Key} {number} {(back ? "back" : "no")} {gap:0.00} meV/atom, distances {difference:0.000} A, {result.Status} {result.ForceEvaluations}"));
            }
        }

        foreach (var (number, back) in perStart)
        {
            Figure.Print($"neural-potential.{potential.Method}.crystals.start-{number}", back, "back");
        }
    }

    // Largest difference of the sorted distances below 6 Å, by pair of elements.
    private static double Difference(Structure a, Structure b)
    {
        double largest = 0;
        foreach (var pair in Distances(a).Zip(Distances(b)))
        {
            int count = Math.Min(pair.First.Length, pair.Second.Length);
            for (int k = 0; k < count; k++)
            {
                largest = Math.Max(largest, Math.Abs(pair.First[k] - pair.Second[k]));
            }
        }

        return largest;
    }

    private static IEnumerable<double[]> Distances(Structure structure)
    {
        var list = NeighborList.Build(structure, 6);
        return Enumerable.Range(0, structure.AtomCount)
            .SelectMany(i => list.Of(i).ToArray().Select(n => (Low: Math.Min(structure.Species[i].Number, structure.Species[n.Index].Number), High: Math.Max(structure.Species[i].Number, structure.Species[n.Index].Number), n.Distance)))
            .GroupBy(d => (d.Low, d.High)).OrderBy(g => g.Key).Select(g => g.Select(d => d.Distance).Order().ToArray());
    }
}

using System.Globalization;
using Polymorph.Energies;
using Polymorph.Energies.Ani;
using Polymorph.Energies.Relaxation;
using Polymorph.Energies.TensorNet;
using Polymorph.Foundation;
using Polymorph.Learning;
using Polymorph.Structures;
using Polymorph.Structures.Formats;

namespace Polymorph.Benchmarks;

/// <summary>Force evaluations per relaxation against ASE's FIRE, BFGS and LBFGS: the same starts after the same push-apart, the same engine, 0.05 eV/Å, the same cell.</summary>
/// <remarks>Only starts that every method brought below the force count. Where methods end in different minima, a second figure counts those alone that ended in the same one.</remarks>
internal static class RelaxationBenchmark
{
    private const double SameMinimum = 0.02;  // eV: what 0.05 eV/Å leaves undecided in soft modes
    private static readonly string[] Opponents = ["FIRE", "BFGS", "LBFGS"];
    private static readonly RelaxationOptions Options = new();

    private sealed record Outcome(int? Evaluations, double Energy);

    public static void Run(string[] arguments)
    {
        using var ase = AseRelaxation.Start();
        if (ase is null)
        {
            Console.Error.WriteLine("The opponent did not run: it needs /usr/bin/python3 with ase.");
        }

        bool quick = arguments.Contains("quick");
        foreach (var (name, engine, starts) in Cases(quick).Where(c => arguments.All(a => a == "quick" || c.Name.Contains(a, StringComparison.Ordinal))))
        {
            Measure(name, engine, starts, ase);
        }
    }

    private static IEnumerable<(string Name, IEnergyEngine Engine, IReadOnlyList<Structure> Starts)> Cases(bool quick)
    {
        var ani = new Lazy<IEnergyEngine>(() => AniEngine.Read(StudyData.Shared("data", "potentials", "ani-1ccx.json")));
        var tensorNet = new Lazy<IEnergyEngine>(() => new TensorNetEngine(StudyData.Shared("data", "potentials", "tensornet-matpes-pbe-2025.1.json")));
        var isomers = Read("C5H12O_ground_truth.extxyz");
        var targets = Directory.GetFiles(StudyData.Shared("data", "logan"), "mp-*_ground_truth.extxyz").Order(StringComparer.Ordinal).SelectMany(f => Read(Path.GetFileName(f))).ToList();
        foreach (double noise in (double[])[0.1, 0.3])
        {
            string suffix = noise.ToString("f1", CultureInfo.InvariantCulture);
            yield return ($"c5h12o-{suffix}", ani.Value, Rattled(isomers, noise, quick ? 1 : 3));
            yield return ($"sio2-{suffix}", tensorNet.Value, Rattled(targets, noise, quick ? 1 : 4));
        }

        // Cells of other silica polymorphs, 3 % too short or too long along each axis.
        var training = Read("mp-559550_training.extxyz").Where(s => s.AtomCount <= 30).ToList();
        int every = quick ? 12 : 4;
        yield return ("sio2-training", tensorNet.Value, [.. training.Where((_, i) => i % every == 0).Select((s, i) => Scaled(s, i % 2 == 0 ? 0.97 : 1.03))]);
    }

    private static void Measure(string name, IEnergyEngine engine, IReadOnlyList<Structure> starts, AseRelaxation? ase)
    {
        using var evaluator = engine.CreateEvaluator();
        var ours = new List<Outcome>();
        var theirs = Opponents.ToDictionary(o => o, _ => new List<Outcome>());
        foreach (var start in starts)
        {
            var pushed = PushApart.Apply(start).Structure;
            var result = new Relaxer(engine, Options).Relax(pushed, evaluator);
            bool converged = result.Status is RelaxationStatus.Converged or RelaxationStatus.Fragmented;
            ours.Add(new(converged ? result.ForceEvaluations : null, result.EnergyEV));
            foreach (string opponent in Opponents)
            {
                var (evaluations, energy) = ase?.Relax(opponent, pushed, evaluator, Options) ?? (0, 0);
                theirs[opponent].Add(new(evaluations, energy));
            }
        }

        int[] all = [.. Enumerable.Range(0, starts.Count).Where(i => ours[i].Evaluations is not null && theirs.Values.All(t => t[i].Evaluations is not null))];
        Print($"relaxation-{name}", ours, all);
        Figure.Print($"relaxation-{name}-converged", 100.0 * ours.Count(o => o.Evaluations is not null) / starts.Count, "percent");
        if (ase is null)
        {
            return;
        }

        foreach (var (opponent, outcomes) in theirs)
        {
            Print($"relaxation-{name}-ase-{opponent.ToLowerInvariant()}", outcomes, all);
            Figure.Print($"relaxation-{name}-ase-{opponent.ToLowerInvariant()}-converged", 100.0 * outcomes.Count(o => o.Evaluations is not null) / starts.Count, "percent");
        }

        int[] same = [.. all.Where(i => theirs.Values.All(t => Math.Abs(t[i].Energy - ours[i].Energy) < SameMinimum))];
        Figure.Print($"relaxation-{name}-fewer-than-best-of-ase", Saving(ours, theirs.Values, all), "percent");
        Figure.Print($"relaxation-{name}-fewer-than-best-of-ase-same-minimum", Saving(ours, theirs.Values, same), "percent");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {starts.Count} starts, {all.Length} converged by all, {same.Length} of these in the same minimum"));
    }

    private static void Print(string name, List<Outcome> outcomes, int[] which)
    {
        Figure.Print($"{name}-median", which.Length == 0 ? double.NaN : Figure.Median(which.Select(i => (double)outcomes[i].Evaluations!)), "evaluations");
        Figure.Print($"{name}-total", which.Sum(i => outcomes[i].Evaluations!.Value), "evaluations");
    }

    private static double Saving(List<Outcome> ours, IEnumerable<List<Outcome>> theirs, int[] which) =>
        100 * (1 - which.Sum(i => (double)ours[i].Evaluations!) / theirs.Min(t => which.Sum(i => (double)t[i].Evaluations!)));

    private static List<Structure> Read(string file) => [.. StructureReader.ReadStrict(StudyData.Shared("data", "logan", file))];

    private static List<Structure> Rattled(List<Structure> structures, double deviation, int copies)
    {
        var result = new List<Structure>();
        for (int copy = 0; copy < copies; copy++)
        {
            foreach (var (k, structure) in structures.Index())
            {
                var random = new CounterRandom((ulong)(1000 * copy + k), 0).Sequence(0);
                double Normal() => deviation * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
                result.Add(structure.WithPositions([.. structure.Positions.Select(p => p + new Vector3D(Normal(), Normal(), Normal()))]));
            }
        }

        return result;
    }

    private static Structure Scaled(Structure structure, double factor)
    {
        var h = structure.Lattice!;
        return new(structure.Species, [.. structure.Positions.Select(p => factor * p)], new Lattice(factor * h.A, factor * h.B, factor * h.C), structure.Periodicity, structure.Id);
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Polymorph.Energies;
using Polymorph.Energies.Ani;
using Polymorph.Structures;

namespace Polymorph.Benchmarks;

/// <summary>Structures per second on one core under ANI, energy and forces: ours beside PyTorch on the same molecules in one run.</summary>
internal static class AniBenchmark
{
    /// <summary>Arguments: the folder of the weights (by default <c>shared/data/potentials</c> beside the checkout), and a part of the names to run.</summary>
    public static void Run(string[] arguments)
    {
        string folder = arguments.Length > 0 ? arguments[0] : StudyData.Shared("data", "potentials");
        foreach (string method in new[] { "ani-1ccx", "ani-2x-2of8" })
        {
            foreach (var precision in Enum.GetValues<Precision>())
            {
                var engine = AniEngine.Read(Path.Combine(folder, method + ".json"), precision);
                foreach (var molecule in Molecules())
                {
                    string name = $"{method}-{molecule.AtomCount}-atoms-{precision.ToString().ToLowerInvariant()}";
                    if (arguments.Length < 2 || name.Contains(arguments[1], StringComparison.Ordinal))
                    {
                        Measure(name, engine, molecule, Path.Combine(folder, method + ".json"));
                    }
                }
            }
        }
    }

    private static void Measure(string name, AniEngine engine, Structure molecule, string manifest)
    {
        using var evaluator = engine.CreateEvaluator();
        var result = evaluator.Evaluate(molecule);
        double seconds = Median(evaluator, molecule);
        Figure.Print($"{name}", 1 / seconds, "structures/s/core");
        if (Opponent(engine.Precision, molecule, manifest, result) is { } opponent)
        {
            // Measured before and after the opponent, so that a change of the machine's pace does not favour one.
            seconds = 0.5 * (seconds + Median(evaluator, molecule));
            Figure.Print($"{name}-over-pytorch", opponent / seconds, "times");
        }
    }

    /// <summary>Chains of 9, 18 and 30 atoms (alcohols), and ten parallel chains of hexane at the distance they have in the liquid: 200 atoms.</summary>
    public static IEnumerable<Structure> Molecules()
    {
        foreach (int carbons in new[] { 2, 5, 9 })
        {
            var alcohol = Chain(carbons, alcohol: true).ToList();
            yield return new Structure([.. alcohol.Select(a => a.Element)], [.. alcohol.Select(a => a.Position)]);
        }

        var chains = (from y in Enumerable.Range(0, 5) from z in Enumerable.Range(0, 2) from atom in Chain(6, alcohol: false) select (atom.Element, Position: atom.Position + new Vector3D(0, 4.8 * y, 4.8 * z))).ToList();
        yield return new Structure([.. chains.Select(a => a.Element)], [.. chains.Select(a => a.Position)]);
    }

    // A zigzag of 1.53 Å bonds at 112°; the last place of an alcohol is oxygen.
    private static IEnumerable<(Element Element, Vector3D Position)> Chain(int carbons, bool alcohol)
    {
        Element hydrogen = Element.Parse("H"), carbon = Element.Parse("C");
        int heavy = carbons + (alcohol ? 1 : 0);
        for (int i = 0; i < heavy; i++)
        {
            yield return (i < carbons ? carbon : Element.Parse("O"), Place(i));
        }

        for (int i = 0; i < carbons; i++)
        {
            double outwards = i % 2 == 0 ? 0.629 : -0.629;
            yield return (hydrogen, Place(i) + new Vector3D(0, outwards, 0.89));
            yield return (hydrogen, Place(i) + new Vector3D(0, outwards, -0.89));
        }

        yield return (hydrogen, Place(0) + 1.09 / 1.53 * (Place(-1) - Place(0)));
        yield return (hydrogen, Place(heavy - 1) + (alcohol ? 0.97 : 1.09) / 1.53 * (Place(heavy) - Place(heavy - 1)));

        static Vector3D Place(int i) => new(1.268 * i, i % 2 == 0 ? 0.428 : -0.428, 0);
    }

    /// <summary>Seconds per structure in PyTorch, or null where it is not installed.</summary>
    private static double? Opponent(Precision precision, Structure molecule, string manifest, Evaluation ours)
    {
        string input = JsonSerializer.Serialize(new
        {
            manifest,
            species = molecule.Species.Select(e => e.Symbol),
            positions = molecule.Positions.Select(PythonOpponent.Row),
            precision = precision.ToString().ToLowerInvariant(),
            repetitions = molecule.AtomCount > 100 ? 15 : 41,
        });
        if (PythonOpponent.Output("ani_torch.py", "torch", input) is not { } output)
        {
            return null;
        }

        var result = JsonDocument.Parse(output).RootElement;
        double difference = result.GetProperty("forces").EnumerateArray().Select((f, i) => (ours.Forces[i] - new Vector3D(f[0].GetDouble(), f[1].GetDouble(), f[2].GetDouble())).Length).Max();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{molecule.AtomCount} atoms: PyTorch {result.GetProperty("plain_ms").GetDouble():F2} ms, traced {result.GetProperty("traced_ms").GetDouble():F2} ms; largest difference of forces {difference:E1} eV/Å, of energies {Math.Abs(ours.EnergyEV - result.GetProperty("energy").GetDouble()):E1} eV"));
        return 1e-3 * result.GetProperty("ms").GetDouble();
    }

    // Processor time, as in the opponent: other work on the machine does not count.
    private static double Median(IEvaluator evaluator, Structure molecule)
    {
        var watch = Stopwatch.StartNew();
        while (watch.ElapsedMilliseconds < 500)
        {
            evaluator.Evaluate(molecule);
        }

        var times = new List<double>();
        watch.Restart();
        while (times.Count < 21 || watch.ElapsedMilliseconds < 1000)
        {
            double begin = ThreadClock.Seconds;
            evaluator.Evaluate(molecule);
            times.Add(ThreadClock.Seconds - begin);
        }

        return Figure.Median(times);
    }
}

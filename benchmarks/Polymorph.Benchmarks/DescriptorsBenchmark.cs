using System.Diagnostics;
using System.Text.Json;
using Polymorph.Learning;
using Polymorph.Representations.LocalDescriptors;
using Polymorph.Structures;

namespace Polymorph.Benchmarks;

/// <summary>Atoms described per second on one core, values and gradients: the kernel beside the plain definition and beside PyTorch on the same positions.</summary>
internal static class DescriptorsBenchmark
{
    private const int Structures = 240;

    private sealed record Case(string Name, PowerSpectrumOptions Options, Element[] Species, int TypeCount, int[] Types, Lattice Box, Periodicity Periodicity);

    public static void Run(string[] arguments)
    {
        foreach (var item in Cases().Where(c => arguments.Length == 0 || c.Name.Contains(arguments[0], StringComparison.Ordinal)))
        {
            Measure(item);
        }
    }

    private static IEnumerable<Case> Cases()
    {
        yield return Create("c5h12o-nmax3", new(), "C5H12O", new(new(8, 0, 0), new(0, 7, 0), new(0, 0, 6)), Periodicity.None);
        // The cell of the SiO2 target mp-559550, rounded.
        var cell = new Lattice(new(7.653, 0, 0), new(-2.707, 7.159, 0), new(-2.707, -3.917, 5.992));
        foreach (var radial in new[] { RadialBasis.Bessel, RadialBasis.Gaussian })
        {
            var options = new PowerSpectrumOptions { Radial = radial, CutoffRadius = 4, MaximumOrder = 4, NeighbourCount = 25 };
            yield return Create(radial == RadialBasis.Bessel ? "sio2-bessel" : "sio2-gaussian", options, "Si6O12", cell, Periodicity.Full);
        }
    }

    private static Case Create(string name, PowerSpectrumOptions options, string formula, Lattice box, Periodicity periodicity)
    {
        Element[] species = [.. Composition.ParseSpecies(formula)];
        Element[] types = [.. species.Distinct().Order()];
        return new(name, options, species, types.Length, [.. species.Select(e => Array.IndexOf(types, e))], box, periodicity);
    }

    private static void Measure(Case item)
    {
        int atoms = item.Types.Length;
        var cell = item.Periodicity.Any ? item.Box : null;
        var batch = new PowerSpectrumBatch(item.Options, item.Types, item.TypeCount, cell, item.Periodicity);
        int stride = (batch.DescriptorLength + 15) / 16 * 16;
        float[] positions = Positions(item), rows = new float[Structures * atoms * stride], gradient = new float[positions.Length];
        double forward = Median(201, () => batch.Describe(positions, Structures, rows, stride));
        double backward = Median(101, () => batch.Gradient(positions, Structures, rows, stride, gradient));
        double millions = Structures * atoms / 1e6;
        Figure.Print($"descriptors-{item.Name}", millions / forward, "million-atoms/s/core");
        Figure.Print($"descriptors-{item.Name}-gradient", millions / backward, "million-atoms/s/core");

        var (plainForward, plainBackward) = Plain(item, positions, rows, stride);
        Figure.Print($"descriptors-{item.Name}-over-reference", plainForward / (forward / Structures), "times");
        Figure.Print($"descriptors-{item.Name}-gradient-over-reference", plainBackward / (backward / Structures), "times");

        if (PyTorch(item, positions, rows, stride) is { } opponent)
        {
            Figure.Print($"descriptors-{item.Name}-over-pytorch", opponent.Forward / forward, "times");
            Figure.Print($"descriptors-{item.Name}-gradient-over-pytorch", opponent.Gradient / backward, "times");
        }
        else
        {
            Console.Error.WriteLine("The opponent did not run: it needs /usr/bin/python3 with torch and scipy.");
        }
    }

    // Positions as an untrained generator makes them: uniform in the box.
    private static float[] Positions(Case item)
    {
        var random = new CounterRandom(1, 0).Sequence(0);
        var result = new float[Structures * item.Types.Length * 3];
        for (int i = 0; i < result.Length; i += 3)
        {
            var p = item.Box.ToCartesian(new(random.NextDouble(), random.NextDouble(), random.NextDouble()));
            (result[i], result[i + 1], result[i + 2]) = ((float)p.X, (float)p.Y, (float)p.Z);
        }

        return result;
    }

    /// <summary>Seconds per structure of the double-precision definition.</summary>
    private static (double Forward, double Gradient) Plain(Case item, float[] positions, float[] rows, int stride)
    {
        int atoms = item.Types.Length;
        var structure = new Structure(
            [.. item.Species],
            [.. Enumerable.Range(0, atoms).Select(i => new Vector3D(positions[3 * i], positions[3 * i + 1], positions[3 * i + 2]))],
            item.Periodicity.Any ? item.Box : null, item.Periodicity);
        var reference = new PowerSpectrumReference(item.Options, item.TypeCount);
        double[][] expected = [];
        double forward = Median(21, () => expected = reference.Describe(Neighbourhood.ByImages(structure, item.Options), item.Types));
        double backward = Median(21, () => reference.Gradient(Neighbourhood.ByImages(structure, item.Options), item.Types, expected));
        Report(item, "reference", Enumerable.Range(0, atoms).Max(i => expected[i].Select((v, k) => Math.Abs(v - rows[i * stride + k])).Max()));
        return (forward, backward);
    }

    /// <summary>Seconds for all structures in PyTorch, or null where it is not installed.</summary>
    private static (double Forward, double Gradient)? PyTorch(Case item, float[] positions, float[] rows, int stride)
    {
        string folder = Directory.CreateTempSubdirectory("polymorph-descriptors-").FullName;
        try
        {
            string positionFile = Path.Combine(folder, "positions"), rowFile = Path.Combine(folder, "rows");
            File.WriteAllBytes(positionFile, [.. positions.SelectMany(BitConverter.GetBytes)]);
            var (i, j, k) = SupercellRule.Multiples(item.Box, item.Periodicity, item.Options.CutoffRadius);
            var box = item.Box;
            string settings = JsonSerializer.Serialize(new
            {
                positions = positionFile,
                rows = rowFile,
                structures = Structures,
                types = item.Types,
                type_count = item.TypeCount,
                cell = item.Periodicity.Any ? PythonOpponent.Rows(box) : null,
                multiples = new[] { i, j, k },
                radial = item.Options.Radial == RadialBasis.Gaussian ? "gaussian" : "bessel",
                cutoff = item.Options.CutoffRadius,
                order = item.Options.MaximumOrder,
                neighbours = item.Options.NeighbourCount,
                repetitions = 9,
            });
            if (PythonOpponent.Output("descriptor_torch.py", "torch and scipy", settings) is not { } output)
            {
                return null;
            }

            ReportDifference(item, File.ReadAllBytes(rowFile), rows, stride);
            var result = JsonDocument.Parse(output).RootElement;
            return (result.GetProperty("forward_ms").GetDouble() / 1e3, result.GetProperty("gradient_ms").GetDouble() / 1e3);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // Both must have computed the same thing. Single rows may differ where rounding swaps the last neighbours.
    private static void ReportDifference(Case item, byte[] theirs, float[] rows, int stride)
    {
        int length = item.Options.DescriptorLength(item.TypeCount), atoms = Structures * item.Types.Length;
        var differences = new double[atoms];
        for (int i = 0; i < atoms; i++)
        {
            for (int k = 0; k < length; k++)
            {
                differences[i] = Math.Max(differences[i], Math.Abs(BitConverter.ToSingle(theirs, 4 * (i * length + k)) - rows[i * stride + k]));
            }
        }

        Report(item, "PyTorch", Figure.Median(differences));
    }

    private static void Report(Case item, string opponent, double difference) =>
        Console.WriteLine(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{item.Name}: typical largest difference from {opponent} {difference:E1}"));

    // Processor time, as in the opponent: other work on the machine does not count.
    private static double Median(int repetitions, Action action)
    {
        for (int i = 0; i < 3 + repetitions / 4; i++)
        {
            action();
        }

        var times = new double[repetitions];
        for (int i = 0; i < repetitions; i++)
        {
            var start = Environment.CpuUsage.TotalTime;
            action();
            times[i] = (Environment.CpuUsage.TotalTime - start).TotalSeconds;
        }

        return Figure.Median(times);
    }
}

using System.Diagnostics;
using System.Globalization;
using Polymorph.Energies;
using Polymorph.Energies.External;
using Polymorph.Energies.External.IPi;
using Polymorph.Foundation;
using Polymorph.Structures;

namespace Polymorph.Benchmarks;

/// <summary>What one step over the i-PI protocol costs beside the client's own work: our client in another process with a potential that does nothing, and LAMMPS for information.</summary>
internal static class IPiBenchmark
{
    private const int Steps = 2000;
    private const int FirstSteps = 200;

    public static void Run(string[] arguments)
    {
        if (arguments is ["client", var name, var count])
        {
            var structure = Cells(int.Parse(count, CultureInfo.InvariantCulture));
            IPiClient.Serve(new Nothing(structure.AtomCount), structure, IPiAddress.Unix(name));
            return;
        }

        foreach (int atoms in (int[])[9, 48, 200])
        {
            var structure = Cells(atoms);
            // The client is this program, found as the runtime started it.
            string command = string.Create(CultureInfo.InvariantCulture, $"ipi:'{Environment.ProcessPath}' {Assembly()}ipi-overhead client {{socket}} {atoms}");
            double step = Seconds(ExternalEngines.Create(command, new()), structure);
            Figure.Print(string.Create(CultureInfo.InvariantCulture, $"ipi-overhead-{atoms}-atoms"), 1e3 * step, "ms/step");
        }

        try
        {
            double lammps = Seconds(ExternalEngines.Create("lammps", new()), Cells(48));
            Figure.Print("ipi-lammps-tersoff-48-atoms", 1e3 * lammps, "ms/step");
        }
        catch (PolymorphException e)
        {
            Console.Error.WriteLine(e.Message);
        }
    }

    // Started as "dotnet Polymorph.Benchmarks.dll" or as a program of its own.
    private static string Assembly() =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? $"'{typeof(IPiBenchmark).Assembly.Location}' " : "";

    /// <summary>Wall-clock seconds per step, median: waiting for the other process is what is measured.</summary>
    private static double Seconds(IEnergyEngine engine, Structure structure)
    {
        using var evaluator = engine.CreateEvaluator();
        var times = new double[Steps];
        for (int i = -FirstSteps; i < Steps; i++)
        {
            var moved = structure.WithPositions(structure.Positions.SetItem(0, structure.Positions[0] + new Vector3D(1e-4 * (i % 10), 0, 0)));
            long start = Stopwatch.GetTimestamp();
            var result = evaluator.Evaluate(moved);
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            if (result.Failure is { } failure)
            {
                throw new InvalidOperationException(failure);
            }

            times[Math.Max(i, 0)] = seconds;
        }

        return Figure.Median(times);
    }

    /// <summary>Silica of about the right density: atoms on a simple cubic grid, every third silicon.</summary>
    private static Structure Cells(int atoms)
    {
        const double spacing = 2.4;
        int edge = (int)Math.Ceiling(Math.Cbrt(atoms));
        var places = Enumerable.Range(0, atoms).Select(i => spacing * new Vector3D(i % edge, i / edge % edge, i / edge / edge));
        return new Structure([.. Enumerable.Range(0, atoms).Select(i => new Element(i % 3 == 0 ? 14 : 8))], [.. places], Lattice.Cubic(spacing * edge), id: "benchmark");
    }

    /// <summary>The trivial potential.</summary>
    private sealed class Nothing(int atoms) : IEvaluator
    {
        private readonly Evaluation _result = Evaluation.Of(0, [.. new Vector3D[atoms]], default(StressTensor));

        public Evaluation Evaluate(Structure structure, CancellationToken cancellation = default) => _result;

        public void Dispose()
        {
        }
    }
}

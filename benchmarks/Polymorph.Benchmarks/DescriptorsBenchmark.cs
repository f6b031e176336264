using System.Diagnostics;
using Polymorph.Learning;
using Polymorph.Representations.LocalDescriptors;
using Polymorph.Structures;

namespace Polymorph.Benchmarks;

/// <summary>Atoms described per second on one core.</summary>
internal static class DescriptorsBenchmark
{
    private sealed record System(string Name, PowerSpectrumOptions Options, int[] Types, int TypeCount, Lattice Box, bool Periodic);

    public static void Run(string[] args)
    {
        foreach (var system in Systems().Where(x => args.Length == 0 || x.Name.Contains(args[0], StringComparison.Ordinal)))
        {
            Measure(system);
        }
    }

    private static IEnumerable<System> Systems()
    {
        int[] pentanol = [.. Enumerable.Repeat(1, 5), .. Enumerable.Repeat(0, 12), 2];
        int[] silica = [.. Enumerable.Repeat(1, 6), .. Enumerable.Repeat(0, 12)];
        var box = new Lattice(new(8, 0, 0), new(0, 7, 0), new(0, 0, 6));
        var cell = new Lattice(new(7.653, 0, 0), new(-2.707, 7.159, 0), new(-2.707, -3.917, 5.992));
        yield return new("c5h12o-nmax3", new(), pentanol, 3, box, false);
        foreach (var radial in new[] { RadialBasis.Bessel, RadialBasis.Gaussian })
        {
            foreach (int n in new[] { 12, 25 })
            {
                var options = new PowerSpectrumOptions { Radial = radial, CutoffRadius = 4, MaximumOrder = 4, NeighbourCount = n };
                yield return new($"sio2-{(radial == RadialBasis.Bessel ? "bessel" : "gaussian")}-n{n}", options, silica, 2, cell, true);
            }
        }
    }

    private static void Measure(System system)
    {
        int structures = Environment.GetEnvironmentVariable("DESC_MIN") is null ? 240 : 16;
        int atoms = system.Types.Length;
        var batch = new PowerSpectrumBatch(system.Options, system.Types, system.TypeCount, system.Periodic ? system.Box : null, system.Periodic ? Periodicity.Full : Periodicity.None);
        int stride = (batch.DescriptorLength + 15) / 16 * 16;
        var random = new CounterRandom(1, 0).Sequence(0);
        float[] positions = new float[structures * atoms * 3], rows = new float[structures * atoms * stride], gradient = new float[positions.Length];
        for (int i = 0; i < structures * atoms; i++)
        {
            var p = system.Box.ToCartesian(new(random.NextDouble(), random.NextDouble(), random.NextDouble()));
            (positions[3 * i], positions[3 * i + 1], positions[3 * i + 2]) = ((float)p.X, (float)p.Y, (float)p.Z);
        }

        double forward = Median(() => batch.Describe(positions, structures, rows, stride));
        double backward = Environment.GetEnvironmentVariable("DESC_FWD") is not null ? forward : Median(() => batch.Gradient(positions, structures, rows, stride, gradient));
        Console.WriteLine($"{system.Name,-20} {structures * atoms / forward / 1e6:F2} M atoms/s  {forward / structures / atoms * 1e9:F0} ns/atom   gradient {structures * atoms / backward / 1e6:F2} M atoms/s ({backward / forward:F2} x)");
    }

    private static double Median(Action action)
    {
        for (int i = 0; i < 1000; i++)
        {
            action();
        }

        var times = new double[Environment.GetEnvironmentVariable("DESC_MIN") is null ? 101 : int.Parse(Environment.GetEnvironmentVariable("DESC_MIN")!)];
        for (int i = 0; i < times.Length; i++)
        {
            long start = Stopwatch.GetTimestamp();
            action();
            times[i] = Stopwatch.GetElapsedTime(start).TotalSeconds;
        }

        Array.Sort(times);
        return times[Environment.GetEnvironmentVariable("DESC_MIN") is null ? times.Length / 2 : 0];
    }
}

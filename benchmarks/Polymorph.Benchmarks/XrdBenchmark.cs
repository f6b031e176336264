using System.Globalization;
using Polymorph.Representations.Curves;

namespace Polymorph.Benchmarks;

/// <summary>Powder patterns per second on one core, copper Kα up to 90 degrees. Opponent: pymatgen's XRDCalculator.</summary>
internal static class XrdBenchmark
{
    public static void Run(string[] arguments)
    {
        // The opponent takes the first forty only.
        var crystals = BenchmarkCrystals.Read(300);
        double rate = BenchmarkCrystals.Rate(crystals, c => PowderPattern.Of(c), 15), few = BenchmarkCrystals.Rate(crystals[..40], c => PowderPattern.Of(c), 51);
        Figure.Print("xrd", rate, "patterns/s/core");
        Figure.Print("rdf", BenchmarkCrystals.Rate(crystals, c => RadialDistribution.Of(c), 5), "functions/s/core");
        if (BenchmarkCrystals.Opponent(crystals[..40], "xrd") is not { } answer)
        {
            return;
        }

        Figure.Print("xrd-opponent", answer.GetProperty("patterns").GetDouble(), "patterns/s/core");
        Figure.Print("xrd-over-pymatgen", few / answer.GetProperty("patterns").GetDouble(), "times");
        // Both must have computed the same.
        double largest = 0;
        foreach (var (pattern, i) in answer.GetProperty("peaks").EnumerateArray().Select((p, i) => (p, i)))
        {
            var ours = PowderPattern.Of(crystals[i]);
            var theirs = pattern[1].EnumerateArray().Select(v => v.GetDouble()).ToList();
            largest = theirs.Count != ours.Length ? double.NaN : Math.Max(largest, ours.Zip(theirs).Max(pair => Math.Abs(pair.First.Intensity - pair.Second)));
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"largest difference of an intensity from pymatgen {largest:E1}, the strongest peak 100"));
    }
}

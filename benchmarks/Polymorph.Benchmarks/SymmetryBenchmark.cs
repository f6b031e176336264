using System.Diagnostics;
using Polymorph.Structures;
using Polymorph.Structures.Symmetry;

namespace Polymorph.Benchmarks;

/// <summary>Symmetries per second on one and two cores. Opponents: spglib's Python interface, pymatgen.</summary>
internal static class SymmetryBenchmark
{
    public static void Run(string[] arguments)
    {
        var crystals = BenchmarkCrystals.Read(300);
        double one = BenchmarkCrystals.Rate(crystals, c => SymmetryFinder.Find(c), 5);
        Figure.Print("symmetry", one, "crystals/s/core");
        Figure.Print("symmetry-asymmetric-unit", BenchmarkCrystals.Rate(crystals, c => _ = SymmetryFinder.Find(c).AsymmetricUnit, 5), "crystals/s/core");
        double single = Wall(crystals, 1), twice = Wall(crystals, 2);
        Figure.Print("symmetry-two-cores", twice, "crystals/s");
        Figure.Print("symmetry-two-cores-over-one", twice / single, "times");
        if (BenchmarkCrystals.Opponent(crystals, "symmetry") is { } answer)
        {
            int[] theirs = [.. answer.GetProperty("numbers").EnumerateArray().Select(n => n.GetInt32())];
            // Both must have found the same.
            Console.WriteLine($"{crystals.Zip(theirs).Count(pair => SymmetryFinder.Find(pair.First).Number != pair.Second)} of {crystals.Count} space groups differ");
            Figure.Print("symmetry-over-spglib-python", one / answer.GetProperty("spglib").GetDouble(), "times");
            Figure.Print("symmetry-over-pymatgen", one / answer.GetProperty("pymatgen").GetDouble(), "times");
        }
    }

    private static double Wall(List<Structure> crystals, int threads) => crystals.Count / Figure.Median(Enumerable.Range(0, 5).Select(_ =>
    {
        var clock = Stopwatch.StartNew();
        Parallel.ForEach(crystals, new ParallelOptions { MaxDegreeOfParallelism = threads }, c => SymmetryFinder.Find(c));
        return clock.Elapsed.TotalSeconds;
    }));
}

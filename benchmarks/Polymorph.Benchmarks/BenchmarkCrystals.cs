using System.Globalization;
using System.Text.Json;
using Polymorph.Structures;
using Polymorph.Structures.Formats;
using Polymorph.Structures.Symmetry;

namespace Polymorph.Benchmarks;

/// <summary>Crystals of MP-20 (validation split) from the reference data beside the checkout, and the opponents that work on the same ones.</summary>
internal static class BenchmarkCrystals
{
    public static List<Structure> Read(int count) => Read(Path.Combine("mp_20", "val_partial.jsonl.gz"), count);

    /// <summary>The first crystals of a file of the reference data.</summary>
    /// <param name="file">Path below <c>shared/data</c>.</param>
    /// <param name="count">How many.</param>
    public static List<Structure> Read(string file, int count) =>
        [.. StructureReader.Read(StudyData.Shared("data", file), new ReadOptions { MinDistance = 0 }).Take(count).Select(r => r.Structure!)];

    /// <summary>Crystals per second of processor time of this thread; the median of several runs over all.</summary>
    public static double Rate<T>(IReadOnlyList<T> items, Action<T> work, int repetitions = 7)
    {
        foreach (var item in items)
        {
            work(item);
        }

        var times = new double[repetitions];
        for (int i = 0; i < repetitions; i++)
        {
            double start = ThreadClock.Seconds;
            foreach (var item in items)
            {
                work(item);
            }

            times[i] = ThreadClock.Seconds - start;
        }

        return items.Count / Figure.Median(times);
    }

    /// <summary>The answer of <c>opponents/crystals_pymatgen.py</c>, or null where pymatgen is not installed.</summary>
    /// <param name="crystals">The crystals.</param>
    /// <param name="subject">symmetry, xrd or cif.</param>
    public static JsonElement? Opponent(IReadOnlyList<Structure> crystals, string subject)
    {
        string folder = Directory.CreateTempSubdirectory("polymorph-crystals-").FullName;
        try
        {
            string list = Path.Combine(folder, "crystals.json");
            File.WriteAllText(list, JsonSerializer.Serialize(crystals.Select(PythonOpponent.Crystal)));
            if (subject == "cif")
            {
                for (int i = 0; i < crystals.Count; i++)
                {
                    StructureWriter.WriteSymmetric(Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{i:D4}.cif")), [SymmetryFinder.Find(crystals[i]).AsymmetricUnit]);
                }
            }

            return PythonOpponent.Output("crystals_pymatgen.py", "pymatgen, spglib and ase", "", list, folder, subject) is { } output ? JsonDocument.Parse(output).RootElement : null;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}

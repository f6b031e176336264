using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using Polymorph.Foundation;
using Polymorph.Structures;
using Polymorph.Structures.Formats;
using Polymorph.Structures.Symmetry;

namespace Polymorph.Benchmarks;

/// <summary>Crystals of MP-20 (validation split) from the reference data beside the checkout, and the opponents that work on the same ones.</summary>
internal static class BenchmarkCrystals
{
    public static List<Structure> Read(int count)
    {
        string file = Path.Combine(StudyData.SharedFolder ?? throw new PolymorphException("PM1900", "the reference data are missing: the study needs the folder 'shared' beside the checkout"),
            "data", "mp_20", "val_partial.jsonl.gz");
        using var reader = new StreamReader(new GZipStream(File.OpenRead(file), CompressionMode.Decompress));
        var crystals = new List<Structure>();
        while (crystals.Count < count && reader.ReadLine() is { } line)
        {
            using var record = JsonDocument.Parse(line);
            double[] cell = [.. record.RootElement.GetProperty("cell").EnumerateArray().Select(v => v.GetDouble())];
            var lattice = Lattice.FromParameters(new(cell[0], cell[1], cell[2]), Math.PI / 180 * new Vector3D(cell[3], cell[4], cell[5]));
            crystals.Add(new Structure(
                [.. record.RootElement.GetProperty("z").EnumerateArray().Select(z => new Element(z.GetInt32()))],
                [.. record.RootElement.GetProperty("x").EnumerateArray().Select(x => lattice.ToCartesian(new(x[0].GetDouble(), x[1].GetDouble(), x[2].GetDouble())))],
                lattice, id: record.RootElement.GetProperty("id").GetString()!));
        }

        return crystals;
    }

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
            File.WriteAllText(list, JsonSerializer.Serialize(crystals.Select(c => new
            {
                lattice = new[] { Row(c.Lattice!.A), Row(c.Lattice.B), Row(c.Lattice.C) },
                z = c.Species.Select(e => e.Number),
                x = c.FractionalPositions.Select(Row),
            })));
            if (subject == "cif")
            {
                for (int i = 0; i < crystals.Count; i++)
                {
                    StructureWriter.WriteSymmetric(Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{i:D4}.cif")), [SymmetryFinder.Find(crystals[i]).AsymmetricUnit]);
                }
            }

            var start = new ProcessStartInfo("/usr/bin/python3", [Script(), list, folder, subject]) { RedirectStandardOutput = true };
            start.Environment["OMP_NUM_THREADS"] = "1";
            using var process = Process.Start(start)!;
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            if (process.ExitCode == 0)
            {
                return JsonDocument.Parse(output).RootElement.Clone();
            }
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // Told below.
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        Console.Error.WriteLine("The opponents did not run: they need /usr/bin/python3 with pymatgen, spglib and ase.");
        return null;
    }

    private static double[] Row(Vector3D v) => [v.X, v.Y, v.Z];

    private static string Script()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string candidate = Path.Combine(folder.FullName, "benchmarks", "opponents", "crystals_pymatgen.py");
            if (File.Exists(candidate))
            {
                return candidate;
            }
        }

        throw new FileNotFoundException("crystals_pymatgen.py");
    }
}

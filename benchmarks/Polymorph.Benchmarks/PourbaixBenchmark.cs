using System.Globalization;
using System.Text.Json;
using Polymorph.Screening.Entries;
using Polymorph.Screening.Pourbaix;

namespace Polymorph.Benchmarks;

/// <summary>Points of a Pourbaix grid per second, for one to three metals. Opponent: pymatgen's PourbaixDiagram.</summary>
internal static class PourbaixBenchmark
{
    private const int Points = 60;
    private const int Repetitions = 5;
    private const int Rounds = 20;

    public static void Run(string[] arguments)
    {
        string path = StudyData.Shared("golden", "screening", "pourbaix.json");
        using var document = JsonDocument.Parse(File.ReadAllText(path));
        foreach (string id in new[] { "pbx-Zn", "pbx-MgMn2", "pbx-Ag-Te-N" })
        {
            One(document.RootElement.GetProperty("systems").EnumerateArray().Single(s => s.GetProperty("id").GetString() == id), id, path);
        }
    }

    private static void One(JsonElement system, string id, string path)
    {
        string part = Path.ChangeExtension(Path.GetTempFileName(), ".json");
        PourbaixEntryFile file;
        try
        {
            File.WriteAllText(part, system.GetRawText());
            file = PourbaixEntryFile.Read(part);
        }
        finally
        {
            File.Delete(part);
        }

        var options = new PourbaixOptions { Concentration = file.Concentration!.Value, FilterSolids = file.FilterSolids!.Value };
        var solid = file.Entries.Single(e => e.Id == system.GetProperty("cases")[0].GetProperty("id").GetString());
        double[] energies = new double[Points * Points], builds = new double[Repetitions], ones = new double[Repetitions], times = new double[Repetitions];
        double[] pH = [.. Enumerable.Range(0, energies.Length).Select(k => 14.0 * (k % Points) / (Points - 1))], potentials = [.. Enumerable.Range(0, energies.Length).Select(k => -2 + 4.0 * (k / Points) / (Points - 1))];
        for (int repetition = -1; repetition < Repetitions; repetition++)
        {
            double start = ThreadClock.Seconds;
            var diagram = new PourbaixDiagram(file.Entries, file.Metals!, options);
            double build = ThreadClock.Seconds - start;
            foreach (int k in Enumerable.Range(0, energies.Length))
            {
                energies[k] = diagram.DecompositionEnergy(solid, pH[k], potentials[k]);
            }

            double one = ThreadClock.Seconds - start - build;
            var map = new PourbaixMap(diagram);
            double mapped = ThreadClock.Seconds - start - build - one;
            for (int i = 0; i < Rounds; i++)
            {
                map.DecompositionEnergies(solid, pH, potentials, energies);
            }

            if (repetition >= 0)
            {
                (builds[repetition], ones[repetition], times[repetition]) = (build + mapped, one, (ThreadClock.Seconds - start - build - one - mapped) / Rounds);
            }
        }

        string name = id.Replace("pbx-", "pourbaix-", StringComparison.Ordinal);
        double rate = energies.Length / Figure.Median(times);
        Figure.Print($"{name}-points", rate, "points/s/core");
        Figure.Print($"{name}-single-points", energies.Length / Figure.Median(ones), "points/s/core");
        if (PythonOpponent.Output("pourbaix_pymatgen.py", "pymatgen", "", path, id, Points.ToString(CultureInfo.InvariantCulture)) is { } output)
        {
            using var theirAnswer = JsonDocument.Parse(output);
            var answer = theirAnswer.RootElement;
            double worst = energies.Zip(answer.GetProperty("energies").EnumerateArray()).Max(pair => Math.Abs(pair.First - pair.Second.GetDouble()));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"largest difference {worst:E1} eV/atom"));
            Figure.Print($"{name}-points-over-pymatgen", rate / answer.GetProperty("points_per_second").GetDouble(), "times");
            Figure.Print($"{name}-build-over-pymatgen", answer.GetProperty("build_seconds").GetDouble() / Figure.Median(builds), "times");
        }
    }
}

using System.Diagnostics;
using System.Text.Json;
using Polymorph.Structures;
using Polymorph.Structures.Matching;

namespace Polymorph.Benchmarks;

/// <summary>Runs pymatgen's matcher on the same crystals.</summary>
internal static class MatchOpponent
{
    /// <summary>Its answers and times, or null where it is not installed.</summary>
    public static JsonElement? Run((Structure A, Structure B)[] pairs, Structure[] group, MatchOptions options)
    {
        string? script = Script();
        if (script is null || !File.Exists("/usr/bin/python3"))
        {
            return null;
        }

        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, JsonSerializer.Serialize(new
            {
                setting = new[] { options.LengthTolerance, options.SiteTolerance, options.AngleToleranceDegrees },
                pairs = pairs.Select(p => new[] { Crystal(p.A), Crystal(p.B) }),
                group = group.Select(Crystal),
            }));
            var start = new ProcessStartInfo("/usr/bin/python3", [script, file]) { RedirectStandardOutput = true };
            start.Environment["OMP_NUM_THREADS"] = "1";
            using var process = Process.Start(start)!;
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            if (process.ExitCode == 0)
            {
                return JsonDocument.Parse(output).RootElement;
            }

            Console.Error.WriteLine("The opponent did not run: it needs /usr/bin/python3 with pymatgen.");
            return null;
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static object Crystal(Structure s) => new
    {
        lattice = new[] { Row(s.Lattice!.A), Row(s.Lattice.B), Row(s.Lattice.C) },
        z = s.Species.Select(e => e.Number),
        x = s.FractionalPositions.Select(Row),
    };

    private static double[] Row(Vector3D v) => [v.X, v.Y, v.Z];

    private static string? Script()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string candidate = Path.Combine(folder.FullName, "benchmarks", "opponents", "match_pymatgen.py");
            if (File.Exists(candidate))
            {
                return candidate;
            }
        }

        return null;
    }
}

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
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, JsonSerializer.Serialize(new
            {
                setting = new[] { options.LengthTolerance, options.SiteTolerance, options.AngleToleranceDegrees },
                pairs = pairs.Select(p => new[] { PythonOpponent.Crystal(p.A), PythonOpponent.Crystal(p.B) }),
                group = group.Select(PythonOpponent.Crystal),
            }));
            return PythonOpponent.Output("match_pymatgen.py", "pymatgen", "", file) is { } output ? JsonDocument.Parse(output).RootElement : null;
        }
        finally
        {
            File.Delete(file);
        }
    }
}

using System.Globalization;
using System.Text.Json;
using Polymorph.Structures;
using Polymorph.Testing;

namespace Polymorph.Selection.Tests.Metrics;

/// <summary>Numbers that other programs give for the same structures.</summary>
internal static class PythonCrystals
{
    /// <summary>Runs a script on structures: <c>data</c> is a list of objects with <c>cell</c> (rows, or null), <c>z</c>, <c>r</c> (Å); it prints one number per line, or None.</summary>
    public static double?[] Ask(string script, IEnumerable<string> modules, IEnumerable<Structure> structures)
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, JsonSerializer.Serialize(structures.Select(s => new
            {
                cell = s.Lattice is { } l ? new[] { Row(l.A), Row(l.B), Row(l.C) } : null,
                z = s.Species.Select(e => e.Number),
                r = s.Positions.Select(Row),
            })));
            string output = ExternalProgram.Python($"import json, sys\ndata = json.load(open(sys.argv[1]))\n{script}", modules, path);
            return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Trim() == "None" ? (double?)null : double.Parse(line, CultureInfo.InvariantCulture))];
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static double[] Row(Vector3D v) => [v.X, v.Y, v.Z];
}

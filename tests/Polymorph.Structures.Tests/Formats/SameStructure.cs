using System.Globalization;
using System.Text.Json;

namespace Polymorph.Structures.Tests.Formats;

/// <summary>Compares a structure with what another program says: <c>z</c>, <c>r</c>, <c>cell</c>, <c>pbc</c>.</summary>
internal static class SameStructure
{
    public static void Assert(JsonElement expected, Structure actual, double tolerance)
    {
        Xunit.Assert.Equal(expected.GetProperty("z").EnumerateArray().Select(z => z.GetInt32()), actual.Species.Select(e => e.Number));
        Xunit.Assert.Equal(expected.GetProperty("pbc").EnumerateArray().Select(p => p.GetBoolean()), [actual.Periodicity.A, actual.Periodicity.B, actual.Periodicity.C]);
        foreach (var (row, index) in Rows(expected, "cell").Select((row, index) => (row, index)))
        {
            // A vector of length zero stands for none along that axis.
            if (row != default)
            {
                Close(row, actual.Lattice![index], tolerance);
            }
        }

        var positions = Rows(expected, "r");
        Xunit.Assert.Equal(positions.Length, actual.AtomCount);
        for (int i = 0; i < positions.Length; i++)
        {
            Close(positions[i], actual.Positions[i], tolerance);
        }
    }

    private static void Close(Vector3D a, Vector3D b, double tolerance) =>
        Xunit.Assert.True((a - b).Length <= tolerance, string.Create(CultureInfo.InvariantCulture, $"{a} and {b} differ by {(a - b).Length}"));

    private static Vector3D[] Rows(JsonElement frame, string name) =>
        [.. frame.GetProperty(name).EnumerateArray().Select(r => new Vector3D(r[0].GetDouble(), r[1].GetDouble(), r[2].GetDouble()))];
}

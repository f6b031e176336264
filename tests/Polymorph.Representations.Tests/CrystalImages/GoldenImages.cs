using System.Collections.Immutable;
using System.Text.Json;
using Polymorph.Structures;
using Polymorph.Testing;
using Xunit;

namespace Polymorph.Representations.Tests.CrystalImages;

/// <summary>Reads the golden vectors of crystal images: numbers of the published code.</summary>
internal static class GoldenImages
{
    public static JsonElement Representation => ReferenceData.Json("golden/crystal-gan/representation.json");

    public static double[] Flat(JsonElement rows) => [.. rows.EnumerateArray().SelectMany(r => r.ValueKind == JsonValueKind.Array ? Flat(r) : [r.GetDouble()])];

    public static Vector3D Vector(JsonElement numbers) => new(numbers[0].GetDouble(), numbers[1].GetDouble(), numbers[2].GetDouble());

    public static int[] Whole(JsonElement numbers) => [.. numbers.EnumerateArray().Select(n => n.GetInt32())];

    public static Structure Structure(JsonElement golden)
    {
        var cell = golden.GetProperty("lattice");
        var lattice = new Lattice(Vector(cell[0]), Vector(cell[1]), Vector(cell[2]));
        ImmutableArray<Element> species = [.. golden.GetProperty("species").EnumerateArray().Select(s => Element.Parse(s.GetString()!))];
        return new Structure(species, [.. golden.GetProperty("frac").EnumerateArray().Select(f => lattice.ToCartesian(Vector(f)))], lattice);
    }

    /// Stored coordinates are equal when they differ by whole cells: one cell is 2/3.
    public static void AssertImage(double[] expected, ReadOnlySpan<double> actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            double difference = actual[i] - expected[i];
            bool isZeroRow = expected[3 * (i / 3)] == 0 && expected[3 * (i / 3) + 1] == 0;
            double cells = i < 6 || isZeroRow ? 0 : Math.Round(difference * 1.5) / 1.5;
            Assert.True(Math.Abs(difference - cells) <= tolerance, $"number {i}: {expected[i]:R} expected, {actual[i]:R} came");
        }
    }
}

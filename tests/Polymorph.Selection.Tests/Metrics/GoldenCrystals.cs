using System.Text.Json;
using Polymorph.Representations.Fingerprints;
using Polymorph.Selection.Metrics;
using Polymorph.Structures;

namespace Polymorph.Selection.Tests.Metrics;

/// <summary>Crystals of the reference files.</summary>
internal static class GoldenCrystals
{
    /// <summary>A record with <c>cell</c> (Å, degrees), <c>z</c> and <c>x</c>.</summary>
    public static Structure Read(JsonElement entry)
    {
        double[] cell = [.. entry.GetProperty("cell").EnumerateArray().Select(n => n.GetDouble())];
        var lattice = Lattice.FromParameters(new(cell[0], cell[1], cell[2]), new(Radians(cell[3]), Radians(cell[4]), Radians(cell[5])));
        return new Structure(
            [.. entry.GetProperty("z").EnumerateArray().Select(z => new Element(z.GetInt32()))],
            [.. entry.GetProperty("x").EnumerateArray().Select(x => lattice.ToCartesian(new(x[0].GetDouble(), x[1].GetDouble(), x[2].GetDouble())))],
            lattice);
    }

    public static FingerprintPair Fingerprints(Structure structure) => new(new CrystalFingerprint().Of(structure), CompositionFingerprint.Scaled(structure.Composition));

    private static double Radians(double degrees) => degrees * Math.PI / 180;
}

using System.Collections.Immutable;
using System.Globalization;
using Polymorph.Testing;

namespace Polymorph.Structures.Tests.Bonds;

/// <summary>The geometries that the LoGAN study published, read just far enough for these tests.</summary>
internal static class PublishedMolecules
{
    public static IReadOnlyList<Structure> Targets => Read("data/logan/C5H12O_ground_truth.extxyz");

    public static IReadOnlyList<Structure> Training => Read("data/logan/C5H12O_training.extxyz");

    public static string[] TargetSmiles => File.ReadAllText(ReferenceData.PathOf("data/logan/C5H12O_ground_truth.smi")).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    private static List<Structure> Read(string path)
    {
        var result = new List<Structure>();
        string[] lines = File.ReadAllLines(ReferenceData.PathOf(path));
        for (int at = 0; at < lines.Length && lines[at].Trim().Length > 0;)
        {
            int count = int.Parse(lines[at], CultureInfo.InvariantCulture);
            var rows = lines.Skip(at + 2).Take(count).Select(line => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).ToList();
            result.Add(new Structure(
                [.. rows.Select(r => Element.Parse(r[0]))],
                [.. rows.Select(r => new Vector3D(Number(r[1]), Number(r[2]), Number(r[3])))]));
            at += count + 2;
        }

        return result;

        static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
    }
}

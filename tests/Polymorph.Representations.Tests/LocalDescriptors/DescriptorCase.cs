using System.Collections.Immutable;
using System.Text.Json;
using Polymorph.Representations.LocalDescriptors;
using Polymorph.Structures;
using Polymorph.Testing;

namespace Polymorph.Representations.Tests.LocalDescriptors;

/// <summary>One golden case: the published LoGAN descriptor code in double precision (golden/logan/README.md).</summary>
internal sealed record DescriptorCase(
    Structure Structure, int[] Types, int TypeCount, PowerSpectrumOptions Options, (int, int, int) Multiples, double[][] Descriptors, double[][] Gradient)
{
    private static readonly string[] Files = ["water", "c4h10o_0", "c4h10o_1", "c5h12o", "sio2_quartz", "sio2_mp-546794"];

    public static readonly Lazy<DescriptorCase[]> All = new(() => [.. Files.SelectMany(Read)]);

    /// <summary>dL/ddescriptor of the functional that the golden gradients belong to.</summary>
    public double[][] FunctionalGradient =>
        [.. Descriptors.Select((row, i) => row.Select((_, k) => Math.Cos(0.37 + 1.91 * i + 0.73 * k)).ToArray())];

    public override string ToString() =>
        $"{Structure.Id} {Options.Radial} n_max {Options.MaximumOrder} r_c {Options.CutoffRadius} N {Options.NeighbourCount}";

    private static IEnumerable<DescriptorCase> Read(string name)
    {
        var file = ReferenceData.Json($"golden/logan/{name}.json");
        double[][] cell = Matrix(file.GetProperty("cell"));
        var lattice = file.GetProperty("periodic").GetBoolean() ? new Lattice(Vector(cell[0]), Vector(cell[1]), Vector(cell[2])) : null;
        int[] types = [.. file.GetProperty("types").EnumerateArray().Select(t => t.GetInt32())];
        var structure = new Structure(
            [.. file.GetProperty("symbols").EnumerateArray().Select(s => Element.Parse(s.GetString()!))],
            [.. Matrix(file.GetProperty("positions")).Select(Vector)], lattice, id: name);
        int typeCount = file.GetProperty("type_atomic_numbers").GetArrayLength();
        foreach (var c in file.GetProperty("cases").EnumerateArray())
        {
            var options = new PowerSpectrumOptions
            {
                Radial = Enum.Parse<RadialBasis>(c.GetProperty("radial").GetString()!, ignoreCase: true),
                CutoffRadius = c.GetProperty("r_cut").GetDouble(),
                MaximumOrder = c.GetProperty("n_max").GetInt32(),
                NeighbourCount = c.GetProperty("n_neigh").GetInt32(),
            };
            int[] m = [.. c.GetProperty("mult").EnumerateArray().Select(v => v.GetInt32())];
            yield return new(structure, types, typeCount, options, (m[0], m[1], m[2]), Matrix(c.GetProperty("desc")), Matrix(c.GetProperty("grad")));
        }
    }

    private static double[][] Matrix(JsonElement rows) =>
        [.. rows.EnumerateArray().Select(row => row.EnumerateArray().Select(v => v.GetDouble()).ToArray())];

    private static Vector3D Vector(double[] v) => new(v[0], v[1], v[2]);
}

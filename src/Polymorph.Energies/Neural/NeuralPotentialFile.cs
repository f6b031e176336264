using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Polymorph.Foundation;
using Polymorph.Learning.Safetensors;
using Polymorph.Structures;

namespace Polymorph.Energies.Neural;

/// <summary>A potential on disk: one safetensors file with form, elements, reference energies, means and scales, and the members' weights as 2- or 4-byte numbers.</summary>
public static class NeuralPotentialFile
{
    private const string Format = "polymorph.neural-potential/1";
    private static readonly string[] OwnKeys = ["format", "method", "elements", "form"];

    /// <summary>Writes a potential, atomically.</summary>
    /// <param name="potential">The potential.</param>
    /// <param name="path">The file to create or replace.</param>
    /// <param name="half">Store the networks' weights in 2 bytes: half the size, relative error 2.5e-4 per weight.</param>
    public static void Save(NeuralPotential potential, string path, bool half = false)
    {
        ArgumentNullException.ThrowIfNull(potential);
        int elements = potential.Options.Elements.Length;
        var tensors = new Dictionary<string, Tensor>
        {
            ["referenceEnergies"] = new([elements], potential.ReferenceEnergies, IsDouble: true),
            ["standard"] = new([elements, 2, potential.FeatureCount], potential.Standard, IsDouble: false),
        };
        for (int m = 0; m < potential.MemberCount; m++)
        {
            var member = potential.Members[m];
            tensors[$"member.{m}.weights"] = Of(member.Weights, half);
            if (member.MessageStandard.Length > 0)
            {
                tensors[$"member.{m}.messageStandard"] = Of(member.MessageStandard, half: false);
            }
        }

        var metadata = potential.Metadata.ToDictionary(m => m.Key, m => m.Value);
        metadata["format"] = Format;
        metadata["method"] = potential.Method;
        metadata["elements"] = string.Join(' ', potential.Options.Elements.Select(e => e.Symbol));
        metadata["form"] = NeuralJson.Write(potential.Options);
        new SafetensorsFile(tensors, metadata).Write(path);
    }

    /// <summary>Reads a potential.</summary>
    /// <param name="path">A file that <see cref="Save"/> wrote.</param>
    /// <exception cref="PolymorphException">PM4101 to PM4103: unreadable or damaged; PM6143: not a neural potential.</exception>
    public static NeuralPotential Load(string path) => From(SafetensorsFile.Read(path), path);

    /// <summary>Reads a potential from memory.</summary>
    /// <param name="bytes">Content of a file.</param>
    /// <param name="name">Its name for messages.</param>
    /// <exception cref="PolymorphException">PM4102, PM4103: damaged; PM6143: not a neural potential.</exception>
    public static NeuralPotential Parse(byte[] bytes, string name) => From(SafetensorsFile.Parse(bytes, name), name);

    private static Tensor Of(float[] values, bool half) => new([values.Length], [.. values.Select(v => (double)v)], IsDouble: false) { IsHalf = half };

    private static NeuralPotential From(SafetensorsFile file, string place)
    {
        try
        {
            string format = file.Metadata.GetValueOrDefault("format") ?? "none";
            if (format != Format)
            {
                throw new FormatException($"its format is '{format}', not '{Format}'");
            }

            var options = NeuralJson.ReadForm(file.Metadata["form"]) with { Elements = [.. file.Metadata["elements"].Split(' ').Select(Element.Parse)] };
            int members = file.Tensors.Keys.Count(k => k.EndsWith(".weights", StringComparison.Ordinal));
            var committee = Enumerable.Range(0, members).Select(m => new NeuralMember(
                Finite(file.Tensors[$"member.{m}.weights"]), file.Tensors.TryGetValue($"member.{m}.messageStandard", out var standard) ? Finite(standard) : []));
            var provenance = file.Metadata.Where(m => !OwnKeys.Contains(m.Key)).ToImmutableSortedDictionary(StringComparer.Ordinal);
            return new NeuralPotential(options, file.Metadata["method"], [.. committee], file.Tensors["standard"].Values, file.Tensors["referenceEnergies"].Values, provenance);
        }
        catch (Exception e) when (e is FormatException or KeyNotFoundException or ArgumentException or JsonException or OverflowException)
        {
            throw new PolymorphException("PM6143", $"not a neural potential that can be used here: {e.Message}", place, "Use a file that 'polymorph potential train' wrote.", inner: e);
        }
    }

    private static float[] Finite(Tensor tensor) => Array.TrueForAll(tensor.Values, double.IsFinite)
        ? [.. tensor.Values.Select(v => (float)v)]
        : throw new FormatException("a weight is not a finite number");
}

using System.Collections.Immutable;
using System.Text.Json;
using Polymorph.Foundation;
using Polymorph.Learning.PortableTensors;
using Polymorph.Structures;

namespace Polymorph.Energies.TensorNet;

/// <summary>The parameters of a TensorNet potential, read from a portable tensor file.</summary>
internal sealed class TensorNetWeights
{
    private const string NextStep = "Give the manifest of a TensorNet potential, such as tensornet-matpes-pbe-2025.1.json.";

    private readonly int[] _speciesIndex = new int[Element.Count + 1];

    /// <summary>Reads a manifest and its binary.</summary>
    /// <exception cref="PolymorphException">PM4111, PM4112, PM4113: the files; PM6100: weights of another potential, or settings this code does not know.</exception>
    public TensorNetWeights(string manifestPath)
    {
        var file = PortableTensorFile.Read(manifestPath);
        Name = Path.GetFileNameWithoutExtension(manifestPath);
        try
        {
            var settings = file.Manifest.GetProperty("hyperparameters");
            Demand(file.Manifest.GetProperty("model").GetString() == "TensorNet", manifestPath, $"the model is '{file.Manifest.GetProperty("model")}' and not TensorNet");
            Demand(settings.GetProperty("group").GetString() == "O(3)", manifestPath, $"the group is {settings.GetProperty("group")}; O(3) is expected");
            Demand(settings.GetProperty("radial_functions").GetInt32() == RadialFunctions.Count, manifestPath, $"{settings.GetProperty("radial_functions")} radial functions; {RadialFunctions.Count} are expected");
            Channels = settings.GetProperty("channels").GetInt32();
            Demand(Channels is > 0 and <= 1024 && Channels % 16 == 0, manifestPath, $"{Channels} channels; a multiple of 16 is expected");
            int blocks = settings.GetProperty("blocks").GetInt32();
            Demand(blocks is >= 0 and <= 16, manifestPath, $"{blocks} blocks");
            double cutoff = settings.GetProperty("cutoff").GetDouble(), epsilon = settings.GetProperty("layer_norm_epsilon").GetDouble();
            Demand(cutoff is > 0.5 and < 50 && epsilon > 0, manifestPath, $"a cutoff of {cutoff} Å, ε of {epsilon}");
            Radial = new RadialFunctions(cutoff);
            EnergyScale = settings.GetProperty("energy_scale").GetDouble();
            EnergyShift = settings.GetProperty("energy_shift").GetDouble();
            Elements = [.. file.Manifest.GetProperty("elements").EnumerateArray().Select(e => Element.Parse(e.GetString() ?? ""))];
            ElementEnergies = [.. file.Manifest.GetProperty("element_reference_energies_ev").EnumerateArray().Select(e => e.GetDouble())];
            Demand(ElementEnergies.Length == Elements.Length && Elements.Distinct().Count() == Elements.Length, manifestPath, "elements and their reference energies do not match");

            int c = Channels;
            Species = file.Values("embed.species", Elements.Length, c);
            Pair = new AffineMap(file, "embed.pair", 2 * c, c);
            Distance = [.. "IAS".Select(part => new AffineMap(file, $"embed.radial{part}", RadialFunctions.Count, c))];
            EmbedMix = Maps(file, "embed.mix", c);
            EmbedNorm = new LayerNormalisation(file, "embed.norm", c, epsilon);
            EmbedScalar = [new(file, "embed.scalar0", c, 2 * c), new(file, "embed.scalar1", 2 * c, 3 * c)];
            Blocks = [.. Enumerable.Range(0, blocks).Select(b => new Block(
                [new(file, $"block{b}.scalar0", RadialFunctions.Count, c), new(file, $"block{b}.scalar1", c, 2 * c), new(file, $"block{b}.scalar2", 2 * c, 3 * c)],
                Maps(file, $"block{b}.pre", c),
                Maps(file, $"block{b}.post", c)))];
            OutNorm = new LayerNormalisation(file, "out.norm", 3 * c, epsilon);
            OutLinear = new AffineMap(file, "out.linear", 3 * c, c);
            Value = [.. Enumerable.Range(0, 4).Select(t => new AffineMap(file, $"readout.value{t}", c, t < 3 ? c : 1))];
            Gate = [.. Enumerable.Range(0, 4).Select(t => new AffineMap(file, $"readout.gate{t}", c, t < 3 ? c : 1))];
        }
        catch (Exception e) when (e is InvalidOperationException or KeyNotFoundException or FormatException or JsonException)
        {
            throw Other(manifestPath, e.Message, e);
        }

        Array.Fill(_speciesIndex, -1);
        for (int z = 0; z < Elements.Length; z++)
        {
            _speciesIndex[Elements[z].Number] = z;
        }
    }

    /// <summary>The file's name without its ending: the name of the method.</summary>
    public string Name { get; }

    /// <summary>C.</summary>
    public int Channels { get; }

    /// <summary>Radial basis and envelope, with the cutoff.</summary>
    public RadialFunctions Radial { get; }

    /// <summary>Elements in the order of the species index z.</summary>
    public ImmutableArray<Element> Elements { get; }

    /// <summary>Reference energy of each species, eV.</summary>
    public double[] ElementEnergies { get; }

    /// <summary>eV per unit of an atom's output.</summary>
    public double EnergyScale { get; }

    /// <summary>Added once per structure, eV.</summary>
    public double EnergyShift { get; }

    /// <summary>Embedding of each species, [elements × C].</summary>
    public float[] Species { get; }

    /// <summary>Z of an edge from its two species, 2C → C; the source first.</summary>
    public AffineMap Pair { get; }

    /// <summary>w of I, A and S from the radial basis, 3 → C.</summary>
    public AffineMap[] Distance { get; }

    /// <summary>Channel mixings of the embedding.</summary>
    public PartMaps EmbedMix { get; }

    /// <summary>Normalisation before <see cref="EmbedScalar"/>.</summary>
    public LayerNormalisation EmbedNorm { get; }

    /// <summary>C → 2C → 3C.</summary>
    public AffineMap[] EmbedScalar { get; }

    /// <summary>Interaction blocks.</summary>
    public Block[] Blocks { get; }

    /// <summary>Normalisation of the readout, 3C.</summary>
    public LayerNormalisation OutNorm { get; }

    /// <summary>3C → C.</summary>
    public AffineMap OutLinear { get; }

    /// <summary>C → C → C → C → 1.</summary>
    public AffineMap[] Value { get; }

    /// <summary>C → C → C → C → 1.</summary>
    public AffineMap[] Gate { get; }

    /// <summary>z of an element, or −1.</summary>
    public int IndexOf(Element element) => _speciesIndex[element.Number];

    private static PartMaps Maps(PortableTensorFile file, string name, int c) =>
        new(new(file, $"{name}I", c, c, hasBias: false), new(file, $"{name}A", c, c, hasBias: false), new(file, $"{name}S", c, c, hasBias: false));

    private static void Demand(bool condition, string path, string reason)
    {
        if (!condition)
        {
            throw Other(path, reason);
        }
    }

    private static PolymorphException Other(string path, string reason, Exception? inner = null) =>
        new("PM6100", $"not the weights of a TensorNet potential: {reason}", path, NextStep, inner: inner);

    /// <summary>Parameters of an interaction block.</summary>
    /// <param name="Scalars">Edge perceptron 3 → C → 2C → 3C.</param>
    /// <param name="Before">Mixings of the messages' source.</param>
    /// <param name="After">Mixings of the update.</param>
    internal sealed record Block(AffineMap[] Scalars, PartMaps Before, PartMaps After);
}

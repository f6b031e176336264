using System.Collections.Immutable;
using System.Text.Json;
using Polymorph.Foundation;
using Polymorph.Learning.PortableTensors;
using Polymorph.Structures;

namespace Polymorph.Energies.Ani;

/// <summary>Everything a weight file of ANI says: elements, descriptor, networks of all members, energies of free atoms.</summary>
internal sealed class AniModel
{
    private const int LargestMemberCount = 64;
    private const int LargestWidth = 4096;

    private AniModel(JsonElement manifest, PortableTensorFile file)
    {
        Method = Path.GetFileNameWithoutExtension(manifest.GetProperty("binary").GetString()!);
        Elements = [.. manifest.GetProperty("elements").EnumerateArray().Select(e => Element.Parse(e.GetString() ?? ""))];
        SelfEnergies = Numbers(manifest, "self_energies_hartree");
        HartreeEV = Positive(manifest, "hartree_to_ev");
        var activation = manifest.GetProperty("activation");
        Alpha = Positive(activation, "alpha");
        int members = manifest.GetProperty("members").GetInt32();
        Require(activation.GetProperty("kind").GetString() == "CELU", "its activation is not CELU");
        Require(Elements.Length is > 0 and <= 64 && Elements.Distinct().Count() == Elements.Length && SelfEnergies.Length == Elements.Length, "it must name each element once and give its self-energy");
        Require(members is > 0 and <= LargestMemberCount, $"it has {members} members");
        Symmetry = ReadSymmetry(manifest.GetProperty("descriptor"));
        var sizes = manifest.GetProperty("layer_sizes");
        Networks = [.. Elements.Select(e => ReadNetwork(sizes.GetProperty(e.Symbol), e, members, file))];
    }

    /// <summary>Name of the method: the weight file's.</summary>
    public string Method { get; }

    /// <summary>Elements in the order of the descriptor.</summary>
    public ImmutableArray<Element> Elements { get; }

    /// <summary>Energies of the free atoms, hartree, by element.</summary>
    public ImmutableArray<double> SelfEnergies { get; }

    /// <summary>One hartree in eV.</summary>
    public double HartreeEV { get; }

    /// <summary>α of the activation CELU(x) = x above 0, α (exp(x/α) − 1) below.</summary>
    public double Alpha { get; }

    /// <summary>The descriptor.</summary>
    public AniSymmetryFunctions Symmetry { get; }

    /// <summary>Networks by element.</summary>
    public ImmutableArray<AniNetwork> Networks { get; }

    /// <summary>Number of members of the ensemble.</summary>
    public int MemberCount => Networks[0].Members.Length;

    /// <summary>Reads a manifest and its binary.</summary>
    /// <param name="manifestPath">The <c>.json</c> file.</param>
    /// <exception cref="PolymorphException">PM6120: weights of another model, or a manifest that contradicts itself; PM4111, PM4112, PM4113: see <see cref="PortableTensorFile"/>.</exception>
    public static AniModel Read(string manifestPath)
    {
        var file = PortableTensorFile.Read(manifestPath);
        try
        {
            string? model = file.Manifest.GetProperty("model").GetString();
            Require(model == "ANI", $"the model is '{model}'");
            return new AniModel(file.Manifest, file);
        }
        catch (Exception e) when (e is FormatException or KeyNotFoundException or InvalidOperationException)
        {
            throw new PolymorphException("PM6120", $"these are not weights of ANI: {e.Message}", manifestPath, "Give the manifest of ANI-1ccx or ANI-2x.");
        }
    }

    private static AniSymmetryFunctions ReadSymmetry(JsonElement descriptor)
    {
        var result = new AniSymmetryFunctions
        {
            Rcr = Positive(descriptor, "Rcr"),
            Rca = Positive(descriptor, "Rca"),
            EtaR = Only(descriptor, "EtaR"),
            ShfR = Numbers(descriptor, "ShfR"),
            Zeta = Only(descriptor, "Zeta"),
            ShfZ = Numbers(descriptor, "ShfZ"),
            EtaA = Only(descriptor, "EtaA"),
            ShfA = Numbers(descriptor, "ShfA"),
        };
        Require(result.Rca <= result.Rcr && result.Rcr < 100, "its cutoffs are not 0 < Rca ≤ Rcr");
        Require(result.Zeta >= 2, "its Zeta is below 2");
        Require(result.ShfR.Length == AniSymmetryFunctions.RadialBlock, $"it has {result.ShfR.Length} radial functions, not {AniSymmetryFunctions.RadialBlock}");
        Require(result.ShfA.Length * result.ShfZ.Length == AniSymmetryFunctions.AngularBlock, $"it has {result.ShfA.Length} × {result.ShfZ.Length} angular functions, not {AniSymmetryFunctions.AngularBlock} in all");
        return result;
    }

    private AniNetwork ReadNetwork(JsonElement sizes, Element element, int members, PortableTensorFile file)
    {
        ImmutableArray<int> widths = [.. sizes.EnumerateArray().Select(s => s.GetInt32())];
        Require(widths is [_, _, _, _, 1] && widths[0] == AniSymmetryFunctions.Length(Elements.Length), $"the layers of {element} are not descriptor, three hidden ones, 1");
        Require(widths[1..4].All(w => w is > 0 and <= LargestWidth && w % 16 == 0), $"a hidden layer of {element} is not a multiple of 16 wide");
        return new AniNetwork(widths, [.. Enumerable.Range(0, members).Select(Member)]);

        ImmutableArray<AniLayer> Member(int member) =>
            [.. Enumerable.Range(0, widths.Length - 1).Select(layer => new AniLayer(
                file.Values($"member{member}.{element}.layer{layer}.weight", widths[layer + 1], widths[layer]),
                file.Values($"member{member}.{element}.layer{layer}.bias", widths[layer + 1])))];
    }

    private static ImmutableArray<double> Numbers(JsonElement parent, string name) => [.. parent.GetProperty(name).EnumerateArray().Select(v => v.GetDouble())];

    private static double Only(JsonElement parent, string name)
    {
        var values = Numbers(parent, name);
        Require(values.Length == 1 && values[0] > 0, $"'{name}' is not one positive number");
        return values[0];
    }

    private static double Positive(JsonElement parent, string name)
    {
        double value = parent.GetProperty(name).GetDouble();
        Require(value > 0, $"'{name}' is not a positive number");
        return value;
    }

    private static void Require(bool condition, string reason)
    {
        if (!condition)
        {
            throw new FormatException(reason);
        }
    }
}

using System.Collections.Immutable;
using System.Text.Json;
using Polymorph.Structures;

namespace Polymorph.Energies.Classical;

/// <summary>Published parameters of a classical potential, from an embedded file that names its source.</summary>
internal sealed class ParameterTable
{
    private readonly JsonElement _root;

    private ParameterTable(JsonElement root)
    {
        _root = root;
        Elements = [.. root.GetProperty("elements").EnumerateObject().Select(e => Structures.Element.Parse(e.Name))];
    }

    /// <summary>Elements in the order of the table.</summary>
    public ImmutableArray<Element> Elements { get; }

    /// <summary>The embedded table of a method.</summary>
    /// <param name="method">Its name.</param>
    public static ParameterTable Of(string method)
    {
        using var stream = typeof(ParameterTable).Assembly.GetManifestResourceStream(method + ".json")!;
        using var document = JsonDocument.Parse(stream);
        return new ParameterTable(document.RootElement.Clone());
    }

    /// <summary>A number of the whole potential.</summary>
    public double Number(string name) => _root.GetProperty(name).GetDouble();

    /// <summary>A number of each element, [elements].</summary>
    public double[] OfElements(string name) => [.. Elements.Select(e => _root.GetProperty("elements").GetProperty(e.Symbol).GetProperty(name).GetDouble())];

    /// <summary>A number of each pair, [elements × elements], symmetric.</summary>
    public double[] OfPairs(string name)
    {
        var pairs = _root.GetProperty("pairs");
        return [.. from a in Elements from b in Elements select (pairs.TryGetProperty($"{a}-{b}", out var pair) ? pair : pairs.GetProperty($"{b}-{a}")).GetProperty(name).GetDouble()];
    }

    /// <summary>A number of the angle whose ends are one element and whose centre is another, [centres × ends]; 0 for angles the table does not have.</summary>
    public double[] OfBends(string name)
    {
        var bends = _root.GetProperty("bends");
        return [.. from centre in Elements from end in Elements select bends.TryGetProperty($"{end}-{centre}-{end}", out var bend) ? bend.GetProperty(name).GetDouble() : 0];
    }
}

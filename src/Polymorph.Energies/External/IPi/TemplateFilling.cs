using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Polymorph.Foundation;
using Polymorph.Structures;

namespace Polymorph.Energies.External.IPi;

/// <summary>Puts a structure and the server's address in the places of a template. Other braces than the placeholders' stay as they are.</summary>
/// <remarks>
/// <para><c>{socket}</c> name of the UNIX socket, or the host; <c>{port}</c> TCP port (31415 with a UNIX socket, where some inputs want a number);
/// <c>{program}</c>, <c>{python}</c> paths of what the template needs; <c>{structure}</c> name of an extended XYZ file with the structure;
/// <c>{templates}</c> folder of the template's own file; <c>{atoms}</c>, <c>{types}</c> numbers of atoms and of elements; <c>{species}</c> symbols of the elements in the order of their first atoms;
/// <c>{a}</c>, <c>{b}</c>, <c>{c}</c> lattice vectors, Å, and <c>{a.x}</c> ... <c>{c.z}</c> their components.</para>
/// <para>Lines between <c>{for species}</c> and <c>{end}</c> are repeated for each element, with <c>{symbol}</c>, <c>{number}</c>, <c>{mass}</c> and <c>{type}</c> (from 1);
/// between <c>{for atoms}</c> and <c>{end}</c> for each atom, with these and <c>{index}</c> (from 1), <c>{x}</c>, <c>{y}</c>, <c>{z}</c>.
/// Lines between <c>{if unix}</c>, <c>{if tcp}</c>, <c>{if periodic}</c> or <c>{if molecule}</c> and <c>{end}</c> stand only then.</para>
/// </remarks>
internal sealed partial class TemplateFilling
{
    private readonly Structure _structure;
    private readonly Element[] _species;
    private readonly Dictionary<string, string> _values;
    private readonly HashSet<string> _conditions;

    /// <summary>What a structure and an address put in the places.</summary>
    /// <param name="template">The template.</param>
    /// <param name="structure">The structure as the client sees it, with a cell.</param>
    /// <param name="address">The server's.</param>
    /// <param name="program">Path of the program, or empty.</param>
    /// <param name="python">Path of the interpreter, or empty.</param>
    public TemplateFilling(ClientTemplate template, Structure structure, IPiAddress address, string program, string python)
    {
        _structure = structure;
        _species = [.. structure.Species.Distinct()];
        _conditions = [address.IsUnix ? "unix" : "tcp", structure.Periodicity.Any ? "periodic" : "molecule"];
        var cell = structure.Lattice!;
        _values = new(StringComparer.Ordinal)
        {
            ["socket"] = address.Host,
            ["port"] = Text(address.Port ?? 31415),
            ["program"] = program,
            ["python"] = python,
            ["structure"] = StructureFile,
            ["templates"] = template.Folder,
            ["atoms"] = Text(structure.AtomCount),
            ["types"] = Text(_species.Length),
            ["species"] = string.Join(' ', _species),
        };
        foreach (var (name, vector) in new[] { ("a", cell.A), ("b", cell.B), ("c", cell.C) })
        {
            (_values[$"{name}.x"], _values[$"{name}.y"], _values[$"{name}.z"]) = (Text(vector.X), Text(vector.Y), Text(vector.Z));
            _values[name] = $"{Text(vector.X)} {Text(vector.Y)} {Text(vector.Z)}";
        }
    }

    /// <summary>Name of the extended XYZ file.</summary>
    public static string StructureFile => "structure.extxyz";

    /// <summary>A text with everything in its place.</summary>
    /// <param name="text">The text with placeholders.</param>
    /// <param name="place">Its name, for messages.</param>
    /// <exception cref="PolymorphException">PM6204: an unknown placeholder or condition, or a block that is not closed.</exception>
    public string Fill(string text, string place)
    {
        var result = new StringBuilder();
        string[] lines = text.Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            if (Block().Match(lines[i]) is not { Success: true } head)
            {
                result.Append(Replace(lines[i], _values, place)).Append(i + 1 < lines.Length ? "\n" : "");
                continue;
            }

            int end = Array.FindIndex(lines, i + 1, line => line.Trim() == "{end}");
            if (end < 0)
            {
                throw TemplateText.Wrong($"the block '{head.Value.Trim()}' has no '{{end}}'", place);
            }

            foreach (var values in Repetitions(head.Groups[1].Value, head.Groups[2].Value, place))
            {
                foreach (string line in lines.AsSpan(i + 1, end - i - 1))
                {
                    result.Append(Replace(line, values, place)).Append('\n');
                }
            }

            i = end;
        }

        return result.ToString();
    }

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Replace(string line, Dictionary<string, string> values, string place) => Placeholder().Replace(line, match =>
        values.TryGetValue(match.Groups[1].Value, out string? value)
            ? value
            : throw TemplateText.Wrong($"'{match.Value}' is no placeholder. {NearestName.Hint(match.Groups[1].Value, values.Keys)}".TrimEnd(), place));

    private IEnumerable<Dictionary<string, string>> Repetitions(string kind, string what, string place) => (kind, what) switch
    {
        ("for", "species") => _species.Select(Of),
        ("for", "atoms") => Enumerable.Range(0, _structure.AtomCount).Select(Of),
        ("if", "unix" or "tcp" or "periodic" or "molecule") => _conditions.Contains(what) ? [_values] : [],
        _ => throw TemplateText.Wrong($"'{{{kind} {what}}}' is no block of a template; there are {{for species}}, {{for atoms}}, {{if unix}}, {{if tcp}}, {{if periodic}} and {{if molecule}}", place),
    };

    private Dictionary<string, string> Of(Element element) => new(_values)
    {
        ["symbol"] = element.Symbol,
        ["number"] = Text(element.Number),
        ["mass"] = Text(element.Mass),
        ["type"] = Text(Array.IndexOf(_species, element) + 1),
    };

    private Dictionary<string, string> Of(int atom)
    {
        var (values, r) = (Of(_structure.Species[atom]), _structure.Positions[atom]);
        (values["index"], values["x"], values["y"], values["z"]) = (Text(atom + 1), Text(r.X), Text(r.Y), Text(r.Z));
        return values;
    }

    [GeneratedRegex(@"^\s*\{(for|if) (\w+)\}\s*$")]
    private static partial Regex Block();

    // Lower-case words and nothing else: {'mode': 1} of Python and { } of other languages are left alone.
    [GeneratedRegex(@"\{([a-z]+(?:\.[a-z]+)?)\}")]
    private static partial Regex Placeholder();
}

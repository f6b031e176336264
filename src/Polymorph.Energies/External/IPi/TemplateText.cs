using System.Collections.Immutable;
using System.Globalization;
using Polymorph.Foundation;
using Polymorph.Structures;

namespace Polymorph.Energies.External.IPi;

/// <summary>Reads the text of a template, line by line, and names the line that is wrong.</summary>
internal static class TemplateText
{
    private const string FileMark = "===";

    private static readonly SortedDictionary<string, Func<ClientTemplate, string, ClientTemplate>> Settings = new(StringComparer.Ordinal)
    {
        ["method"] = (t, v) => t with { Method = v.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_') ? v : throw new FormatException("expected letters, digits, hyphens, dots and underscores") },
        ["command"] = (t, v) => t with { Command = v },
        ["command-tcp"] = (t, v) => t with { CommandOverTcp = v },
        ["program"] = (t, v) => t with { Program = v },
        ["python-modules"] = (t, v) => t with { PythonModules = [.. Words(v).Select(m => m.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_') ? m : throw new FormatException("expected names of modules"))] },
        ["install"] = (t, v) => t with { Install = v },
        ["structures"] = (t, v) => t with { Structures = Enum.TryParse<ClientStructures>(v, ignoreCase: true, out var s) && !char.IsAsciiDigit(v[0]) ? s : throw new FormatException("expected crystals, molecules or any") },
        ["elements"] = (t, v) => t with { Elements = [.. Words(v).Select(Element.Parse)] },
        ["restricted-cell"] = (t, v) => t with { RestrictedCell = YesOrNo(v) },
        ["full-stress"] = (t, v) => t with { FullStress = YesOrNo(v) },
        ["basis-fixed-at-start"] = (t, v) => t with { BasisFixedAtStart = YesOrNo(v) },
        ["vacuum-angstrom"] = (t, v) => t with { Vacuum = Number(v) },
        ["start-limit-seconds"] = (t, v) => t with { StartLimit = TimeSpan.FromSeconds(Number(v)) },
        ["step-limit-seconds"] = (t, v) => t with { StepLimit = TimeSpan.FromSeconds(Number(v)) },
    };

    /// <summary>Parses a template.</summary>
    /// <param name="text">Its text.</param>
    /// <param name="place">Its file or name, for messages.</param>
    /// <exception cref="PolymorphException">PM6204: something is wrong with a line, or method or command are missing.</exception>
    public static ClientTemplate Parse(string text, string place)
    {
        var template = new ClientTemplate { Method = "", Command = "" };
        var seen = new HashSet<string>();
        var files = ImmutableArray.CreateBuilder<(string, string)>();
        (string Name, List<string> Lines)? file = null;
        string[] lines = text.ReplaceLineEndings("\n").Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            string line = lines[i], at = string.Create(CultureInfo.InvariantCulture, $"{place}:{i + 1}");
            if (line.StartsWith(FileMark, StringComparison.Ordinal))
            {
                Close();
                file = (FileName(line[FileMark.Length..].Trim(), at), []);
            }
            else if (file is { } open)
            {
                open.Lines.Add(line);
            }
            else if (line.Trim() is { Length: > 0 } setting && setting[0] != '#')
            {
                template = Set(template, setting, seen, at);
            }
        }

        Close();
        return template is { Method.Length: > 0, Command.Length: > 0 }
            ? template with { Files = files.ToImmutable() }
            : throw Wrong("a template needs the settings 'method' and 'command'", place);

        void Close()
        {
            if (file is var (name, content))
            {
                files.Add((name, string.Join('\n', content).TrimEnd('\n') + "\n"));
            }
        }
    }

    /// <summary>The error of a template.</summary>
    /// <param name="reason">What is wrong.</param>
    /// <param name="place">Where.</param>
    public static PolymorphException Wrong(string reason, string place) =>
        new("PM6204", reason, place, "docs/methods/external-engines.md describes the form of a template.");

    private static ClientTemplate Set(ClientTemplate template, string line, HashSet<string> seen, string at)
    {
        int colon = line.IndexOf(':', StringComparison.Ordinal);
        string name = colon < 0 ? line : line[..colon].TrimEnd(), value = colon < 0 ? "" : line[(colon + 1)..].Trim();
        if (!Settings.TryGetValue(name, out var set))
        {
            throw Wrong($"'{name}' is no setting of a template. {NearestName.Hint(name, Settings.Keys)}".TrimEnd(), at);
        }

        if (value.Length == 0 || !seen.Add(name))
        {
            throw Wrong(value.Length == 0 ? $"the setting '{name}' has no value" : $"the setting '{name}' stands twice", at);
        }

        try
        {
            return set(template, value);
        }
        catch (FormatException e)
        {
            throw Wrong($"the setting '{name}' cannot be '{value}': {e.Message.TrimEnd('.')}", at);
        }
    }

    private static string FileName(string name, string at) =>
        name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_') && name.Trim('.').Length > 0
            ? name
            : throw Wrong($"expected the name of an input file after '{FileMark}': letters, digits, hyphens, dots and underscores", at);

    private static string[] Words(string value) => value.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries);

    private static bool YesOrNo(string value) => value switch { "yes" => true, "no" => false, _ => throw new FormatException("expected yes or no") };

    private static double Number(string value) =>
        double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && number is > 0 and < 1e7 ? number : throw new FormatException("expected a positive number");
}

using System.Text.RegularExpressions;

namespace Polymorph.Energies.External;

/// <summary>The end of what a failed program said, short enough for a message of one line.</summary>
internal static partial class LastWords
{
    private const int Longest = 300;

    /// <summary>A clause such as <c>: "no such file"</c>, or an empty string when it said nothing.</summary>
    /// <param name="process">The program.</param>
    public static string Quote(ChildProcess process)
    {
        string said = OneLine(process.Error) is { Length: > 0 } error ? error : OneLine(process.Output);
        return said.Length == 0 ? "" : $": \"{said}\"";
    }

    /// <summary>A text on one line without control characters, its end when it is long.</summary>
    /// <param name="text">The text.</param>
    public static string OneLine(string text)
    {
        string line = Blanks().Replace(text, " ").Trim();
        return line.Length <= Longest ? line : $"...{line[^Longest..]}";
    }

    // Control characters would garble the terminal.
    [GeneratedRegex(@"[\s\p{C}]+")]
    private static partial Regex Blanks();
}

using System.Text;

namespace Polymorph.Screening.Drawings;

/// <summary>Sets formulas: <c>Mn3O4</c> with low numbers, <c>MnO4[-1]</c> with a high charge.</summary>
internal static class ChemicalText
{
    private const double Small = 0.72, Low = 0.24, High = -0.36;

    /// <summary>The text as runs of letters, subscripts and superscripts.</summary>
    public static string Tspans(string text, double size)
    {
        var output = new StringBuilder();
        double offset = 0;
        foreach (var (part, level) in Runs(text))
        {
            double target = level < 0 ? Low * size : level > 0 ? High * size : 0;
            output.Append($"<tspan dy=\"{SvgCanvas.Number(target - offset)}\"{(level == 0 ? "" : $" font-size=\"{SvgCanvas.Number(Small * size)}\"")}>{SvgCanvas.Escaped(part)}</tspan>");
            offset = target;
        }

        return output.ToString();
    }

    /// <summary>Estimated width, pixels: letters of a sans-serif font are about 0.62 of its size wide.</summary>
    public static double Width(string text, double size) => Runs(text).Sum(run => run.Text.Length * 0.62 * size * (run.Level == 0 ? 1 : Small));

    private static IEnumerable<(string Text, int Level)> Runs(string text)
    {
        int at = 0;
        while (at < text.Length)
        {
            int start = at;
            if (text[at] == '[' && text.IndexOf(']', at) is var close and > 0)
            {
                at = close + 1;
                yield return (text[(start + 1)..close].Replace('-', '\u2212'), 1);
            }
            else if (IsCount(text, at))
            {
                while (at < text.Length && (char.IsAsciiDigit(text[at]) || text[at] == '.'))
                {
                    at++;
                }

                yield return (text[start..at], -1);
            }
            else
            {
                at++;
                while (at < text.Length && text[at] != '[' && !IsCount(text, at))
                {
                    at++;
                }

                yield return (text[start..at], 0);
            }
        }
    }

    // A number behind a letter or a bracket counts atoms; others are what they are.
    private static bool IsCount(string text, int at) => at > 0 && char.IsAsciiDigit(text[at]) && (char.IsAsciiLetter(text[at - 1]) || text[at - 1] == ')');
}

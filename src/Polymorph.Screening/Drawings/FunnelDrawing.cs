using System.Globalization;

namespace Polymorph.Screening.Drawings;

/// <summary>One stage of a funnel.</summary>
/// <param name="Name">What is asked.</param>
/// <param name="Bounds">The bounds in words; may be empty.</param>
/// <param name="Count">Candidates that went on.</param>
/// <param name="Unknown">Candidates among them whose quantity is not known.</param>
public sealed record FunnelBar(string Name, string Bounds, int Count, int Unknown);

/// <summary>A funnel: how many candidates are left after each step.</summary>
public static class FunnelDrawing
{
    private const double Width = 760, Top = 52, Step = 46, BarHeight = 30, Left = 250, Right = 640;
    private const int LongestName = 32;

    /// <summary>Draws the funnel; the length of a bar goes with the number of candidates, a lighter part is unknown.</summary>
    /// <param name="title">Heading.</param>
    /// <param name="bars">The stages, the candidates themselves first.</param>
    /// <returns>An SVG document.</returns>
    public static string Of(string title, IReadOnlyList<FunnelBar> bars)
    {
        ArgumentNullException.ThrowIfNull(bars);
        var canvas = new SvgCanvas(Width, Top + Step * bars.Count + 24);
        canvas.Text(Width / 2, 28, Shortened(title, 80), 15, "middle");
        double most = Math.Max(1, bars.Select(b => b.Count).DefaultIfEmpty(1).Max()), middle = (Left + Right) / 2, full = Right - Left;
        double Half(int count) => count == 0 ? 0 : Math.Max(1, full * count / most / 2);
        for (int i = 0; i < bars.Count; i++)
        {
            var bar = bars[i];
            double y = Top + i * Step, half = Half(bar.Count);
            if (i > 0)
            {
                double before = Half(bars[i - 1].Count), from = y - Step + BarHeight;
                canvas.Polygon([(middle - before, from), (middle + before, from), (middle + half, y), (middle - half, y)], "#e8edf3", "none");
            }

            canvas.Rectangle(middle - half, y, 2 * half, BarHeight, ColourScale.Series(0));
            if (bar.Unknown > 0)
            {
                double unknown = Math.Min(half, Half(bar.Unknown));
                canvas.Rectangle(middle - unknown, y, 2 * unknown, BarHeight, "#a9c1dc");
            }

            bool two = bar.Bounds.Length > 0;
            canvas.Text(Left - 18, y + (two ? 12 : 19), Shortened(bar.Name, LongestName), 12, "end");
            if (two)
            {
                canvas.Text(Left - 18, y + 27, Shortened(bar.Bounds, LongestName + 4), 11, "end", "#555");
            }

            string count = bar.Count.ToString("N0", CultureInfo.InvariantCulture);
            canvas.Text(Right + 18, y + 19, bar.Unknown > 0 ? string.Create(CultureInfo.InvariantCulture, $"{count} ({(bar.Unknown == bar.Count ? "unknown" : $"{bar.Unknown:N0} unknown")})") : count, 12);
        }

        return canvas.ToString();
    }

    private static string Shortened(string text, int most) => text.Length <= most ? text : text[..(most - 1)] + "\u2026";
}

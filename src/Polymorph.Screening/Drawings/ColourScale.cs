using System.Globalization;

namespace Polymorph.Screening.Drawings;

/// <summary>Colours for numbers, readable by the colour-blind and in print: from dark blue over green to yellow; and a set of light ones for areas.</summary>
internal static class ColourScale
{
    // Seven support points of the map 'viridis' (van der Walt and Smith, 2015, public domain).
    private static readonly (double R, double G, double B)[] Map = [(68, 1, 84), (70, 50, 127), (54, 92, 141), (39, 127, 142), (31, 161, 135), (115, 208, 86), (253, 231, 37)];

    private static readonly string[] Light = ["#cfe2f3", "#fce5cd", "#d9ead3", "#ead1dc", "#fff2cc", "#d9d2e9", "#d0e0e3", "#f4cccc", "#e6efc2", "#dfe3ee"];

    private static readonly string[] Strong = ["#3b6ea5", "#d98232", "#5a9a4a", "#b5527f", "#b8a12f", "#7a5fa8", "#8a8a8a"];

    /// <summary>The colour of a number between 0 and 1; others are clipped.</summary>
    public static string Of(double value)
    {
        double at = Math.Clamp(double.IsNaN(value) ? 0 : value, 0, 1) * (Map.Length - 1);
        int k = Math.Min((int)at, Map.Length - 2);
        double t = at - k;
        int Mix(double a, double b) => (int)Math.Round(a + t * (b - a));
        return string.Create(CultureInfo.InvariantCulture, $"#{Mix(Map[k].R, Map[k + 1].R):x2}{Mix(Map[k].G, Map[k + 1].G):x2}{Mix(Map[k].B, Map[k + 1].B):x2}");
    }

    /// <summary>A light colour for the nth area.</summary>
    public static string Area(int n) => Light[n % Light.Length];

    /// <summary>A strong colour for the nth of up to seven series.</summary>
    public static string Series(int n) => Strong[n % Strong.Length];

    /// <summary>Number of strong colours.</summary>
    public static int SeriesCount => Strong.Length;

    /// <summary>A vertical bar that explains the colours.</summary>
    public static void Bar(SvgCanvas canvas, double x, double top, double bottom, double from, double to, string title)
    {
        const int steps = 64;
        double height = (bottom - top) / steps;
        for (int i = 0; i < steps; i++)
        {
            canvas.Rectangle(x, bottom - (i + 1) * height, 14, height + 0.6, Of((i + 0.5) / steps));
        }

        foreach (double tick in Axes.Ticks(from, to, 5))
        {
            double y = bottom - (tick - from) / (to - from) * (bottom - top);
            canvas.Line(x + 14, y, x + 18, y, "#222");
            canvas.Text(x + 21, y + 4, Axes.Text(tick), 11);
        }

        canvas.Text(x + 60, (top + bottom) / 2, title, 12, "middle", rotation: -90);
    }
}

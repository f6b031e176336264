using System.Globalization;

namespace Polymorph.Screening.Drawings;

/// <summary>A frame with two axes, and how values become pixels.</summary>
internal sealed class Axes
{
    private const double Tick = 5, TextSize = 12;

    private readonly SvgCanvas _canvas;

    public Axes(SvgCanvas canvas, (double Left, double Top, double Right, double Bottom) frame, (double From, double To) x, (double From, double To) y) => (_canvas, Frame, XRange, YRange) = (canvas, frame, x, y);

    public (double Left, double Top, double Right, double Bottom) Frame { get; }

    public (double From, double To) XRange { get; }

    public (double From, double To) YRange { get; }

    public double X(double value) => Frame.Left + (value - XRange.From) / (XRange.To - XRange.From) * (Frame.Right - Frame.Left);

    public double Y(double value) => Frame.Bottom - (value - YRange.From) / (YRange.To - YRange.From) * (Frame.Bottom - Frame.Top);

    /// <summary>Steps of 1, 2 or 5 times a power of ten, about so many in a range.</summary>
    public static List<double> Ticks(double from, double to, int about)
    {
        double rough = (to - from) / about, power = Math.Pow(10, Math.Floor(Math.Log10(rough))), step = power * (rough / power) switch { < 1.5 => 1, < 3.5 => 2, < 7.5 => 5, _ => 10 };
        var ticks = new List<double>();
        for (double k = Math.Ceiling(from / step - 1e-9); k * step <= to + 1e-9 * step; k++)
        {
            ticks.Add(k * step + 0.0); // -0 becomes 0
        }

        return ticks;
    }

    public static string Text(double value) => Math.Round(value, 10).ToString("0.######", CultureInfo.InvariantCulture).Replace('-', '\u2212');

    public void Draw(string xTitle, string yTitle, int xTicks = 8, int yTicks = 7)
    {
        _canvas.Rectangle(Frame.Left, Frame.Top, Frame.Right - Frame.Left, Frame.Bottom - Frame.Top, "none", "#222");
        foreach (double tick in Ticks(XRange.From, XRange.To, xTicks))
        {
            _canvas.Line(X(tick), Frame.Bottom, X(tick), Frame.Bottom + Tick, "#222");
            _canvas.Text(X(tick), Frame.Bottom + Tick + TextSize + 2, Text(tick), TextSize, "middle");
        }

        foreach (double tick in Ticks(YRange.From, YRange.To, yTicks))
        {
            _canvas.Line(Frame.Left - Tick, Y(tick), Frame.Left, Y(tick), "#222");
            _canvas.Text(Frame.Left - Tick - 3, Y(tick) + 0.35 * TextSize, Text(tick), TextSize, "end");
        }

        _canvas.Formula((Frame.Left + Frame.Right) / 2, Frame.Bottom + 42, xTitle, 13, "middle", halo: false);
        _canvas.Text(Frame.Left - 56, (Frame.Top + Frame.Bottom) / 2, yTitle, 13, "middle", rotation: -90);
    }
}

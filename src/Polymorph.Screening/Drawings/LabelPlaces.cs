namespace Polymorph.Screening.Drawings;

/// <summary>Finds places for labels where they cover neither each other nor the points.</summary>
/// <param name="width">Width of the drawing.</param>
/// <param name="height">Height of the drawing.</param>
internal sealed class LabelPlaces(double width, double height)
{
    private const int Directions = 16;
    private const double Gap = 4;

    private static readonly double[] Distances = [7, 12, 20, 32, 48, 70, 100, 140];

    private readonly List<(double Left, double Top, double Right, double Bottom)> _taken = [];

    /// <summary>Keeps a box free of labels.</summary>
    public void Take(double left, double top, double right, double bottom) => _taken.Add((left, top, right, bottom));

    /// <summary>Keeps a point free of labels.</summary>
    public void TakePoint(double x, double y, double radius) => Take(x - radius, y - radius, x + radius, y + radius);

    /// <summary>Whether a box is free.</summary>
    public bool IsFree(double left, double top, double right, double bottom) =>
        left >= 2 && top >= 2 && right <= width - 2 && bottom <= height - 2 && _taken.TrueForAll(t => right <= t.Left || left >= t.Right || bottom <= t.Top || top >= t.Bottom);

    /// <summary>Writes a label beside a point, with a thin line where it must stand far off.</summary>
    /// <param name="canvas">The drawing.</param>
    /// <param name="x">The point.</param>
    /// <param name="y">The point.</param>
    /// <param name="text">A formula.</param>
    /// <param name="size">Size of its letters.</param>
    /// <param name="first">The direction to try first, radian, 0 to the right and growing downwards.</param>
    public void Label(SvgCanvas canvas, double x, double y, string text, double size, double first)
    {
        double w = ChemicalText.Width(text, size), h = 1.25 * size;
        foreach (double distance in Distances)
        {
            for (int k = 0; k < Directions; k++)
            {
                // To both sides of the first direction by turns.
                double angle = first + (k % 2 == 0 ? 1 : -1) * ((k + 1) / 2) * (2 * Math.PI / Directions);
                double cx = x + Math.Cos(angle) * (distance + w / 2), cy = y + Math.Sin(angle) * (distance + h / 2);
                if (IsFree(cx - w / 2 - Gap / 2, cy - h / 2, cx + w / 2 + Gap / 2, cy + h / 2))
                {
                    Take(cx - w / 2 - Gap / 2, cy - h / 2, cx + w / 2 + Gap / 2, cy + h / 2);
                    if (distance > 20)
                    {
                        canvas.Line(x, y, cx - Math.Cos(angle) * w / 2, cy - Math.Sin(angle) * h / 2, "#999", 0.6);
                    }

                    canvas.Formula(cx, cy + 0.32 * size, text, size, "middle");
                    return;
                }
            }
        }
    }
}

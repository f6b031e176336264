using Polymorph.Screening.Hull;

namespace Polymorph.Screening.Drawings;

/// <summary>Energies above the hull as a histogram, stacked by composition, with the thresholds of the published studies.</summary>
public static class HistogramDrawing
{
    private const double Bin = 20;
    private const double Synthesisable = 80, Metastable = 200;
    private const double MostShown = 600;

    /// <summary>Draws the histogram.</summary>
    /// <param name="standings">The phases.</param>
    /// <returns>An SVG document.</returns>
    public static string Of(IReadOnlyList<HullStanding> standings)
    {
        ArgumentNullException.ThrowIfNull(standings);
        var energies = standings.Select(s => (Formula: s.Entry.Composition.ReducedFormula, MilliEV: 1000 * s.EnergyAboveHullEVPerAtom)).ToList();
        double from = Math.Min(0, Math.Floor(energies.Select(e => e.MilliEV).DefaultIfEmpty(0).Min() / Bin + 1e-6) * Bin);
        double to = Math.Clamp(Math.Ceiling(energies.Select(e => e.MilliEV).DefaultIfEmpty(0).Max() / Bin + 1e-6) * Bin, Metastable + 2 * Bin, MostShown);
        from = Math.Max(from, -MostShown);
        // The commonest compositions have their own colours, the others share the last.
        var common = energies.GroupBy(e => e.Formula).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).Select(g => g.Key).ToList();
        int own = common.Count <= ColourScale.SeriesCount ? common.Count : ColourScale.SeriesCount - 1;
        int bins = (int)Math.Round((to - from) / Bin);
        var counts = new int[bins, own + 1];
        int hidden = 0;
        foreach (var (formula, energy) in energies)
        {
            int bin = (int)Math.Floor((energy - from) / Bin + 1e-6), series = Math.Min(own, common.IndexOf(formula));
            if (bin < 0 || bin >= bins)
            {
                hidden++;
                continue;
            }

            counts[bin, series]++;
        }

        var canvas = new SvgCanvas(760, 480);
        int highest = Math.Max(1, Enumerable.Range(0, bins).Max(b => Enumerable.Range(0, own + 1).Sum(s => counts[b, s])));
        var axes = new Axes(canvas, (84, 44, 740, 396), (from, to), (0, highest * 1.08));
        canvas.Text(412, 28, "Energies above the convex hull", 15, "middle");
        for (int b = 0; b < bins; b++)
        {
            int below = 0;
            for (int s = 0; s <= own; s++)
            {
                if (counts[b, s] > 0)
                {
                    canvas.Rectangle(axes.X(from + b * Bin) + 0.5, axes.Y(below + counts[b, s]), axes.X(from + Bin) - axes.X(from) - 1, axes.Y(below) - axes.Y(below + counts[b, s]), ColourScale.Series(s), "#ffffff");
                    below += counts[b, s];
                }
            }
        }

        foreach (double threshold in new[] { Synthesisable, Metastable })
        {
            canvas.Line(axes.X(threshold), axes.Frame.Top, axes.X(threshold), axes.Frame.Bottom, "#c0392b", 1.3, "6 4");
        }

        axes.Draw("energy above the hull, meV/atom", "structures");
        Legend(canvas, axes, common, own);
        canvas.Text(748, 470, $"dashed: 80 and 200 meV/atom{(hidden > 0 ? $"; {hidden} structures lie outside" : "")}", 11, "end", "#555");
        return canvas.ToString();
    }

    private static void Legend(SvgCanvas canvas, Axes axes, List<string> common, int own)
    {
        bool others = common.Count > own;
        for (int s = 0; s < own + (others ? 1 : 0); s++)
        {
            double y = axes.Frame.Top + 20 + 18 * s;
            canvas.Rectangle(axes.Frame.Right - 130, y - 10, 12, 12, ColourScale.Series(s));
            canvas.Formula(axes.Frame.Right - 112, y, s < own ? common[s] : "others", 12);
        }
    }
}

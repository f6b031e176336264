using System.Globalization;
using Polymorph.Foundation;
using Polymorph.Screening.Pourbaix;

namespace Polymorph.Screening.Drawings;

/// <summary>A Pourbaix diagram as a picture: domains with their species, or the decomposition energy of one solid in colour, and the lines between which water is stable.</summary>
public static class PourbaixDrawing
{
    private const double LabelSize = 11;
    // Labels leave their centre to keep clear of the lines of water.
    private static readonly double[] Shifts = [0, -12, 12, -24, 24, -36, 36, -60, 60];

    // Places for a number about the centre, the nearest first.
    private static readonly (double X, double Y)[] Near = [.. (from dx in Enumerable.Range(-8, 17) from dy in Enumerable.Range(-8, 17) orderby dx * dx + dy * dy select (8.0 * dx, 3.0 * dy))];

    private const double NumberSize = 10;
    private const int HeatColumns = 90, HeatRows = 80;

    /// <summary>Draws a map.</summary>
    /// <param name="diagram">The diagram.</param>
    /// <param name="title">Title, such as the formula of the metals.</param>
    /// <param name="heat">A solid whose decomposition energy is shown in colour; null to colour the domains.</param>
    /// <param name="fromPotential">Lower border, V against SHE.</param>
    /// <param name="toPotential">Upper border.</param>
    /// <returns>An SVG document.</returns>
    /// <exception cref="PolymorphException">PM5221: never with this window.</exception>
    public static string Of(PourbaixDiagram diagram, string title, PourbaixEntry? heat = null, double fromPotential = -2.5, double toPotential = 3)
    {
        ArgumentNullException.ThrowIfNull(diagram);
        var canvas = new SvgCanvas(960, 620);
        var axes = new Axes(canvas, (78, 44, 640, 560), (Electrochemistry.SmallestPH, Electrochemistry.LargestPH), (fromPotential, toPotential));
        var domains = new PourbaixMap(diagram, axes.XRange.From, axes.XRange.To, fromPotential, toPotential).Domains.Sort((a, b) => b.Area.CompareTo(a.Area));
        canvas.Formula(360, 28, title, 15, "middle", halo: false);
        double largest = heat is null ? 0 : Heat(canvas, axes, diagram, heat);
        for (int i = 0; i < domains.Length; i++)
        {
            canvas.Polygon(domains[i].Corners.Select(c => (axes.X(c.PH), axes.Y(c.Potential))), heat is null ? ColourScale.Area(i) : "none", heat is null ? "#555" : "#ffffff", heat is null ? 1 : 0.9);
        }

        foreach (double potential in new[] { 0, Electrochemistry.OxygenEvolution })
        {
            var (a, b) = ((PH: axes.XRange.From, V: 0.0), (PH: axes.XRange.To, V: 0.0));
            (a.V, b.V) = (Electrochemistry.AgainstShe(potential, PotentialScale.Rhe, a.PH), Electrochemistry.AgainstShe(potential, PotentialScale.Rhe, b.PH));
            canvas.Line(axes.X(a.PH), axes.Y(a.V), axes.X(b.PH), axes.Y(b.V), heat is null ? "#c0392b" : "#ffb27a", 1.6, "7 5");
        }

        axes.Draw("pH", "potential against SHE, V", 9, 8);
        Labels(canvas, axes, domains, isOnColours: heat is not null);
        if (heat is not null)
        {
            ColourScale.Bar(canvas, 668, 120, 460, 0, largest, $"decomposition energy of {heat.Name}, eV/atom");
        }

        canvas.Text(948, 610, string.Create(CultureInfo.InvariantCulture, $"ions {diagram.Options.Concentration:0.###e-0} mol/kg; solids {(diagram.Options.FilterSolids ? "filtered" : "not filtered")}; dashed: water is stable between the lines"), 11, "end", "#555");
        return canvas.ToString();
    }

    private static double Heat(SvgCanvas canvas, Axes axes, PourbaixDiagram diagram, PourbaixEntry solid)
    {
        var values = new double[HeatColumns, HeatRows];
        double width = (axes.Frame.Right - axes.Frame.Left) / HeatColumns, height = (axes.Frame.Bottom - axes.Frame.Top) / HeatRows, largest = 0.1;
        for (int i = 0; i < HeatColumns; i++)
        {
            for (int k = 0; k < HeatRows; k++)
            {
                double pH = axes.XRange.From + (i + 0.5) / HeatColumns * (axes.XRange.To - axes.XRange.From), potential = axes.YRange.From + (k + 0.5) / HeatRows * (axes.YRange.To - axes.YRange.From);
                largest = Math.Max(largest, values[i, k] = diagram.DecompositionEnergy(solid, pH, potential));
            }
        }

        for (int i = 0; i < HeatColumns; i++)
        {
            for (int k = 0; k < HeatRows; k++)
            {
                canvas.Rectangle(axes.Frame.Left + i * width, axes.Frame.Bottom - (k + 1) * height, width + 0.4, height + 0.4, ColourScale.Of(values[i, k] / largest));
            }
        }

        return largest;
    }

    // The species of a domain stand one above the other in it where they fit; otherwise it gets a number and they stand beside the map, where the scale of colours leaves no room for them.
    private static void Labels(SvgCanvas canvas, Axes axes, IReadOnlyList<PourbaixDomain> domains, bool isOnColours)
    {
        var places = new LabelPlaces(canvas.Width, canvas.Height);
        TakeWaterLines(places, axes);
        int number = 0;
        foreach (var domain in domains)
        {
            string[] names = [.. domain.Assemblage.Stable.Select(s => s.Entry.Name)];
            double x = axes.X(domain.Centre.PH), w = names.Max(n => ChemicalText.Width(n, LabelSize)), h = 1.25 * LabelSize * names.Length;
            double centre = axes.Y(domain.Centre.Potential), y = Shifts.Select(s => centre + s).FirstOrDefault(at => Fits(axes, domain, x, at, w, h) && places.IsFree(x - w / 2, at - h / 2, x + w / 2, at + h / 2), double.NaN);
            if (!double.IsNaN(y))
            {
                places.Take(x - w / 2, y - h / 2, x + w / 2, y + h / 2);
                if (isOnColours)
                {
                    canvas.Rectangle(x - w / 2 - 3, y - h / 2 - 1, w + 6, h + 4, "#f4f4f4", "#f4f4f4");
                }

                for (int i = 0; i < names.Length; i++)
                {
                    canvas.Formula(x, y - h / 2 + (i + 0.85) * 1.25 * LabelSize, names[i], LabelSize, "middle", halo: false);
                }

                continue;
            }

            if (isOnColours)
            {
                continue;
            }

            number++;
            string text = number.ToString(CultureInfo.InvariantCulture);
            double row = axes.Frame.Top + 8 + number * 17;
            if (row < axes.Frame.Bottom)
            {
                Number(canvas, places, axes, domain, text);
                canvas.Text(674, row, text, LabelSize, "end", "#555");
                canvas.Formula(682, row, string.Join(" + ", names), LabelSize, halo: false);
            }
        }
    }

    // As near to the centre as it is free, within the domain; beside it where it is too small.
    private static void Number(SvgCanvas canvas, LabelPlaces places, Axes axes, PourbaixDomain domain, string text)
    {
        double x = axes.X(domain.Centre.PH), y = axes.Y(domain.Centre.Potential), w = ChemicalText.Width(text, NumberSize) / 2, h = NumberSize / 2;
        foreach (var (dx, dy) in Near)
        {
            if (IsInside(axes, domain, x + dx, y + dy) && places.IsFree(x + dx - w, y + dy - h, x + dx + w, y + dy + h))
            {
                places.Take(x + dx - w, y + dy - h, x + dx + w, y + dy + h);
                canvas.Text(x + dx, y + dy + 0.36 * NumberSize, text, NumberSize, "middle");
                return;
            }
        }

        places.Label(canvas, x, y, text, NumberSize, 0);
    }

    private static void TakeWaterLines(LabelPlaces places, Axes axes)
    {
        foreach (double potential in new[] { 0, Electrochemistry.OxygenEvolution })
        {
            for (double pH = axes.XRange.From; pH < axes.XRange.To; pH += 0.1)
            {
                places.TakePoint(axes.X(pH), axes.Y(Electrochemistry.AgainstShe(potential, PotentialScale.Rhe, pH)), 2.5);
            }
        }
    }

    private static bool Fits(Axes axes, PourbaixDomain domain, double x, double y, double w, double h) =>
        new[] { (x - w / 2, y - h / 2), (x + w / 2, y - h / 2), (x + w / 2, y + h / 2), (x - w / 2, y + h / 2) }.All(corner => IsInside(axes, domain, corner.Item1, corner.Item2));

    private static bool IsInside(Axes axes, PourbaixDomain domain, double x, double y)
    {
        int sign = 0;
        for (int i = 0; i < domain.Corners.Length; i++)
        {
            var (a, b) = (domain.Corners[i], domain.Corners[(i + 1) % domain.Corners.Length]);
            double ax = axes.X(a.PH), ay = axes.Y(a.Potential), cross = (axes.X(b.PH) - ax) * (y - ay) - (axes.Y(b.Potential) - ay) * (x - ax);
            if (Math.Abs(cross) < 1e-9)
            {
                continue;
            }

            if (sign != 0 && Math.Sign(cross) != sign)
            {
                return false;
            }

            sign = Math.Sign(cross);
        }

        return true;
    }
}

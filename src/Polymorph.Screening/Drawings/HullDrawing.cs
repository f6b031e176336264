using System.Collections.Immutable;
using System.Globalization;
using Polymorph.Foundation;
using Polymorph.Screening.Hull;
using Polymorph.Structures;

namespace Polymorph.Screening.Drawings;

/// <summary>The convex hull of a system of two or three elements as a picture.</summary>
public static class HullDrawing
{
    private const double LargestAbove = 0.2;
    private const double LabelSize = 12;

    /// <summary>Draws the hull with all entries of the system: formation energies of a binary, a triangle with energies above the hull in colour of a ternary system.</summary>
    /// <param name="hull">The hull.</param>
    /// <param name="elements">Two or three elements.</param>
    /// <param name="candidates">Phases to mark that are not in the set.</param>
    /// <returns>An SVG document.</returns>
    /// <exception cref="PolymorphException">PM5210: one element, or more than three; PM5206: an element has no pure entry.</exception>
    public static string Of(ConvexHull hull, ImmutableArray<Element> elements, IEnumerable<HullEntry>? candidates = null)
    {
        ArgumentNullException.ThrowIfNull(hull);
        List<HullEntry> within = [.. hull.Set.Entries.Concat(candidates ?? []).Where(e => e.Composition.Elements.All(elements.Contains))];
        return elements.Length switch
        {
            2 => Binary(hull, elements, within),
            3 => Ternary(hull, elements, within),
            _ => throw new PolymorphException("PM5210", $"a hull of {elements.Length} elements cannot be drawn", null, "Choose two or three elements with --system, such as --system Mg-Mn-O.", ExitCode.Usage),
        };
    }

    private static string Binary(ConvexHull hull, ImmutableArray<Element> elements, List<HullEntry> entries)
    {
        var canvas = new SvgCanvas(840, 520);
        var stable = hull.Facets(elements).Stable.OrderBy(e => Share(e, elements[1])).ToList();
        double lowest = Math.Min(-0.05, stable.Min(hull.Set.FormationEnergy)), highest = Math.Max(0.1, 0.2 * -lowest);
        var axes = new Axes(canvas, (84, 48, 730, 460), (0, 1), (lowest * 1.12, highest));
        var labels = new LabelPlaces(canvas.Width, canvas.Height);
        canvas.Formula(407, 28, $"{elements[0].Symbol}\u2013{elements[1].Symbol}: convex hull", 15, "middle", halo: false);
        canvas.Line(axes.X(0), axes.Y(0), axes.X(1), axes.Y(0), "#bbb", 1, "4 4");
        labels.Take(axes.Frame.Left - 2, axes.Frame.Top, axes.Frame.Left + 2, axes.Frame.Bottom);
        labels.Take(axes.Frame.Right - 2, axes.Frame.Top, axes.Frame.Right + 2, axes.Frame.Bottom);
        labels.Take(axes.Frame.Right + 3, 0, canvas.Width, canvas.Height);
        int hidden = 0;
        foreach (var entry in entries.Except(stable).OrderBy(e => e.Id, StringComparer.Ordinal))
        {
            double x = axes.X(Share(entry, elements[1])), energy = hull.Set.FormationEnergy(entry);
            if (energy > highest || energy < axes.YRange.From)
            {
                hidden++;
                continue;
            }

            double above = hull.EnergyAbove(entry);
            canvas.Circle(x, axes.Y(energy), 4, ColourScale.Of(above / LargestAbove), "#555", Title(entry, above));
            labels.TakePoint(x, axes.Y(energy), 4);
        }

        for (int i = 0; i + 1 < stable.Count; i++)
        {
            var (a, b) = (stable[i], stable[i + 1]);
            canvas.Line(axes.X(Share(a, elements[1])), axes.Y(hull.Set.FormationEnergy(a)), axes.X(Share(b, elements[1])), axes.Y(hull.Set.FormationEnergy(b)), "#111", 1.8);
        }

        foreach (var entry in stable)
        {
            labels.TakePoint(axes.X(Share(entry, elements[1])), axes.Y(hull.Set.FormationEnergy(entry)), 6);
        }

        axes.Draw($"fraction of {elements[1].Symbol} atoms", "formation energy, eV/atom");
        foreach (var entry in stable)
        {
            double x = axes.X(Share(entry, elements[1])), y = axes.Y(hull.Set.FormationEnergy(entry));
            canvas.Circle(x, y, 5.5, "#c0392b", "#111", Title(entry, 0));
            // Pure elements: into the frame; compounds: below the hull.
            double first = entry.Composition.Elements.Length > 1 ? Math.PI / 2 : Share(entry, elements[1]) < 0.5 ? -Math.PI / 4 : -3 * Math.PI / 4;
            labels.Label(canvas, x, y, entry.Composition.ReducedFormula, LabelSize, first);
        }

        ColourScale.Bar(canvas, 755, 140, 380, 0, LargestAbove, "above the hull, eV/atom");
        Note(canvas, hidden, hull.Set.Method);
        return canvas.ToString();
    }

    private static string Ternary(ConvexHull hull, ImmutableArray<Element> elements, List<HullEntry> entries)
    {
        var canvas = new SvgCanvas(820, 700);
        const double side = 600, left = 80, bottom = 620;
        double height = side * Math.Sqrt(3) / 2;
        (double X, double Y) At(HullEntry e)
        {
            double b = Share(e, elements[1]), c = Share(e, elements[2]);
            return (left + side * (b + 0.5 * c), bottom - height * c);
        }

        canvas.Formula(left + side / 2, 34, $"{elements[0].Symbol}\u2013{elements[1].Symbol}\u2013{elements[2].Symbol}: convex hull", 15, "middle", halo: false);
        var facets = hull.Facets(elements);
        var labels = new LabelPlaces(canvas.Width, canvas.Height);
        labels.Take(720, 160, 820, 480);
        foreach (var facet in facets.Facets)
        {
            canvas.Polygon(facet.Select(At), "#f6f8fb", "#7c8894", 1.1);
        }

        canvas.Polygon([(left, bottom), (left + side, bottom), (left + side / 2, bottom - height)], "none", "#111", 1.6);
        int hidden = 0;
        foreach (var entry in entries.Except(facets.Stable).Select(e => (Entry: e, Above: hull.EnergyAbove(e))).OrderByDescending(e => e.Above).ThenBy(e => e.Entry.Id, StringComparer.Ordinal))
        {
            var (x, y) = At(entry.Entry);
            if (entry.Above > LargestAbove)
            {
                hidden++;
                continue;
            }

            canvas.Circle(x, y, 4, ColourScale.Of(entry.Above / LargestAbove), "#555", Title(entry.Entry, entry.Above));
            labels.TakePoint(x, y, 4);
        }

        foreach (var entry in facets.Stable)
        {
            var (x, y) = At(entry);
            labels.TakePoint(x, y, 6);
        }

        foreach (var entry in facets.Stable)
        {
            var (x, y) = At(entry);
            canvas.Circle(x, y, 5.5, "#c0392b", "#111", Title(entry, 0));
            // Outwards from the centre of the triangle.
            labels.Label(canvas, x, y, entry.Composition.ReducedFormula, LabelSize, Math.Atan2(y - (bottom - height / 3), x - (left + side / 2)));
        }

        ColourScale.Bar(canvas, 735, 180, 460, 0, LargestAbove, "above the hull, eV/atom");
        Note(canvas, hidden, hull.Set.Method);
        return canvas.ToString();
    }

    private static double Share(HullEntry entry, Element element) => entry.Composition[element] / entry.Composition.Total;

    private static string Title(HullEntry entry, double above) => string.Create(CultureInfo.InvariantCulture, $"{entry.Id} {entry.Composition.ReducedFormula}: {above:F3} eV/atom above the hull");

    private static void Note(SvgCanvas canvas, int hidden, string? method)
    {
        string left = hidden == 0 ? "" : $"{hidden} entries lie too high to be shown";
        string note = string.Join("; ", new[] { method is null ? "" : $"energies: {method}", left }.Where(t => t.Length > 0));
        canvas.Text(canvas.Width - 12, canvas.Height - 8, note, 11, "end", "#555");
    }
}

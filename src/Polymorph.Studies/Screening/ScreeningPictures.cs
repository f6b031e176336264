using System.Globalization;
using Polymorph.Foundation;
using Polymorph.Screening.Drawings;
using Polymorph.Screening.Hull;
using Polymorph.Selection.Metrics;
using Polymorph.Structures;

namespace Polymorph.Studies.Screening;

/// <summary>Draws what a screening found: the funnel, and where the recipe has these steps, the energies above the hull, the hull, and the map of the best candidate in water.</summary>
internal static class ScreeningPictures
{
    private const int MostElementsDrawn = 3;

    /// <summary>Writes the pictures; those that a screening does not have are removed, because they were of another.</summary>
    public static void Write(string folder, ScreeningOutcome outcome, ScreeningRecipe recipe, ScreeningContext context, List<ScreeningCandidate> sorted)
    {
        Picture("funnel.svg", FunnelDrawing.Of(recipe.Title, [new FunnelBar("candidates", "", outcome.Candidates, 0), .. outcome.Rows.Zip(recipe.Steps, Bar)]));
        var standings = sorted.Select(c => c.Standing).OfType<HullStanding>().ToList();
        Picture("energy-above-hull.svg", standings.Count == 0 ? null : HistogramDrawing.Of(standings));
        Picture("hull.svg", standings.Count == 0 ? null : Hull(context, sorted, standings));
        var best = sorted.FirstOrDefault(c => c.Rejection is null && c.Water is not null) ?? sorted.FirstOrDefault(c => c.Water is not null);
        Picture("pourbaix.svg", best is null ? null : PourbaixDrawing.Of(best.Water!.Value.Diagram, $"{best.Id} ({best.Composition.ReducedFormula}) in water", best.Water.Value.Entry));

        void Picture(string name, string? svg)
        {
            string path = Path.Combine(folder, name);
            if (svg is null)
            {
                AtomicFile.Remove(path);
            }
            else
            {
                AtomicFile.WriteText(path, svg);
            }
        }
    }

    // The hull of all elements of the candidates, where these are two or three.
    private static string? Hull(ScreeningContext context, List<ScreeningCandidate> sorted, List<HullStanding> standings)
    {
        Element[] elements = [.. standings.SelectMany(s => s.Entry.Composition.Elements).Distinct().OrderBy(e => OxidationTable.Smact2014.Electronegativity(e) ?? double.MaxValue).ThenBy(e => e)];
        if (elements.Length is < 2 or > MostElementsDrawn)
        {
            return null;
        }

        var shown = sorted.Where(c => c.Standing is not null).Select(c => c.Standing!.Entry).ToList();
        return HullDrawing.Of(new ConvexHull(context.References.SetFor(shown[0])), [.. elements], shown);
    }

    private static FunnelBar Bar(FunnelRow row, StepSettings settings)
    {
        string Number(double? value) => value!.Value.ToString("0.######", CultureInfo.InvariantCulture);
        string unit = StepCatalogue.Of(settings.Quantity).Unit;
        string bounds = settings.Bounds switch
        {
            { Minimum: not null, Maximum: not null } b => $"{Number(b.Minimum)} to {Number(b.Maximum)} {unit}",
            { Minimum: not null } b => $"at least {Number(b.Minimum)} {unit}",
            { Maximum: not null } b => $"at most {Number(b.Maximum)} {unit}",
            _ => "",
        };
        return new FunnelBar(row.Step, bounds.Trim(), row.Out, row.Count(StepVerdict.Unknown) - row.Losses.Where(l => l.Key.StartsWith(FunnelRow.UnknownPrefix, StringComparison.Ordinal)).Sum(l => l.Value));
    }
}

using System.Globalization;
using System.Text.Json.Nodes;
using Polymorph.Representations.Fingerprints;
using Polymorph.Selection.Similarity;
using Polymorph.Structures.Matching;

namespace Polymorph.Studies.Screening.Steps;

/// <summary>The studies' classes of energy above the hull, with the nearest phase that has been made: two facts, and no probability.</summary>
/// <param name="settings">What the recipe says.</param>
/// <remarks>Source of the thresholds: Kim et al., ACS Cent. Sci. 6 (2020) 1412, which states 80 meV/atom as synthesisable and 200 meV/atom as metastable without deriving them.</remarks>
internal sealed class SynthesizabilityStep(StepSettings settings) : ScreeningStep(settings)
{
    private const double SynthesisableEV = 0.08, MetastableEV = 0.2;

    private double Synthesisable => Settings.Values.Real(ScreeningKeys.Synthesisable) ?? SynthesisableEV;

    private double Metastable => Settings.Values.Real(ScreeningKeys.Metastable) ?? MetastableEV;

    /// <inheritdoc/>
    public override string Method => string.Create(CultureInfo.InvariantCulture, $"possibly synthesisable up to {Synthesisable} eV/atom above the hull, metastable up to {Metastable}");

    /// <inheritdoc/>
    public override void Prepare(ScreeningContext context) => HullStandings.Prepare(context);

    /// <inheritdoc/>
    public override IReadOnlyList<StepValue> Evaluate(IReadOnlyList<ScreeningCandidate> candidates, ScreeningContext context)
    {
        HullStandings.Find(candidates, context, Settings.Name);
        var made = context.References.Phases.Where(p => p.IsExperimental && MatcherChoice.IsCrystal(p.Structure)).ToList();
        if (made.Count == 0)
        {
            context.Observer.Note($"{Settings.Name}: no reference with a structure is marked as experimental, so no nearest one can be named.");
        }

        var index = made.Count == 0 ? null : SimilarityIndex.Of([.. made.Select(p => p.Structure!)], context.Threads, cancellation: context.Cancellation);
        var matcher = new StructureMatcher(new MatchOptions());
        return Each(candidates, context, candidate =>
        {
            var nearest = index is null || !MatcherChoice.IsCrystal(candidate.Structure) ? null : Nearest(candidate, index, made, matcher);
            var value = HullStandings.Value(candidate);
            string? group = value.Number is { } above ? Class(above) : null;
            candidate.Fields["synthesizability"] = group;
            candidate.Fields["nearestExperimental"] = nearest;
            return value.Number is { } number ? StepValue.Of(number, detail: $"{group}{(nearest is null ? "" : $"; nearest made phase: {nearest["id"]}{((bool?)nearest["same"] == true ? " (the same structure)" : "")}")}") : value;
        });
    }

    private static JsonObject? Nearest(ScreeningCandidate candidate, SimilarityIndex index, List<KnownPhase> made, StructureMatcher matcher)
    {
        if (SimilarityIndex.Point(candidate.Structure!, new CrystalFingerprint()) is not { } point || index.Nearest(point, 1) is not [var found])
        {
            return null;
        }

        var phase = made[found.Row];
        var match = matcher.RmsDistance(candidate.Structure!, phase.Structure!);
        return new JsonObject
        {
            ["id"] = phase.Id,
            ["formula"] = phase.Composition.ReducedFormula,
            ["distance"] = found.Distance,
            ["same"] = match.Verdict == MatchVerdict.Undecided ? null : match.Verdict == MatchVerdict.Match,
            ["rms"] = match.Rms,
        };
    }

    private string Class(double above) => new StepBounds(null, Synthesisable).Judge(above) == StepVerdict.Pass ? "possibly synthesisable"
        : new StepBounds(null, Metastable).Judge(above) == StepVerdict.Pass ? "metastable"
        : "above both thresholds";
}

using Polymorph.Structures.Matching;

namespace Polymorph.Studies.Screening.Steps;

/// <summary>Passes candidates that the structure matcher finds in no reference.</summary>
/// <param name="settings">What the recipe says.</param>
internal sealed class NoveltyStep(StepSettings settings) : ScreeningStep(settings)
{
    private int _references;

    /// <inheritdoc/>
    public override string Method => $"{MatcherChoice.Text(Settings)}; {_references} references with structures";

    /// <inheritdoc/>
    public override void Prepare(ScreeningContext context) => _references = context.References.Phases.Count(p => MatcherChoice.IsCrystal(p.Structure));

    /// <inheritdoc/>
    public override IReadOnlyList<StepValue> Evaluate(IReadOnlyList<ScreeningCandidate> candidates, ScreeningContext context)
    {
        var matcher = MatcherChoice.Of(Settings);
        var known = context.References.Phases.Where(p => MatcherChoice.IsCrystal(p.Structure))
            .GroupBy(p => p.Composition.ReducedFormula, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.Select(p => (p.Id, Prepared: new Lazy<PreparedCrystal>(() => matcher.Prepare(p.Structure!)))).ToList(), StringComparer.Ordinal);
        return Each(candidates, context, candidate =>
        {
            if (!MatcherChoice.IsCrystal(candidate.Structure))
            {
                return StepValue.Unknown("no-crystal", "only crystals that repeat along all three axes are compared");
            }

            var own = matcher.Prepare(candidate.Structure!);
            string? undecided = null;
            foreach (var (id, prepared) in known.GetValueOrDefault(candidate.Composition.ReducedFormula) ?? [])
            {
                var verdict = matcher.Fits(own, prepared.Value);
                if (verdict == MatchVerdict.Match)
                {
                    return StepValue.Judged(false, "known", id);
                }

                undecided ??= verdict == MatchVerdict.Undecided ? id : null;
            }

            return undecided is null ? StepValue.Judged(true, "") : StepValue.Unknown("undecided", $"the comparison with {undecided} was given up at its limit");
        });
    }
}

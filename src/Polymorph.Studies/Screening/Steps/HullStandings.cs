using System.Text.Json.Nodes;
using Polymorph.Foundation;
using Polymorph.Screening.Hull;

namespace Polymorph.Studies.Screening.Steps;

/// <summary>Where candidates stand relative to the hull of the references.</summary>
internal static class HullStandings
{
    private const int Between = 256;

    /// <summary>Refuses references without a pure element before anything dear has begun.</summary>
    /// <param name="context">The screening.</param>
    /// <returns>The references in words.</returns>
    /// <exception cref="PolymorphException">PM5206: a pure element is missing; PM7401: there are no references.</exception>
    public static string Prepare(ScreeningContext context)
    {
        var known = context.References;
        if (known.Phases.Count == 0)
        {
            throw new PolymorphException("PM7401", "energies above a hull are asked for, and the recipe has no references", context.Recipe.Path, "Give their files under 'references:'.", ExitCode.Usage);
        }

        var pure = known.Phases.Where(p => p.Composition.Elements.Length == 1).Select(p => p.Composition.Elements[0]).ToHashSet();
        foreach (var element in context.Candidates.SelectMany(c => c.Composition.Elements).Distinct().Order().Where(e => !pure.Contains(e)))
        {
            throw new PolymorphException("PM7406", $"the candidates hold {element.Symbol}, and no reference is the pure element {element.Symbol}, against which energies are counted", context.Recipe.Path,
                $"Add an entry with the formula {element.Symbol}, computed by the same method.");
        }

        return $"{known.Phases.Count} references; methods: {string.Join(", ", known.Methods.Select(m => m.Length == 0 ? "not named" : m).Concat(known.ToRelax.Count > 0 ? ["relaxed as the candidates"] : []).Distinct())}";
    }

    /// <summary>Finds the standing of every candidate that has an energy and none yet.</summary>
    /// <param name="candidates">Candidates.</param>
    /// <param name="context">The screening.</param>
    /// <param name="step">Name of the step, for progress.</param>
    /// <exception cref="PolymorphException">PM5205 to PM5207: energies of two methods, a missing pure element, an id of a reference.</exception>
    public static void Find(IReadOnlyList<ScreeningCandidate> candidates, ScreeningContext context, string step)
    {
        var hulls = new Dictionary<ReferenceSet, ConvexHull>();
        int done = 0;
        foreach (var candidate in candidates)
        {
            if (++done % Between == 0)
            {
                context.Cancellation.ThrowIfCancellationRequested();
                context.Observer.Work(step, done, candidates.Count);
            }

            if (candidate.Entry is not { } entry || candidate.Standing is { } known && known.Entry.RawEnergyEV == entry.RawEnergyEV && known.Entry.Method == entry.Method)
            {
                continue;
            }

            var set = context.References.SetFor(entry);
            if (!hulls.TryGetValue(set, out var hull))
            {
                hulls[set] = hull = new ConvexHull(set);
            }

            candidate.Standing = hull.Of(entry);
            Describe(candidate, candidate.Standing);
        }
    }

    /// <summary>The energy above the hull as a value.</summary>
    /// <param name="candidate">A candidate.</param>
    public static StepValue Value(ScreeningCandidate candidate) => candidate.EnergyEV is null
        ? candidate.WhyIncompatible is { } reason ? StepValue.Unknown("incompatible", reason) : StepValue.Unknown("no-energy", "it has no energy: relax it or give one first")
        : StepValue.Of(candidate.Standing!.EnergyAboveHullEVPerAtom, detail: ReactionText.Of(candidate.Standing));

    private static void Describe(ScreeningCandidate candidate, HullStanding standing)
    {
        var fields = candidate.Fields;
        fields["formationEnergyEVPerAtom"] = standing.FormationEnergyEVPerAtom;
        fields["energyAboveHullEVPerAtom"] = standing.EnergyAboveHullEVPerAtom;
        fields["decomposition"] = new JsonArray([.. standing.Hull.Decomposition.Select(p => (JsonNode)new JsonObject { ["id"] = p.Entry.Id, ["formula"] = p.Entry.Composition.ReducedFormula, ["fraction"] = p.Fraction })]);
        fields["reaction"] = ReactionText.Of(standing);
        fields["degenerate"] = standing.Hull.IsDegenerate;
        fields["phaseSeparationEnergyEVPerAtom"] = standing.PhaseSeparationEnergyEVPerAtom;
    }
}

using Polymorph.Foundation;
using Polymorph.Representations.LocalDescriptors;
using Polymorph.Structures;

namespace Polymorph.Models.LoGan;

/// <summary>Refuses training structures from which the task cannot be learnt, and says what to change.</summary>
internal static class LoGanTrainingChecks
{
    public static void Check(IReadOnlyList<Structure> structures, PowerSpectrumOptions descriptor, LoGanTask task)
    {
        if (structures.Count < 2)
        {
            throw new PolymorphException("PM3002", $"{structures.Count} training structure{(structures.Count == 1 ? "" : "s")}: a model of one structure can only repeat it",
                nextStep: "Give at least two structures, better ten or more.");
        }

        var known = structures.SelectMany(s => s.Species).ToHashSet();
        var missing = task.Types.Where(e => !known.Contains(e)).ToList();
        if (missing.Count > 0)
        {
            throw new PolymorphException("PM3004",
                $"no training structure has {string.Join(" or ", missing.Select(e => $"{e.Symbol} ({e.Name})"))}, which {new Composition(task.Assembly.Species)} needs",
                nextStep: $"Add structures with {string.Join(", ", missing)}, or choose a formula of {string.Join(", ", known.Order())}.");
        }

        CheckCutoff(structures, descriptor.CutoffRadius);
    }

    private static void CheckCutoff(IReadOnlyList<Structure> structures, double cutoff)
    {
        double shortest = structures.Min(s => ClosePair.Nearest(s)?.Distance ?? double.PositiveInfinity);
        if (double.IsPositiveInfinity(shortest))
        {
            throw new PolymorphException("PM3002", "every training structure is a single atom: there are no neighbourhoods to learn", nextStep: "Give structures of two atoms or more.");
        }

        if (cutoff <= shortest)
        {
            throw new PolymorphException("PM3005", FormattableString.Invariant($"the cutoff of {cutoff} Å is shorter than every distance (shortest: {shortest:F2} Å): all descriptors are zero"),
                nextStep: "Raise r_cut; 4 to 6 Å serve most molecules and crystals.", exitCode: ExitCode.Usage);
        }

        // Only molecules have a longest distance, and only few atoms make all pairs cheap.
        if (structures.Any(s => s.Periodicity.Any || s.AtomCount > 500))
        {
            return;
        }

        double longest = structures.Max(s => s.Positions.Max(p => s.Positions.Max(q => (p - q).Length)));
        if (cutoff > 3 * longest)
        {
            throw new PolymorphException("PM3006", FormattableString.Invariant($"the cutoff of {cutoff} Å is more than three times the longest distance ({longest:F2} Å): the radial functions would not resolve the bonds"),
                nextStep: FormattableString.Invariant($"Lower r_cut to about {Math.Min(longest, 6):F1} Å."), exitCode: ExitCode.Usage);
        }
    }
}

using Polymorph.Foundation;
using Polymorph.Screening.Corrections;
using Polymorph.Screening.Hull;

namespace Polymorph.Studies.Screening;

/// <summary>The corrections MP2020 of entries that say how they were computed.</summary>
internal static class RunCorrections
{
    /// <summary>The corrections of an entry, or why it cannot be used.</summary>
    /// <param name="entry">The entry with its run.</param>
    /// <param name="file">Where it stands.</param>
    /// <exception cref="PolymorphException">PM7413: it does not say how it was computed, as energies of potentials do not.</exception>
    public static CorrectedEnergy Of(HullEntry entry, string file)
    {
        var run = entry.Run ?? throw new PolymorphException("PM7413", $"the corrections MP2020 are for energies of PBE and PBE+U, and '{entry.Id}'{(entry.Method is null ? "" : $", of the method '{entry.Method}',")} names no run type", file,
            "Give every entry 'run_type' (GGA or GGA+U) and 'hubbards' (such as Mn:3.9), or leave 'corrections' out of the recipe.");
        if (run.OxidationStates.Count == 0 && entry.Composition.Elements.Length > 1)
        {
            var (states, uncertain) = AnionStates.Of(entry.Composition, MaterialsProject2020.AnionsBySign(entry.Composition));
            if (uncertain.Count > 0)
            {
                return new CorrectedEnergy([], $"whether the oxidation state of {string.Join(" and ", uncertain)} is negative cannot be told from the formula; 'oxidation_states' says it");
            }

            run = run with { OxidationStates = states };
        }

        return MaterialsProject2020.Of(entry.Composition, run);
    }
}

using System.Globalization;
using Polymorph.Foundation;

namespace Polymorph.Screening.Hull;

/// <summary>Recognises energies per atom that are given as totals: every number built on them would be wrong without looking so.</summary>
public static class EnergyUnitCheck
{
    // Polymorphs differ by little: a formula of twice the atoms has nearly twice the energy. Nearer to equal than to that is suspicious.
    private const double NearerToEqual = 0.25;

    private const int FewestPairs = 2;
    private const int FewestCompounds = 3;

    // Formation energies above this, for most compounds of a set, eV/atom: hardly anyone computes such phases.
    private const double Implausible = 0.5;

    // No compound is bound more strongly against its elements, eV/atom (fluorides reach 4.3).
    private const double StrongestBound = -5;

    /// <summary>Throws when the energies look like energies per atom.</summary>
    /// <param name="entries">Entries of one source.</param>
    /// <param name="place">Name of the source.</param>
    /// <exception cref="PolymorphException">PM5208.</exception>
    /// <remarks>Two signs: one composition written with different numbers of atoms has the same energy; or, taken as totals, most compounds lie more than 0.5 eV/atom above their elements, while taken
    /// per atom they would lie where compounds do.</remarks>
    public static void Refuse(IReadOnlyList<HullEntry> entries, string place)
    {
        ArgumentNullException.ThrowIfNull(entries);
        string? sign = FormulasOfDifferentSize(entries) ?? UnlikelyFormation(entries);
        if (sign is not null)
        {
            throw new PolymorphException("PM5208", $"the energies look like energies per atom, not totals for the formula as written: {sign}", place,
                "Multiply them by the atoms of their formulas, or say what they are with --energies per-atom or --energies total.");
        }
    }

    private static string? FormulasOfDifferentSize(IReadOnlyList<HullEntry> entries)
    {
        int pairs = 0, equal = 0;
        string? example = null;
        foreach (var group in entries.GroupBy(e => e.Composition.ReducedFormula))
        {
            var smallest = group.MinBy(e => e.Composition.Total)!;
            foreach (var entry in group)
            {
                double size = entry.Composition.Total / smallest.Composition.Total, energy = entry.RawEnergyEV / smallest.RawEnergyEV;
                if (size < 1.5 || !(energy > 0) || !double.IsFinite(energy))
                {
                    continue;
                }

                pairs++;
                if (Math.Abs(Math.Log(energy)) < NearerToEqual * Math.Log(size))
                {
                    equal++;
                    example ??= string.Create(CultureInfo.InvariantCulture,
                        $"{smallest.Id} ({smallest.Composition.Formula}) has {smallest.RawEnergyEV} eV and {entry.Id} ({entry.Composition.Formula}), with {size:0.##} times the atoms, {entry.RawEnergyEV} eV");
                }
            }
        }

        return pairs >= FewestPairs && equal > 0.5 * pairs ? example : null;
    }

    private static string? UnlikelyFormation(IReadOnlyList<HullEntry> entries)
    {
        double asTotal = Median(entries, e => e.RawEnergyEV / e.Composition.Total, out int compounds), perAtom = Median(entries, e => e.RawEnergyEV, out _);
        return compounds >= FewestCompounds && asTotal > Implausible && perAtom is > StrongestBound and < Implausible
            ? string.Create(CultureInfo.InvariantCulture, $"as totals, half of the compounds would lie {asTotal:0.0} eV/atom or more above their elements")
            : null;
    }

    // Median formation energy of the compounds whose elements are all there, eV/atom.
    private static double Median(IReadOnlyList<HullEntry> entries, Func<HullEntry, double> energy, out int compounds)
    {
        var references = entries.Where(e => e.Composition.Elements.Length == 1)
            .GroupBy(e => e.Composition.Elements[0]).ToDictionary(g => g.Key, g => g.Min(energy));
        var formation = new List<double>();
        foreach (var entry in entries)
        {
            var composition = entry.Composition;
            if (composition.Elements.Length > 1 && composition.Elements.All(references.ContainsKey))
            {
                formation.Add(energy(entry) - composition.Elements.Sum(e => composition[e] / composition.Total * references[e]));
            }
        }

        formation.Sort();
        compounds = formation.Count;
        return compounds == 0 ? 0 : formation[compounds / 2];
    }
}

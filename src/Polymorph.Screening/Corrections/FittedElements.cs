using System.Collections.Immutable;
using Polymorph.Screening.Compositions;
using Polymorph.Screening.Hull;
using Polymorph.Screening.LinearPrograms;
using Polymorph.Structures;

namespace Polymorph.Screening.Corrections;

/// <summary>Energies of the elements, on the scale of one computing method, with which known compounds get their measured energies of formation: errors of the elements, above all of O2, cancel.</summary>
/// <remarks>Least squares over compounds, each equation divided by its atoms. Source: Stevanovic, Lany, Zhang, Zunger, Phys. Rev. B 85 (2012) 115104, who fit many compounds once; here those of one chemical
/// system are fitted, free energies at 298 K included, so that the result serves inside this system only.</remarks>
public sealed class FittedElements
{
    private readonly ImmutableSortedDictionary<Element, double> _energies;

    private FittedElements(ImmutableSortedDictionary<Element, double> energies, int compounds, double residual) => (_energies, Compounds, ResidualEVPerAtom) = (energies, compounds, residual);

    /// <summary>Number of compounds fitted.</summary>
    public int Compounds { get; }

    /// <summary>Root mean square of what the fit leaves, eV/atom, by the degrees of freedom; 0 where there are none left.</summary>
    public double ResidualEVPerAtom { get; }

    /// <summary>The elements that have an energy.</summary>
    public IEnumerable<Element> Elements => _energies.Keys;

    /// <summary>Fits the elements of compounds that have both a computed energy and a measured energy of formation.</summary>
    /// <param name="computed">Entries of one method; of each formula the lowest is taken.</param>
    /// <param name="measured">Measured energies of formation of formulas as written, eV.</param>
    /// <returns>Null where the compounds do not determine the energies of all their elements.</returns>
    public static FittedElements? Of(IEnumerable<HullEntry> computed, IEnumerable<(ElementAmounts Formula, double FormationEnergyEV)> measured)
    {
        ArgumentNullException.ThrowIfNull(computed);
        ArgumentNullException.ThrowIfNull(measured);
        var lowest = computed.GroupBy(e => e.Composition.ReducedFormula, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Min(e => e.EnergyEVPerAtom), StringComparer.Ordinal);
        var rows = measured.Where(m => m.Formula.Elements.Length > 1 && lowest.ContainsKey(m.Formula.ReducedFormula))
            .GroupBy(m => m.Formula.ReducedFormula, StringComparer.Ordinal)
            .Select(g => g.MinBy(m => m.FormationEnergyEV / m.Formula.Total))
            .OrderBy(m => m.Formula.ReducedFormula, StringComparer.Ordinal)
            .Select(m => (m.Formula, Target: lowest[m.Formula.ReducedFormula] - m.FormationEnergyEV / m.Formula.Total)).ToList();
        Element[] elements = [.. rows.SelectMany(r => r.Formula.Elements).Distinct().Order()];
        int n = elements.Length;
        if (n == 0 || rows.Count < n)
        {
            return null;
        }

        // Normal equations of a few unknowns.
        var work = new double[n * 2 * n];
        var right = new double[n];
        var fractions = new double[rows.Count * n];
        for (int i = 0; i < rows.Count; i++)
        {
            var row = fractions.AsSpan(i * n, n);
            rows[i].Formula.Fractions(elements, row);
            for (int a = 0; a < n; a++)
            {
                right[a] += row[a] * rows[i].Target;
                for (int b = 0; b < n; b++)
                {
                    work[a * 2 * n + b] += row[a] * row[b];
                }
            }
        }

        if (!GaussJordan.Invert(work, n))
        {
            return null;
        }

        var energies = new double[n];
        for (int a = 0; a < n; a++)
        {
            for (int b = 0; b < n; b++)
            {
                energies[a] += work[a * 2 * n + n + b] * right[b];
            }
        }

        double squares = rows.Select((r, i) => r.Target - Enumerable.Range(0, n).Sum(a => fractions[i * n + a] * energies[a])).Sum(d => d * d);
        return new FittedElements(elements.Zip(energies).ToImmutableSortedDictionary(e => e.First, e => e.Second), rows.Count, rows.Count > n ? Math.Sqrt(squares / (rows.Count - n)) : 0);
    }

    /// <summary>Energy of formation of a phase, eV for its formula as written; null where an element was not fitted.</summary>
    /// <param name="composition">The formula.</param>
    /// <param name="energyEV">Its computed energy by the same method, eV.</param>
    public double? FormationEnergyEV(ElementAmounts composition, double energyEV)
    {
        ArgumentNullException.ThrowIfNull(composition);
        return composition.Elements.All(_energies.ContainsKey) ? energyEV - composition.Elements.Sum(e => composition[e] * _energies[e]) : null;
    }
}

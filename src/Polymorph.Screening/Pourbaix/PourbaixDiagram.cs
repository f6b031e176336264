using System.Collections.Immutable;
using Polymorph.Foundation;
using Polymorph.Screening.Compositions;
using Polymorph.Screening.Hull;
using Polymorph.Screening.LinearPrograms;
using Polymorph.Structures;

namespace Polymorph.Screening.Pourbaix;

/// <summary>Stability in water at every pH and potential, for one ratio of metals.</summary>
/// <remarks>At (pH, V) the linear program min Σ w g with Σ w M = r and w ≥ 0, where g(pH, V) = g₀ + 0.0591 n(pH) pH + n(φ) V. Source: Persson et al., Phys. Rev. B 85 (2012) 235438; the program in
/// place of their enumeration of assemblages gives the same numbers. One instance belongs to one thread.</remarks>
public sealed class PourbaixDiagram
{
    private const double Present = 1e-9;

    // A solid on the hull of solids may be off by the rounding of its program, eV/atom.
    private const double OnHull = 1e-8;

    private readonly Element[] _metals;
    private readonly double[] _ratio;
    private readonly PourbaixEntry[] _species;
    private readonly double[] _atZero;
    private readonly double[] _perPH;
    private readonly double[] _perVolt;
    private readonly double[] _costs;
    private readonly DenseSimplex _program;
    private readonly HashSet<string> _kept;

    /// <summary>Prepares the diagram; species of other metals, and those without any, are left out.</summary>
    /// <param name="entries">Solids and dissolved species.</param>
    /// <param name="metals">The ratio of the elements other than hydrogen and oxygen; scaled to a sum of 1.</param>
    /// <param name="options">Concentration and filter.</param>
    /// <exception cref="PolymorphException">PM5206: the filter needs a pure metal that is missing; PM5222: nothing gives this ratio of metals.</exception>
    public PourbaixDiagram(IEnumerable<PourbaixEntry> entries, ElementAmounts metals, PourbaixOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(entries);
        ArgumentNullException.ThrowIfNull(metals);
        Options = options ?? new PourbaixOptions();
        if (metals[PourbaixEntry.Hydrogen] + metals[PourbaixEntry.Oxygen] > 0)
        {
            throw new PolymorphException("PM5222", $"the ratio of metals '{metals.Formula}' names hydrogen or oxygen, which water gives", null, "Name the other elements only, such as Mg=0.5,Mn=0.5.", ExitCode.Usage);
        }

        _metals = [.. metals.Elements];
        _ratio = new double[_metals.Length];
        metals.Fractions(_metals, _ratio);
        var within = entries.Where(e => e.Metals > 0 && e.MetalElements.All(_metals.Contains)).OrderBy(e => e.Id, StringComparer.Ordinal).ToList();
        _kept = Options.FilterSolids ? OnSolidHull(within) : [.. within.Select(e => e.Id)];
        _species = [.. within.Where(e => e.IsIon || _kept.Contains(e.Id))];
        int n = _metals.Length;
        var columns = new double[n * _species.Length];
        _atZero = Array.ConvertAll(_species, e => e.EnergyAtZero(Options.Concentration) / e.Metals);
        _perPH = Array.ConvertAll(_species, e => Electrochemistry.VoltsPerPH * e.Protons / e.Metals);
        _perVolt = Array.ConvertAll(_species, e => e.Electrons / e.Metals);
        for (int j = 0; j < _species.Length; j++)
        {
            for (int k = 0; k < n; k++)
            {
                columns[j * n + k] = _species[j].Composition[_metals[k]] / _species[j].Metals;
            }
        }

        _costs = (double[])_atZero.Clone();
        _program = new DenseSimplex(n, columns, _costs);
        if (_species.Length == 0 || !_program.Solve(_ratio))
        {
            throw new PolymorphException("PM5222", $"no combination of the solids and ions has the metals in the ratio {metals.Formula}", null, "Add a solid or an ion of each metal.");
        }
    }

    /// <summary>Concentration and filter.</summary>
    public PourbaixOptions Options { get; }

    /// <summary>The metals with their shares, which add up to 1.</summary>
    public IReadOnlyList<KeyValuePair<Element, double>> Metals => [.. _metals.Zip(_ratio, KeyValuePair.Create)];

    /// <summary>The species that may be stable: all dissolved ones, and the solids that passed the filter.</summary>
    public IReadOnlyList<PourbaixEntry> Species => _species;

    /// <summary>Whether the filter has removed a solid; its decomposition energy may be negative and does not mean that it is stable.</summary>
    /// <param name="entry">The solid.</param>
    public bool IsFiltered(PourbaixEntry entry) => !(entry ?? throw new ArgumentNullException(nameof(entry))).IsIon && !_kept.Contains(entry.Id);

    /// <summary>Whether an entry has the metals of this diagram in its ratio.</summary>
    /// <param name="entry">The entry.</param>
    public bool HasRatioOf(PourbaixEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        for (int k = 0; k < _metals.Length; k++)
        {
            if (!(Math.Abs(entry.Composition[_metals[k]] / entry.Metals - _ratio[k]) <= 1e-8))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Energy of the hull, eV per metal atom.</summary>
    /// <param name="pH">The pH.</param>
    /// <param name="potential">V against SHE.</param>
    public double Energy(double pH, double potential)
    {
        for (int j = 0; j < _costs.Length; j++)
        {
            _costs[j] = _atZero[j] + _perPH[j] * pH + _perVolt[j] * potential;
        }

        _program.SetCosts(_costs);
        _program.Solve(_ratio);
        return _program.Objective;
    }

    /// <summary>What is stable at a point.</summary>
    /// <param name="pH">The pH.</param>
    /// <param name="potential">V against SHE.</param>
    public PourbaixPoint At(double pH, double potential)
    {
        double energy = Energy(pH, potential);
        var stable = ImmutableArray.CreateBuilder<PourbaixSpecies>(_metals.Length);
        for (int r = 0; r < _metals.Length; r++)
        {
            if (_program.Values[r] > Present)
            {
                var entry = _species[_program.Basis[r]];
                stable.Add(new PourbaixSpecies(entry, _program.Values[r] / entry.Metals));
            }
        }

        stable.Sort((a, b) => string.CompareOrdinal(a.Entry.Id, b.Entry.Id));
        return new PourbaixPoint(pH, potential, energy, stable.ToImmutable());
    }

    /// <summary>Energy that an entry gives off in falling apart into what is stable, eV/atom; zero for what is stable itself.</summary>
    /// <param name="entry">A solid or ion with the ratio of metals of this diagram.</param>
    /// <param name="pH">The pH.</param>
    /// <param name="potential">V against SHE.</param>
    /// <exception cref="ArgumentException">The entry has its metals in another ratio.</exception>
    public double DecompositionEnergy(PourbaixEntry entry, double pH, double potential)
    {
        var (constant, perPH, perVolt) = PlaneOf(entry);
        return (constant + perPH * pH + perVolt * potential - Energy(pH, potential)) * entry.Metals / entry.Composition.Total;
    }

    /// <summary>The smallest decomposition energy over pH 0 to 14 at a fixed potential against RHE.</summary>
    /// <param name="entry">A solid with the ratio of metals of this diagram.</param>
    /// <param name="potential">V against RHE; 1.5 in the published study.</param>
    /// <param name="step">Step of the pH.</param>
    /// <param name="from">First pH.</param>
    /// <param name="to">Last pH.</param>
    /// <exception cref="PolymorphException">PM5221: the range leaves 0 to 14.</exception>
    /// <exception cref="ArgumentException">The entry has its metals in another ratio.</exception>
    public PourbaixMinimum MinimumAgainstRhe(PourbaixEntry entry, double potential = 1.5, double step = 0.5, double from = 0, double to = 14)
    {
        Electrochemistry.RequirePH(from, 0, 14);
        Electrochemistry.RequirePH(to, 0, 14);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(step, 0);
        double At(double pH) => DecompositionEnergy(entry, pH, Electrochemistry.AgainstShe(potential, PotentialScale.Rhe, pH));

        double[] steps = [.. Enumerable.Range(0, (int)Math.Floor((to - from) / step + 1e-9) + 1).Select(i => from + i * step)];
        double[] values = Array.ConvertAll(steps, At);
        double least = values.Min();
        double best = steps[Array.FindIndex(values, v => v <= least + Present)];
        var (exactPH, exact) = Kinks(potential, from, to).Select(pH => (pH, At(pH))).MinBy(p => p.Item2);
        return exact < least - Present
            ? new PourbaixMinimum(least, best, exact, exactPH, values.Max(), this.At(best, Electrochemistry.AgainstShe(potential, PotentialScale.Rhe, best)))
            : new PourbaixMinimum(least, best, least, best, values.Max(), this.At(best, Electrochemistry.AgainstShe(potential, PotentialScale.Rhe, best)));
    }

    /// <summary>An entry's energy as a plane: constant, per pH, per volt against SHE; eV per metal atom.</summary>
    internal (double Constant, double PerPH, double PerVolt) PlaneOf(PourbaixEntry entry) => HasRatioOf(entry)
        ? (entry.EnergyAtZero(Options.Concentration) / entry.Metals, Electrochemistry.VoltsPerPH * entry.Protons / entry.Metals, entry.Electrons / entry.Metals)
        : throw new ArgumentException($"{entry.Id} has its metals in another ratio than the diagram", nameof(entry));

    /// <summary>The hull's energy near a point, as a plane: constant, per pH, per volt against SHE; eV per metal atom.</summary>
    internal (double Constant, double PerPH, double PerVolt) Plane(double pH, double potential)
    {
        Energy(pH, potential);
        double constant = 0, perPH = 0, perVolt = 0;
        for (int r = 0; r < _metals.Length; r++)
        {
            int j = _program.Basis[r];
            if (j < _species.Length)
            {
                constant += _program.Values[r] * _atZero[j];
                perPH += _program.Values[r] * _perPH[j];
                perVolt += _program.Values[r] * _perVolt[j];
            }
        }

        return (constant, perPH, perVolt);
    }

    // The pH where the hull along a line of constant potential against RHE changes its slope, and both ends. The hull is concave and piecewise linear: where the lines at two places cross, it lies below or on them.
    private SortedSet<double> Kinks(double potential, double from, double to)
    {
        var kinks = new SortedSet<double> { from, to };
        Divide(from, Line(from), to, Line(to), 0);
        return kinks;

        (double Constant, double Slope) Line(double pH)
        {
            var (constant, perPH, perVolt) = Plane(pH, Electrochemistry.AgainstShe(potential, PotentialScale.Rhe, pH));
            return (constant + perVolt * potential, perPH - perVolt * Electrochemistry.VoltsPerPH);
        }

        void Divide(double a, (double Constant, double Slope) left, double b, (double Constant, double Slope) right, int depth)
        {
            double slope = left.Slope - right.Slope;
            if (Math.Abs(slope) < 1e-12 || depth > 60)
            {
                return;
            }

            double at = (right.Constant - left.Constant) / slope;
            if (!(at > a + 1e-12 && at < b - 1e-12))
            {
                return;
            }

            var line = Line(at);
            if (line.Constant + line.Slope * at > left.Constant + left.Slope * at - 1e-10)
            {
                kinks.Add(at);
                return;
            }

            Divide(a, left, at, line, depth + 1);
            Divide(at, line, b, right, depth + 1);
        }
    }

    // Solids on the hull of metals, hydrogen and oxygen, with g₀ as energy.
    private static HashSet<string> OnSolidHull(List<PourbaixEntry> entries)
    {
        var solids = entries.Where(e => !e.IsIon).Select(e => new HullEntry(e.Id, e.Composition, e.EnergyAtZero(1))).ToList();
        if (solids.Count == 0)
        {
            return [];
        }

        // The empty character keeps the two references apart from any id of a file.
        var set = new ReferenceSet([.. solids, new HullEntry("\0H", ElementAmounts.Parse("H"), 0), new HullEntry("\0O", ElementAmounts.Parse("O"), Electrochemistry.OxygenAgainstWaterEV)]);
        var hull = new ConvexHull(set);
        return [.. solids.Where(s => hull.EnergyAbove(s) <= OnHull).Select(s => s.Id)];
    }
}

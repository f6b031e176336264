using System.Collections.Immutable;
using Polymorph.Screening.Compositions;
using Polymorph.Screening.LinearPrograms;
using Polymorph.Structures;

namespace Polymorph.Screening.Hull;

/// <summary>The phases of one set of elements as a linear program: min Σ λ e with Σ λ x = x₀ and λ ≥ 0, where λ are fractions of atoms, e formation energies and x fractions of elements.</summary>
internal sealed class ChemicalSystem
{
    // A column of no reduced cost belongs to some mixture of the same energy, eV/atom.
    private const double Free = 1e-10;

    private const double Present = 1e-8;

    // Phases within this of the hull stay when a system is reduced to those on it, eV/atom; ten times what counts as free.
    private const double NearHull = 1e-9;

    private const int AskedBeforeShrinking = 32;

    // Phases above their elements cannot be part of the hull, eV/atom.
    private const double AboveElements = 1e-11;

    private readonly ReferenceSet _set;
    private readonly Element[] _elements;
    private readonly HullEntry[] _phases;
    private readonly double[] _references;
    private readonly double[] _fractions;
    private readonly double[] _point;
    private readonly DenseSimplex _all;
    private DenseSimplex _program;
    private int[]? _onHull;
    private int _asked;
    private readonly Dictionary<string, int> _columnOfFormula;

    public ChemicalSystem(ReferenceSet set, ImmutableArray<Element> elements)
    {
        _set = set;
        _elements = [.. elements];
        _references = Array.ConvertAll(_elements, e => set.Reference(e).EnergyEVPerAtom);
        UInt128 mask = 0;
        foreach (var element in elements)
        {
            mask |= UInt128.One << element.Number;
        }

        var phases = new List<HullEntry>();
        var energies = new List<double>();
        foreach (var entry in set.Within(mask))
        {
            double energy = entry.Composition.Elements.Length == 1 ? 0 : set.FormationEnergy(entry);
            if (energy <= AboveElements)
            {
                phases.Add(entry);
                energies.Add(energy);
            }
        }

        _phases = [.. phases];
        Energies = [.. energies];
        int n = _elements.Length;
        _fractions = new double[n * _phases.Length];
        for (int j = 0; j < _phases.Length; j++)
        {
            _phases[j].Composition.Fractions(_elements, _fractions.AsSpan(j * n, n));
        }

        var units = Array.ConvertAll(_elements, e => Array.FindIndex(_phases, p => p.Composition.Elements.Length == 1 && p.Composition.Elements[0] == e));
        _all = new DenseSimplex(n, _fractions, Energies, units);
        _program = _all;
        _point = new double[n];
        _columnOfFormula = Enumerable.Range(0, _phases.Length).ToDictionary(j => _phases[j].Composition.ReducedFormula, StringComparer.Ordinal);
    }

    public ReadOnlySpan<Element> Elements => _elements;

    /// <summary>The phases that may be on the hull, ordered by id.</summary>
    public IReadOnlyList<HullEntry> Phases => _phases;

    /// <summary>Formation energy of each phase, eV/atom.</summary>
    public double[] Energies { get; }

    /// <summary>Fractions of the elements in each phase, [phases × elements].</summary>
    public ReadOnlySpan<double> Fractions => _fractions;

    /// <summary>Column of a reduced formula; -1 when no phase has it.</summary>
    public int ColumnOf(string reducedFormula) => _columnOfFormula.GetValueOrDefault(reducedFormula, -1);

    /// <summary>Formation energy of the hull, eV/atom.</summary>
    public double Energy(ElementAmounts composition)
    {
        composition.Fractions(_elements, _point);
        if (++_asked > AskedBeforeShrinking && _onHull is null)
        {
            Shrink();
        }

        return Solve(_program, -1);
    }

    /// <summary>Formation energy of the hull without one of its phases, eV/atom.</summary>
    public double EnergyWithout(ElementAmounts composition, int column)
    {
        composition.Fractions(_elements, _point);
        Solve(_all, -1);
        double energy = Solve(_all, column);
        // With the phase again, the basis is one to start from.
        Solve(_all, -1);
        return energy;
    }

    /// <summary>The hull at a composition of this system.</summary>
    public HullPoint Point(ElementAmounts composition)
    {
        double energy = Energy(composition);
        var products = Products(out bool isDegenerate);
        double elements = 0;
        var potentials = ImmutableArray.CreateBuilder<KeyValuePair<Element, double>>(_elements.Length);
        for (int k = 0; k < _elements.Length; k++)
        {
            elements += _point[k] * _references[k];
            potentials.Add(KeyValuePair.Create(_elements[k], _program.Duals[k] + _references[k]));
        }

        return new HullPoint(energy + elements, products, potentials.ToImmutable(), isDegenerate || products.Any(p => _set.HasTwin(p.Entry)));
    }

    private double Solve(DenseSimplex program, int excluded) =>
        program.Solve(_point, excluded) ? program.Objective : throw new ArithmeticException("the elements of a system do not span it");

    // Phases above the hull never enter an answer: many questions are worth finding out which these are.
    private void Shrink()
    {
        int n = _elements.Length;
        var asked = (double[])_point.Clone();
        var kept = new List<int>();
        for (int j = 0; j < _phases.Length; j++)
        {
            _fractions.AsSpan(j * n, n).CopyTo(_point);
            if (Energies[j] <= Solve(_all, -1) + NearHull)
            {
                kept.Add(j);
            }
        }

        asked.CopyTo(_point, 0);
        _onHull = [.. kept];
        var fractions = new double[n * _onHull.Length];
        for (int i = 0; i < _onHull.Length; i++)
        {
            _fractions.AsSpan(_onHull[i] * n, n).CopyTo(fractions.AsSpan(i * n));
        }

        var units = Array.ConvertAll(_elements, e => Array.FindIndex(_onHull, j => _phases[j].Composition.Elements.Length == 1 && _phases[j].Composition.Elements[0] == e));
        _program = new DenseSimplex(n, fractions, Array.ConvertAll(_onHull, j => Energies[j]), units);
    }

    private ImmutableArray<HullProduct> Products(out bool isDegenerate)
    {
        int n = _elements.Length;
        var free = new List<int>();
        for (int i = 0; i < (_onHull?.Length ?? _phases.Length); i++)
        {
            if (_program.ReducedCost(i) <= Free)
            {
                free.Add(_onHull?[i] ?? i);
            }
        }

        isDegenerate = false;
        List<(int Column, double Share)>? chosen = null;
        if (free.Count > n)
        {
            (chosen, bool isUnique) = Assemblages.Find(free, j => _fractions.AsSpan(j * n, n).ToArray(), _point);
            isDegenerate = !isUnique;
        }

        if (chosen is null)
        {
            chosen = [];
            for (int r = 0; r < n; r++)
            {
                if (_program.Values[r] > Present)
                {
                    chosen.Add((_onHull?[_program.Basis[r]] ?? _program.Basis[r], _program.Values[r]));
                }
            }

            chosen.Sort();
        }

        return [.. chosen.Select(c => new HullProduct(_phases[c.Column], c.Share))];
    }
}

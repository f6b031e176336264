using System.Collections.Immutable;
using Polymorph.Screening.LinearPrograms;
using Polymorph.Structures;

namespace Polymorph.Screening.Hull;

/// <summary>The phases of one set of elements as a linear program: min Σ λ e with Σ λ x = x₀ and λ ≥ 0, where λ are fractions of atoms, e formation energies and x fractions of elements.</summary>
internal sealed class ChemicalSystem
{
    // A column of no reduced cost belongs to some mixture of the same energy, eV/atom.
    private const double Free = 1e-10;

    private const double Present = 1e-8;

    // Phases above their elements cannot be part of the hull, eV/atom.
    private const double AboveElements = 1e-11;

    private readonly ReferenceSet _set;
    private readonly Element[] _elements;
    private readonly HullEntry[] _phases;
    private readonly double[] _references;
    private readonly double[] _fractions;
    private readonly double[] _point;
    private readonly DenseSimplex _program;
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
        _program = new DenseSimplex(n, _fractions, Energies, units);
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

    /// <summary>Formation energy of the hull, eV/atom, with a column left out or -1.</summary>
    public double Energy(Compositions.ElementAmounts composition, int excluded = -1)
    {
        composition.Fractions(_elements, _point);
        return _program.Solve(_point, excluded) ? _program.Objective : throw new ArithmeticException("the elements of a system do not span it");
    }

    /// <summary>The hull at a composition of this system.</summary>
    public HullPoint Point(Compositions.ElementAmounts composition)
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

    private ImmutableArray<HullProduct> Products(out bool isDegenerate)
    {
        int n = _elements.Length;
        var free = new List<int>();
        for (int j = 0; j < _phases.Length; j++)
        {
            if (_program.ReducedCost(j) <= Free)
            {
                free.Add(j);
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
                    chosen.Add((_program.Basis[r], _program.Values[r]));
                }
            }

            chosen.Sort();
        }

        return [.. chosen.Select(c => new HullProduct(_phases[c.Column], c.Share))];
    }
}

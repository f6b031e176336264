using System.Collections.Immutable;
using Polymorph.Screening.LinearPrograms;

namespace Polymorph.Screening.Hull;

/// <summary>The facets of the lower convex hull of a system: which phases coexist, for drawing.</summary>
/// <remarks>Walks from facet to facet across their ridges: a facet is an optimal basis of the hull's linear program, and leaving one of its phases leads to the next by the ratio test of the dual simplex.
/// Flat parts are triangulated by adding a convex function of 1e-9 eV/atom to the energies, so that facets never overlap and no phase on the hull is left out.</remarks>
public sealed class LowerFacets
{
    private const double Lift = 1e-9;
    private const double Slope = 1e-10;
    private const int MostFacets = 100_000;

    private readonly ChemicalSystem _system;
    private readonly double[] _costs;
    private readonly int _n;

    internal LowerFacets(ChemicalSystem system)
    {
        _system = system;
        _n = system.Elements.Length;
        _costs = new double[system.Phases.Count];
        for (int j = 0; j < _costs.Length; j++)
        {
            _costs[j] = system.Energies[j];
            for (int k = 0; k < _n; k++)
            {
                // Quartic about an irregular point: strictly convex, and no four phases of a flat part are equivalent.
                double x = system.Fractions[j * _n + k] + 0.137 * (k + 1) / _n;
                _costs[j] += Lift * (1 + 0.31 * k) * x * x * x * x;
            }
        }

        var facets = Walk();
        Facets = [.. facets.Select(f => (ImmutableArray<HullEntry>)[.. f.Select(j => system.Phases[j])])];
        Stable = [.. facets.SelectMany(f => f).Distinct().Order().Select(j => system.Phases[j])];
    }

    /// <summary>Each facet's phases, as many as the system has elements.</summary>
    public ImmutableArray<ImmutableArray<HullEntry>> Facets { get; }

    /// <summary>The phases on the hull, ordered by id.</summary>
    public ImmutableArray<HullEntry> Stable { get; }

    private ReadOnlySpan<double> Column(int j) => _system.Fractions.Slice(j * _n, _n);

    private List<int[]> Walk()
    {
        var program = new DenseSimplex(_n, _system.Fractions, _costs);
        var centre = new double[_n];
        for (int k = 0; k < _n; k++)
        {
            centre[k] = 1 + 0.01 * k;
        }

        double sum = centre.Sum();
        program.Solve(Array.ConvertAll(centre, c => c / sum));
        var first = program.Basis.ToArray();
        Array.Sort(first);
        var seen = new HashSet<string>(StringComparer.Ordinal) { string.Join(',', first) };
        var facets = new List<int[]> { first };
        for (int at = 0; at < facets.Count && facets.Count < MostFacets; at++)
        {
            foreach (var next in Neighbours(facets[at]))
            {
                if (seen.Add(string.Join(',', next)))
                {
                    facets.Add(next);
                }
            }
        }

        return facets;
    }

    private IEnumerable<int[]> Neighbours(int[] facet)
    {
        var inverse = Inverse(facet);
        var duals = new double[_n];
        for (int r = 0; r < _n; r++)
        {
            for (int k = 0; k < _n; k++)
            {
                duals[k] += _costs[facet[r]] * inverse[r * _n + k];
            }
        }

        for (int leaving = 0; leaving < _n; leaving++)
        {
            int entering = Entering(facet, inverse, duals, leaving);
            if (entering >= 0)
            {
                var next = (int[])facet.Clone();
                next[leaving] = entering;
                Array.Sort(next);
                yield return next;
            }
        }
    }

    private int Entering(int[] facet, double[] inverse, double[] duals, int leaving)
    {
        int entering = -1;
        double least = double.PositiveInfinity;
        for (int j = 0; j < _costs.Length; j++)
        {
            double share = 0, reduced = _costs[j];
            var column = Column(j);
            for (int k = 0; k < _n; k++)
            {
                share += inverse[leaving * _n + k] * column[k];
                reduced -= duals[k] * column[k];
            }

            if (share < -Slope && Array.IndexOf(facet, j) < 0 && reduced / -share < least)
            {
                (entering, least) = (j, reduced / -share);
            }
        }

        return entering;
    }

    // [elements × elements]: the right halves of the rows of Gauss and Jordan's scheme.
    private double[] Inverse(int[] facet)
    {
        var work = new double[2 * _n * _n];
        for (int k = 0; k < _n; k++)
        {
            for (int r = 0; r < _n; r++)
            {
                work[k * 2 * _n + r] = Column(facet[r])[k];
            }
        }

        GaussJordan.Invert(work, _n);
        var inverse = new double[_n * _n];
        for (int r = 0; r < _n; r++)
        {
            work.AsSpan((2 * r + 1) * _n, _n).CopyTo(inverse.AsSpan(r * _n));
        }

        return inverse;
    }
}

using Polymorph.Structures;
using Polymorph.Structures.Matching;

namespace Polymorph.Selection.Metrics;

/// <summary>A set of known crystals, asked whether a new one is among them. Crystals are reduced only when one of the same formula is asked for.</summary>
public sealed class KnownCrystals
{
    private readonly Dictionary<string, List<(int Index, Lazy<PreparedCrystal> Prepared)>> _byFormula = new(StringComparer.Ordinal);
    private readonly StructureMatcher _matcher;

    /// <summary>Sorts the crystals by formula.</summary>
    /// <param name="structures">Structures that repeat along all three axes.</param>
    /// <param name="matcher">The matcher; the default tolerances are the field's for novelty.</param>
    public KnownCrystals(IReadOnlyList<Structure> structures, StructureMatcher matcher)
    {
        ArgumentNullException.ThrowIfNull(structures);
        _matcher = matcher;
        Count = structures.Count;
        for (int i = 0; i < structures.Count; i++)
        {
            var structure = structures[i];
            string formula = MetricCrystal.Reduced(structure.Composition);
            if (!_byFormula.TryGetValue(formula, out var list))
            {
                _byFormula[formula] = list = [];
            }

            list.Add((i, new Lazy<PreparedCrystal>(() => _matcher.Prepare(structure))));
        }
    }

    /// <summary>Number of known crystals.</summary>
    public int Count { get; }

    /// <summary>The first known crystal that a new one fits, -1 when there is none. May be called by many threads.</summary>
    /// <param name="crystal">The new crystal.</param>
    public int Find(MetricCrystal crystal)
    {
        ArgumentNullException.ThrowIfNull(crystal);
        foreach (var (index, prepared) in _byFormula.GetValueOrDefault(crystal.ReducedFormula) ?? [])
        {
            if (prepared.Value.SiteCount == crystal.Prepared.SiteCount && _matcher.Fits(crystal.Prepared, prepared.Value) == MatchVerdict.Match)
            {
                return index;
            }
        }

        return -1;
    }

    /// <summary><see cref="Find"/> for many crystals on several threads.</summary>
    /// <param name="crystals">The new crystals; null where nothing could be built, which gives -1.</param>
    /// <param name="threads">How many threads.</param>
    /// <param name="tick">Called after each crystal, from any thread.</param>
    /// <param name="cancellation">Stops.</param>
    public int[] FindAll(IReadOnlyList<MetricCrystal?> crystals, int threads, Action? tick = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(crystals);
        var found = new int[crystals.Count];
        Parallel.For(0, crystals.Count, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation }, i =>
        {
            found[i] = crystals[i] is { } crystal ? Find(crystal) : -1;
            tick?.Invoke();
        });
        return found;
    }
}

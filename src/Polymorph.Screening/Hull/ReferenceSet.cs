using Polymorph.Foundation;
using Polymorph.Screening.Compositions;
using Polymorph.Structures;

namespace Polymorph.Screening.Hull;

/// <summary>The known phases: one method, indexed by their elements, of each reduced formula the lowest.</summary>
public sealed class ReferenceSet
{
    // Entries of one formula nearer than this in energy are one phase listed twice, eV/atom.
    private const double Identical = 1e-10;

    // Listing the subsets of a larger set of elements would take longer than looking at every set there is.
    private const int MostElementsToList = 14;

    private readonly Dictionary<UInt128, List<HullEntry>> _byElements = [];
    private readonly Dictionary<Element, HullEntry> _references = [];
    private readonly Dictionary<string, HullEntry> _byId = new(StringComparer.Ordinal);
    private readonly HashSet<HullEntry> _withTwin = new(ReferenceEqualityComparer.Instance);

    /// <summary>Checks and indexes entries.</summary>
    /// <param name="entries">In any order.</param>
    /// <exception cref="PolymorphException">PM5203, PM5205, PM5207: an energy that is not finite, an id twice, energies of two methods.</exception>
    public ReferenceSet(IEnumerable<HullEntry> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        var lowest = new Dictionary<string, HullEntry>(StringComparer.Ordinal);
        var all = new List<HullEntry>();
        foreach (var entry in entries)
        {
            Check(entry);
            all.Add(entry);
            string formula = entry.Composition.ReducedFormula;
            if (!lowest.TryGetValue(formula, out var other) || IsBefore(entry, other))
            {
                lowest[formula] = entry;
            }
        }

        Entries = all;
        foreach (var entry in all)
        {
            var best = lowest[entry.Composition.ReducedFormula];
            if (entry != best && entry.EnergyEVPerAtom - best.EnergyEVPerAtom <= Identical)
            {
                _withTwin.Add(best);
            }
        }

        foreach (var entry in lowest.Values)
        {
            if (entry.Composition.Elements.Length == 1)
            {
                _references[entry.Composition.Elements[0]] = entry;
            }

            if (!_byElements.TryGetValue(entry.Composition.ElementSet, out var list))
            {
                _byElements[entry.Composition.ElementSet] = list = [];
            }

            list.Add(entry);
        }
    }

    /// <summary>All entries, in the order given.</summary>
    public IReadOnlyList<HullEntry> Entries { get; }

    /// <summary>The level of theory of all of them; null when no entry says.</summary>
    public string? Method { get; private set; }

    /// <summary>The lowest pure entry of an element.</summary>
    /// <param name="element">The element.</param>
    /// <exception cref="PolymorphException">PM5206: there is none.</exception>
    public HullEntry Reference(Element element) => _references.TryGetValue(element, out var entry) ? entry
        : throw new PolymorphException("PM5206", $"there is no entry of the pure element {element.Symbol}, against which energies are counted", null,
            $"Add an entry with the formula {element.Symbol}, computed by the same method.");

    /// <summary>Energy of a composition against the elements, eV/atom.</summary>
    /// <param name="entry">The phase.</param>
    /// <exception cref="PolymorphException">PM5206: an element has no pure entry.</exception>
    public double FormationEnergy(HullEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        double elements = 0;
        for (int k = 0; k < entry.Composition.Elements.Length; k++)
        {
            elements += entry.Composition.Amounts[k] * Reference(entry.Composition.Elements[k]).EnergyEVPerAtom;
        }

        return (entry.EnergyEV - elements) / entry.Composition.Total;
    }

    /// <summary>The lowest entry of every formula that needs no other elements, ordered by id.</summary>
    /// <param name="elements">A set of elements, as <see cref="ElementAmounts.ElementSet"/> writes it.</param>
    internal List<HullEntry> Within(UInt128 elements)
    {
        var found = new List<HullEntry>();
        if (UInt128.PopCount(elements) <= MostElementsToList)
        {
            for (var part = elements; part != 0; part = (part - 1) & elements)
            {
                if (_byElements.TryGetValue(part, out var list))
                {
                    found.AddRange(list);
                }
            }
        }
        else
        {
            foreach (var (part, list) in _byElements)
            {
                if ((part & ~elements) == 0)
                {
                    found.AddRange(list);
                }
            }
        }

        found.Sort((a, b) => string.CompareOrdinal(a.Id, b.Id));
        return found;
    }

    /// <summary>Whether another entry has the same formula and energy.</summary>
    /// <param name="entry">The lowest of its formula.</param>
    internal bool HasTwin(HullEntry entry) => _withTwin.Contains(entry);

    /// <summary>Throws when a candidate's energy is of another method than this set's.</summary>
    /// <param name="candidate">The candidate.</param>
    /// <exception cref="PolymorphException">PM5207.</exception>
    internal void RequireMethodOf(HullEntry candidate)
    {
        if (candidate.Method is not null && Method is not null && candidate.Method != Method)
        {
            throw TwoMethods(candidate, Method);
        }
    }

    /// <summary>Throws when a candidate's energy is not said to be of this set's method; where neither says, nothing can be told.</summary>
    /// <param name="candidate">The candidate.</param>
    /// <exception cref="PolymorphException">PM5207, which names both methods.</exception>
    public void RequireNamedMethodOf(HullEntry candidate)
    {
        ArgumentNullException.ThrowIfNull(candidate);
        if (candidate.Method != Method)
        {
            throw TwoMethods(candidate, Method);
        }
    }

    /// <summary>Throws when a candidate has the id of another phase of this set: a decomposition names phases by their ids.</summary>
    /// <param name="candidates">The candidates; one that is an entry of the set itself is none other.</param>
    /// <exception cref="PolymorphException">PM5205.</exception>
    public void RequireOtherIds(IEnumerable<HullEntry> candidates)
    {
        ArgumentNullException.ThrowIfNull(candidates);
        foreach (var candidate in candidates)
        {
            if (_byId.TryGetValue(candidate.Id, out var known) && (known.EnergyEV != candidate.EnergyEV || known.Composition.Formula != candidate.Composition.Formula))
            {
                throw new PolymorphException("PM5205", $"the candidate '{candidate.Id}' ({candidate.Composition.Formula}) has the id of another phase of the references ({known.Composition.Formula})", candidate.Id,
                    "Rename one of them: a decomposition names phases by their ids.");
            }
        }
    }

    /// <summary>Whether an element has a pure entry.</summary>
    /// <param name="element">The element.</param>
    public bool HasReference(Element element) => _references.ContainsKey(element);

    private static bool IsBefore(HullEntry a, HullEntry b) =>
        a.EnergyEVPerAtom < b.EnergyEVPerAtom || a.EnergyEVPerAtom == b.EnergyEVPerAtom && string.CompareOrdinal(a.Id, b.Id) < 0;

    private static PolymorphException TwoMethods(HullEntry entry, string? method) =>
        new("PM5207", $"energies of two methods do not mix: '{method ?? "none named"}' and '{entry.Method ?? "none named"}'", entry.Id, "Compute all entries with one method, and give its name to all of them.");

    private void Check(HullEntry entry)
    {
        if (!double.IsFinite(entry.EnergyEV))
        {
            throw new PolymorphException("PM5203", "the energy is not a finite number", entry.Id, "Compute it again, or leave the entry out.");
        }

        if (!_byId.TryAdd(entry.Id, entry))
        {
            throw new PolymorphException("PM5205", $"the id '{entry.Id}' occurs twice", entry.Id, "Give each entry its own id: a decomposition names entries by it.");
        }

        if (_byId.Count > 1 && entry.Method != Method)
        {
            throw TwoMethods(entry, Method);
        }

        Method = entry.Method;
    }
}

using System.Runtime.InteropServices;
using Polymorph.Foundation;
using Polymorph.Structures;
using Polymorph.Structures.Bonds;

namespace Polymorph.Selection;

/// <summary>Counts which known isomers were found, by which models, how often, and what else was. For one thread at a time.</summary>
public sealed class IsomerTally
{
    private readonly List<string> _known = [];
    private readonly Dictionary<string, SortedDictionary<string, long>> _counts = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, long> _offered = new(StringComparer.Ordinal);

    /// <summary>A tally against known molecules.</summary>
    /// <param name="known">Canonical names; repeats are dropped, the order is kept.</param>
    public IsomerTally(IEnumerable<string> known) => _known.AddRange(known.Distinct(StringComparer.Ordinal));

    /// <summary>A tally against a list of SMILES, in any form.</summary>
    /// <param name="smiles">SMILES of saturated molecules.</param>
    /// <exception cref="PolymorphException">PM2303 or PM2304: not such a SMILES.</exception>
    public static IsomerTally FromSmiles(IEnumerable<string> smiles) => new(smiles.Select(s => SmilesReader.Read(s).CanonicalSmiles));

    /// <summary>A tally against all saturated acyclic isomers of a formula.</summary>
    /// <param name="formula">For example that of C5H12O.</param>
    /// <exception cref="PolymorphException">PM2301, PM2305: the isomers cannot be listed.</exception>
    public static IsomerTally FromFormula(Composition formula) => new(AcyclicIsomers.Of(formula).Select(g => g.CanonicalSmiles));

    /// <summary>A tally against structures.</summary>
    /// <param name="structures">Geometries of the known molecules.</param>
    /// <param name="namer">Names them; by default by their bond graphs.</param>
    /// <exception cref="PolymorphException">PM5101: a structure is not a molecule that the namer knows.</exception>
    public static IsomerTally FromStructures(IReadOnlyList<Structure> structures, IMoleculeNamer? namer = null)
    {
        ArgumentNullException.ThrowIfNull(structures);
        var names = (namer ?? new SaturatedMoleculeNamer()).Names(structures);
        return new IsomerTally(names.Select((name, i) => name ?? throw new PolymorphException(
            "PM5101", $"structure {i + 1} ({structures[i].Composition}) of the known isomers is not a saturated molecule", structures[i].Id.Length > 0 ? structures[i].Id : null,
            "Check its geometry; only molecules with single bonds can be compared.")));
    }

    /// <summary>Counts one generated structure.</summary>
    /// <param name="model">Who made it.</param>
    /// <param name="name">Its canonical name; null when it is not a valid molecule.</param>
    public void Add(string model, string? name)
    {
        Increment(_offered, model);
        if (name is not null)
        {
            Increment(CollectionsMarshal.GetValueRefOrAddDefault(_counts, name, out _) ??= new(StringComparer.Ordinal), model);
        }
    }

    /// <summary>The result so far.</summary>
    public IsomerTable Table() => new(
        _offered.Values.Sum(),
        [.. _known.Select(Row)],
        [.. _counts.Keys.Except(_known).Select(Row).OrderByDescending(r => r.Count).ThenBy(r => r.Smiles, StringComparer.Ordinal)],
        [.. _offered.Select(o => new ModelYield(
            o.Key, o.Value, _counts.Values.Sum(c => c.GetValueOrDefault(o.Key)), _known.Count(k => _counts.TryGetValue(k, out var c) && c.ContainsKey(o.Key))))]);

    private IsomerRow Row(string name) =>
        new(name, _counts.TryGetValue(name, out var counts) ? [.. counts.Select(c => new ModelCount(c.Key, c.Value))] : []);

    private static void Increment(SortedDictionary<string, long> counts, string key) => counts[key] = counts.GetValueOrDefault(key) + 1;
}

using Polymorph.Foundation;
using Polymorph.Screening.Compositions;
using Polymorph.Screening.Corrections;
using Polymorph.Screening.Entries;
using Polymorph.Screening.Hull;
using Polymorph.Structures;
using Polymorph.Structures.Formats;
using Polymorph.Studies.Runs;

namespace Polymorph.Studies.Screening;

/// <summary>A known phase.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Composition">Its formula.</param>
/// <param name="Structure">Its structure; null for a row of a table.</param>
/// <param name="IsExperimental">Whether it has been made.</param>
internal sealed record KnownPhase(string Id, ElementAmounts Composition, Structure? Structure, bool IsExperimental);

/// <summary>The known phases of a recipe: their energies by method, and their structures.</summary>
internal sealed class KnownPhases
{
    private const string NoMethod = "";

    private readonly Dictionary<string, List<HullEntry>> _entries = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ReferenceSet> _sets = new(StringComparer.Ordinal);
    private readonly List<KnownPhase> _phases = [];
    private readonly List<KnownPhase> _toRelax = [];

    /// <summary>All phases, in the order of the recipe.</summary>
    public IReadOnlyList<KnownPhase> Phases => _phases;

    /// <summary>Phases whose energies cannot stand beside the others, with the reason.</summary>
    public List<(string Id, string Reason)> Dropped { get; } = [];

    /// <summary>Whether those have been computed.</summary>
    public bool AreRelaxed { get; set; }

    /// <summary>Phases whose energies are to be computed as the candidates' are.</summary>
    public IReadOnlyList<KnownPhase> ToRelax => _toRelax;

    /// <summary>Methods of which there are energies; empty text for energies whose method nobody says.</summary>
    public IEnumerable<string> Methods => _entries.Keys.Order(StringComparer.Ordinal);

    /// <summary>The energies of a method.</summary>
    /// <param name="method">The method; null for energies whose method nobody says.</param>
    public IReadOnlyList<HullEntry> EntriesOf(string? method) => _entries.TryGetValue(method ?? NoMethod, out var list) ? list : [];

    /// <summary>Reads all references of a recipe.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="observer">Told of energies that are left out.</param>
    /// <exception cref="PolymorphException">A file cannot be read or an entry of it is wrong: the first problem ends the reading, because a hull without an entry is another hull.</exception>
    public static KnownPhases Read(ScreeningRecipe recipe, IStudyObserver observer)
    {
        var phases = new KnownPhases();
        foreach (var source in recipe.References)
        {
            foreach (string file in source.Files)
            {
                phases.Add(source, file, recipe.IsCorrected);
            }
        }

        foreach (var (id, reason) in phases.Dropped)
        {
            observer.Note($"the reference {id} is left out of the hull: {reason}");
        }

        return phases;
    }

    /// <summary>Takes an energy that was computed here.</summary>
    /// <param name="entry">The phase.</param>
    public void Add(HullEntry entry)
    {
        string method = entry.Method ?? NoMethod;
        if (!_entries.TryGetValue(method, out var list))
        {
            _entries[method] = list = [];
        }

        list.Add(entry);
        _sets.Remove(method);
    }

    /// <summary>The phases against which a candidate is measured: those with energies of its method.</summary>
    /// <param name="candidate">The candidate.</param>
    /// <exception cref="PolymorphException">PM5207: no reference has energies of its method; PM7401: there is no reference.</exception>
    public ReferenceSet SetFor(HullEntry candidate)
    {
        if (_entries.Count == 0)
        {
            throw new PolymorphException("PM7401", "energies above a hull are asked for, and the recipe has no references with energies", null, "Give their files under 'references:'.", ExitCode.Usage);
        }

        string method = candidate.Method is { } named && _entries.ContainsKey(named) ? named : candidate.Method is null && _entries.ContainsKey(NoMethod) ? NoMethod : Methods.First();
        if (!_sets.TryGetValue(method, out var set))
        {
            _sets[method] = set = new ReferenceSet(_entries[method]);
        }

        set.RequireNamedMethodOf(candidate);
        set.RequireOtherIds([candidate]);
        return set;
    }

    private void Add(ReferenceSource source, string file, bool isCorrected)
    {
        if (HullEntryFile.IsTableOfEnergies(file))
        {
            foreach (var entry in HullEntryFile.Read(file, source.Unit))
            {
                Take(entry with { Method = entry.Method ?? source.Method }, file, isCorrected);
                _phases.Add(new KnownPhase(entry.Id, entry.Composition, null, source.IsExperimental));
            }

            return;
        }

        var given = new List<HullEntry>();
        foreach (var structure in StructureReader.ReadStrict(file))
        {
            var phase = new KnownPhase(HullEntryFile.NameOf(structure), new ElementAmounts(structure.Composition), structure, source.IsExperimental);
            _phases.Add(phase);
            if (source.Energies == ReferenceEnergies.Relax)
            {
                _toRelax.Add(phase);
            }
            else if (HullEntryFile.EnergyOf(structure) is var (energy, method))
            {
                double total = source.Unit == EnergyUnit.PerAtom ? energy * structure.AtomCount : energy;
                given.Add(new HullEntry(phase.Id, phase.Composition, total, method ?? source.Method) { Run = isCorrected ? HullEntryFile.RunOf(structure) : null });
            }
        }

        if (source.Unit == EnergyUnit.Detect)
        {
            EnergyUnitCheck.Refuse(given, file);
        }

        given.ForEach(entry => Take(entry, file, isCorrected));
    }

    private void Take(HullEntry entry, string file, bool isCorrected)
    {
        var corrected = isCorrected ? RunCorrections.Of(entry, file) : new CorrectedEnergy([]);
        if (corrected.WhyIncompatible is { } reason)
        {
            Dropped.Add((entry.Id, reason));
        }
        else
        {
            Add(entry with { Corrections = corrected.Corrections });
        }
    }
}

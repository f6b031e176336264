using System.Runtime.InteropServices;
using Polymorph.Models.LoGan;
using Polymorph.Selection;
using Polymorph.Structures;
using Polymorph.Structures.Bonds;
using Polymorph.Studies.Recipes;
using Polymorph.Studies.Runs;

namespace Polymorph.Studies.Stages;

/// <summary>The first look at every generated structure: which molecule it is, or why it goes no further.</summary>
internal sealed class GeometryScreening
{
    // One in ten or so relaxes to another molecule than it nearly is; then its like may still do.
    private const int EachNear = 3;

    private readonly string?[] _names;
    private readonly Loss?[] _losses;
    private readonly GeometryCheck? _geometry;
    private readonly Loss? _cell;
    private readonly (string Name, double Strain)?[] _near;
    private readonly Dictionary<int, NearMolecule> _kept = [];
    private readonly Dictionary<string, int> _best = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _count = new(StringComparer.Ordinal);

    private GeometryScreening(int named, GeometryCheck? geometry, Loss? cell) =>
        (_names, _losses, _near, _geometry, _cell) = (new string?[named], new Loss?[named], new (string, double)?[named], geometry, cell);

    /// <summary>True when bonds and valences decide what a structure of this task is.</summary>
    /// <param name="assembly">The task.</param>
    public static bool CanName(StructureAssembly assembly) =>
        !assembly.Periodicity.Any && assembly.Species.Length <= MoleculeClassifier.MaxAtoms && assembly.Species.All(e => Valence.Expected(e) is not null);

    /// <summary>Looks at all structures where molecules are to be told apart; distances are looked at when they are asked for.</summary>
    /// <param name="structures">The structures.</param>
    /// <param name="kind">What is looked at.</param>
    /// <param name="cells">What makes a cell sound, and whether charges must balance; asked of every kind.</param>
    /// <param name="threads">Threads to use.</param>
    /// <param name="observer">Told how far it is.</param>
    /// <param name="cancellation">Stops.</param>
    public static GeometryScreening Of(GeneratedStructures structures, ScreenKind kind, CellOptions cells, int threads, IStudyObserver observer, CancellationToken cancellation)
    {
        var assembly = structures.Assembly;
        var composition = new Composition(assembly.Species);
        Loss? imbalance = cells.IsBalanced?.Invoke(composition) == false ? LossReason.ChargeImbalance : null;
        switch (kind)
        {
            case ScreenKind.None:
                return new GeometryScreening(0, null, imbalance);
            case ScreenKind.Distances:
                var cell = assembly.Lattice is { } lattice && assembly.Periodicity == Periodicity.Full ? CellCheck.Check(lattice, composition, cells) : imbalance;
                return new GeometryScreening(0, new GeometryCheck(assembly.Species, null, assembly.Lattice, assembly.Periodicity), cell);
        }

        var result = new GeometryScreening(structures.Count, null, imbalance);
        var molecules = new MoleculeClassifier(assembly.Species);
        int done = 0;
        structures.ForEach(threads, (index, positions) =>
        {
            var verdict = molecules.Classify(positions);
            (result._names[index], result._losses[index]) = (verdict.Smiles, verdict.Loss());
            result._near[index] = molecules.NearMolecule(positions);
            int now = Interlocked.Increment(ref done);
            if ((now & 0xFFF) == 0 || now == structures.Count)
            {
                observer.Work("checking", now, structures.Count);
            }
        }, cancellation);
        for (int index = 0; index < structures.Count; index++)
        {
            if (result._names[index] is { } name)
            {
                ref int best = ref CollectionsMarshal.GetValueRefOrAddDefault(result._best, name, out bool exists);
                best = exists && !(result.Strain(index) < result.Strain(best)) ? best : index;
                result._count[name] = result._count.GetValueOrDefault(name) + 1;
            }
        }

        return result;
    }

    /// <summary>Where fewer different molecules came than there is room for: keeps, for each molecule that none is but some nearly are, the least strained geometries.</summary>
    /// <param name="known">Names that are not wanted.</param>
    /// <param name="room">How many structures are wanted in all.</param>
    /// <returns>How many geometries are kept so.</returns>
    public int KeepNearMolecules(IReadOnlySet<string> known, int room)
    {
        foreach (var near in NearMolecules.Choose(_near, _best.Keys.Concat(known).ToHashSet(StringComparer.Ordinal), EachNear, room - _best.Keys.Count(name => !known.Contains(name))))
        {
            _losses[near.Index] = null;
            _kept[near.Index] = near;
        }

        return _kept.Count;
    }

    private double Strain(int index) => _near[index]?.Strain ?? double.PositiveInfinity;

    /// <summary>Canonical SMILES of the molecule that a kept geometry nearly is; null for all others.</summary>
    public string? NearName(int index) => _kept.TryGetValue(index, out var near) ? near.Name : null;

    /// <summary>Canonical SMILES of a molecule; null where it is none or was not asked for.</summary>
    public string? Name(int index) => _names.Length > 0 ? _names[index] : null;

    /// <summary>The geometry that stands for all of a molecule, when it is another one: the least strained, the first of equal ones.</summary>
    public int? Better(int index) => Name(index) is { } name && _best[name] is var best && best != index ? best : null;

    /// <summary>How many structures are this molecule; null where it is none.</summary>
    public long? Repeats(int index) => Name(index) is { } name ? _count[name] : null;

    /// <summary>Why a structure goes no further, or null. Safe for use by several threads.</summary>
    /// <param name="index">Its index.</param>
    /// <param name="positions">[atoms × 3], Å.</param>
    public Loss? Loss(int index, ReadOnlySpan<float> positions) => _cell ?? (_losses.Length > 0 ? _losses[index] : _geometry?.Loss(positions));
}

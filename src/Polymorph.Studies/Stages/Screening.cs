using Polymorph.Models.LoGan;
using Polymorph.Selection;
using Polymorph.Structures;
using Polymorph.Structures.Bonds;
using Polymorph.Studies.Recipes;
using Polymorph.Studies.Runs;

namespace Polymorph.Studies.Stages;

/// <summary>The first look at every generated structure: which molecule it is, or why it goes no further.</summary>
internal sealed class Screening
{
    private readonly string?[] _names;
    private readonly Loss?[] _losses;
    private readonly GeometryCheck? _geometry;
    private readonly Loss? _cell;
    private readonly Dictionary<string, int> _first = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _count = new(StringComparer.Ordinal);

    private Screening(int named, GeometryCheck? geometry, Loss? cell) => (_names, _losses, _geometry, _cell) = (new string?[named], new Loss?[named], geometry, cell);

    /// <summary>True when bonds and valences decide what a structure of this task is.</summary>
    /// <param name="assembly">The task.</param>
    public static bool CanName(StructureAssembly assembly) =>
        !assembly.Periodicity.Any && assembly.Species.Length <= MoleculeClassifier.MaxAtoms && assembly.Species.All(e => Valence.Expected(e) is not null);

    /// <summary>Looks at all structures where molecules are to be told apart; distances are looked at when they are asked for.</summary>
    public static Screening Of(GeneratedStructures structures, ScreenKind kind, int threads, IStudyObserver observer, CancellationToken cancellation)
    {
        var assembly = structures.Assembly;
        switch (kind)
        {
            case ScreenKind.None:
                return new Screening(0, null, null);
            case ScreenKind.Distances:
                var cell = assembly.Lattice is { } lattice && assembly.Periodicity == Periodicity.Full ? CellCheck.Check(lattice, new Composition(assembly.Species)) : null;
                return new Screening(0, new GeometryCheck(assembly.Species, null, assembly.Lattice, assembly.Periodicity), cell);
        }

        var result = new Screening(structures.Count, null, null);
        var molecules = new MoleculeClassifier(assembly.Species);
        int done = 0;
        structures.ForEach(threads, (index, positions) =>
        {
            var verdict = molecules.Classify(positions);
            (result._names[index], result._losses[index]) = (verdict.Smiles, verdict.Loss());
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
                result._first.TryAdd(name, index);
                result._count[name] = result._count.GetValueOrDefault(name) + 1;
            }
        }

        return result;
    }

    /// <summary>Canonical SMILES of a molecule; null where it is none or was not asked for.</summary>
    public string? Name(int index) => _names.Length > 0 ? _names[index] : null;

    /// <summary>The first molecule of the same name, when it came earlier.</summary>
    public int? Earlier(int index) => Name(index) is { } name && _first[name] is var first && first != index ? first : null;

    /// <summary>How many structures are this molecule; null where it is none.</summary>
    public long? Repeats(int index) => Name(index) is { } name ? _count[name] : null;

    /// <summary>Why a structure goes no further, or null. Safe for use by several threads.</summary>
    /// <param name="index">Its index.</param>
    /// <param name="positions">[atoms × 3], Å.</param>
    public Loss? Loss(int index, ReadOnlySpan<float> positions) => _losses.Length > 0 ? _losses[index] : _cell ?? _geometry?.Loss(positions);
}

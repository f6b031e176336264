using Polymorph.Models.LoGan;
using Polymorph.Selection;
using Polymorph.Structures.Bonds;
using Polymorph.Studies.Recipes;
using Polymorph.Studies.Runs;

namespace Polymorph.Studies.Stages;

/// <summary>The first look at every generated structure: which molecule it is, or why it goes no further.</summary>
internal sealed class Screening
{
    private readonly string?[] _names;
    private readonly LossReason?[] _losses;
    private readonly Dictionary<string, int> _first = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _count = new(StringComparer.Ordinal);

    private Screening(int count) => (_names, _losses) = (new string?[count], new LossReason?[count]);

    /// <summary>True when bonds and valences decide what a structure of this task is.</summary>
    /// <param name="assembly">The task.</param>
    public static bool CanName(StructureAssembly assembly) =>
        !assembly.Periodicity.Any && assembly.Species.Length <= MoleculeClassifier.MaxAtoms && assembly.Species.All(e => Valence.Expected(e) is not null);

    /// <summary>Looks at all structures.</summary>
    public static Screening Of(GeneratedStructures structures, ScreenKind kind, int threads, IStudyObserver observer, CancellationToken cancellation)
    {
        var result = new Screening(structures.Count);
        if (kind == ScreenKind.None)
        {
            return result;
        }

        var assembly = structures.Assembly;
        var molecules = kind == ScreenKind.Molecules ? new MoleculeClassifier(assembly.Species) : null;
        var geometry = new GeometryCheck(assembly.Species, null, assembly.Lattice, assembly.Periodicity);
        int done = 0;
        structures.ForEach(threads, (index, positions) =>
        {
            if (molecules is null)
            {
                result._losses[index] = geometry.Check(positions).Reason;
            }
            else
            {
                var verdict = molecules.Classify(positions);
                (result._names[index], result._losses[index]) = (verdict.Smiles, verdict.Loss());
            }

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
    public string? Name(int index) => _names[index];

    /// <summary>True when a molecule of the same name came earlier.</summary>
    public bool IsRepeat(int index) => _names[index] is { } name && _first[name] != index;

    /// <summary>How many structures are this molecule; null where it is none.</summary>
    public long? Repeats(int index) => _names[index] is { } name ? _count[name] : null;

    /// <summary>Why a structure goes no further, or null.</summary>
    public LossReason? Loss(int index) => _losses[index];
}

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

    private Screening(int count) => (_names, _losses) = (new string?[count], new LossReason?[count]);

    /// <summary>Structures that pass and differ; those without a name are all taken for different.</summary>
    public int Distinct => _names.Where(n => n is not null).Distinct(StringComparer.Ordinal).Count() + Enumerable.Range(0, _names.Length).Count(i => _names[i] is null && _losses[i] is null);

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
        return result;
    }

    /// <summary>Canonical SMILES of a molecule; null where it is none or was not asked for.</summary>
    public string? Name(int index) => _names[index];

    /// <summary>Why a structure goes no further, or null.</summary>
    public LossReason? Loss(int index) => _losses[index];
}

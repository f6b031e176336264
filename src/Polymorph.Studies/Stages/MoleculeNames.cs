using Polymorph.Models.LoGan;
using Polymorph.Selection;
using Polymorph.Structures.Bonds;
using Polymorph.Studies.Runs;

namespace Polymorph.Studies.Stages;

/// <summary>What molecule every generated structure is, or why it is none.</summary>
internal sealed class MoleculeNames
{
    private readonly string?[] _names;
    private readonly LossReason?[] _losses;

    private MoleculeNames(int count) => (_names, _losses) = (new string?[count], new LossReason?[count]);

    /// <summary>Different molecules.</summary>
    public int Distinct => _names.Where(n => n is not null).Distinct(StringComparer.Ordinal).Count();

    /// <summary>True when bonds and valences decide what a structure of this task is.</summary>
    /// <param name="assembly">The task.</param>
    public static bool CanName(StructureAssembly assembly) =>
        !assembly.Periodicity.Any && assembly.Species.Length <= MoleculeClassifier.MaxAtoms && assembly.Species.All(e => Valence.Expected(e) is not null);

    /// <summary>Names all structures.</summary>
    public static MoleculeNames Of(GeneratedStructures structures, int threads, IStudyObserver observer, CancellationToken cancellation)
    {
        var classifier = new MoleculeClassifier(structures.Assembly.Species);
        var result = new MoleculeNames(structures.Count);
        int done = 0;
        structures.ForEach(threads, (index, positions) =>
        {
            var verdict = classifier.Classify(positions);
            (result._names[index], result._losses[index]) = (verdict.Smiles, verdict.Loss());
            if ((Interlocked.Increment(ref done) & 0xFFF) == 0 || done == structures.Count)
            {
                observer.Work("naming molecules", done, structures.Count);
            }
        }, cancellation);
        return result;
    }

    /// <summary>Canonical SMILES, or null for what is no valid molecule.</summary>
    public string? Name(int index) => _names[index];

    /// <summary>Why a structure is no valid molecule, or null.</summary>
    public LossReason? Loss(int index) => _losses[index];
}

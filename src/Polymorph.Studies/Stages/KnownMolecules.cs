using Polymorph.Selection;
using Polymorph.Structures;
using Polymorph.Structures.Bonds;
using Polymorph.Studies.Runs;

namespace Polymorph.Studies.Stages;

/// <summary>The molecules that a run was shown, by their names.</summary>
internal sealed class KnownMolecules
{
    private readonly Dictionary<string, int> _frames = new(StringComparer.Ordinal);

    private KnownMolecules()
    {
    }

    /// <summary>No molecule is known.</summary>
    public static KnownMolecules None { get; } = new();

    /// <summary>The names.</summary>
    public IReadOnlySet<string> Names => _frames.Keys.ToHashSet(StringComparer.Ordinal);

    /// <summary>The first known structure of a name, from 0; null when there is none.</summary>
    /// <param name="name">Canonical SMILES.</param>
    public int? Find(string name) => _frames.TryGetValue(name, out int frame) ? frame : null;

    /// <summary>The known molecules of a run; null when most of them have multiple bonds, so that the same would be dropped from what was generated.</summary>
    public static KnownMolecules? Of(StudySession session, IStudyObserver observer)
    {
        var training = session.ReadTraining();
        List<int> molecules = [.. Enumerable.Range(0, training.Count).Where(i => !training[i].Periodicity.Any && training[i].AtomCount <= MoleculeClassifier.MaxAtoms)];
        var names = new SaturatedMoleculeNamer().Names([.. molecules.Select(i => training[i])]);
        var known = new KnownMolecules();
        foreach (var (frame, name) in molecules.Zip(names))
        {
            if (name is not null)
            {
                known._frames.TryAdd(name, frame);
            }
        }

        int unnamed = names.Count(name => name is null);
        if (unnamed == 0)
        {
            return known;
        }

        bool most = 2 * unnamed > molecules.Count;
        observer.Note($"{unnamed} of {molecules.Count} known molecules have multiple bonds or broken ones. " + (most
            ? "Structures are checked by their distances instead."
            : "Such molecules are dropped as wrong-valence; '--screen distances' keeps them."));
        return most ? null : known;
    }
}

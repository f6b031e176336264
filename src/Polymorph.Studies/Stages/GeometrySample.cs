using Polymorph.Models.LoGan;
using Polymorph.Selection;
using Polymorph.Structures.Bonds;

namespace Polymorph.Studies.Stages;

/// <summary>Looks at a few structures of a model in training: what share of them has a valid geometry.</summary>
/// <remarks>A molecule of elements with one valence is valid when it is one piece with every valence right; anything else when no two atoms are nearer
/// than <see cref="GeometryOptions"/> allows.</remarks>
internal sealed class GeometrySample
{
    private const int Count = 1000;

    private readonly LoGanGenerator _generator;
    private readonly MoleculeClassifier? _molecules;
    private readonly GeometryCheck _geometry;
    private readonly float[] _positions;

    /// <summary>Prepares the look at a model.</summary>
    /// <param name="trainer">The model in training.</param>
    public GeometrySample(LoGanTrainer trainer)
    {
        _generator = LoGanGenerator.Of(trainer);
        var assembly = _generator.Assembly;
        _positions = new float[3 * assembly.Species.Length * Count];
        bool molecules = !assembly.Periodicity.Any && assembly.Species.Length <= MoleculeClassifier.MaxAtoms && assembly.Species.All(e => Valence.Expected(e) is not null);
        _molecules = molecules ? new MoleculeClassifier(assembly.Species) : null;
        _geometry = new GeometryCheck(assembly.Species, null, assembly.Lattice, assembly.Periodicity);
    }

    /// <summary>The share, 0 to 1.</summary>
    public double ValidShare()
    {
        _generator.Fill(0, Count, _positions);
        int size = _positions.Length / Count, valid = 0;
        for (int i = 0; i < Count; i++)
        {
            var positions = _positions.AsSpan(i * size, size);
            if (_molecules?.Classify(positions).IsValid ?? _geometry.Check(positions).Reason is null)
            {
                valid++;
            }
        }

        return (double)valid / Count;
    }
}

using System.Collections.Immutable;
using Polymorph.Foundation;
using Polymorph.Learning;
using Polymorph.Representations.LocalDescriptors;
using Polymorph.Structures;

namespace Polymorph.Models.LoGan;

/// <summary>Walks the atoms of a structure down the score of a trained critic, which is low where surroundings look like those of the training set.</summary>
/// <remarks>The score is the mean of the critic over the atoms, its gradient by positions that of the generator's update (<c>docs/methods/logan.md</c>). The farthest atom moves by the length of a step;
/// a step that would raise the score is halved until it does not, so the score never gets worse. An instance is one thread's; the same start gives the same bits.</remarks>
public sealed class CriticRefinement
{
    private const double FirstStep = 0.02;
    private const double LongestStep = 0.1;
    private const double ShortestStep = 1e-4;
    private const double Growth = 1.2;

    private readonly StructureAssembly _assembly;
    private readonly DenseNetwork _critic;
    private readonly DenseWorkspace _work;
    private readonly PowerSpectrumBatch _descriptors;
    private readonly AlignedMatrix _rows;
    private readonly AlignedMatrix _rowGradient;
    private readonly float[] _positions;
    private readonly float[] _gradient;

    /// <summary>A refinement by a model's critic.</summary>
    /// <param name="assembly">Atoms and cell of the structures.</param>
    /// <param name="descriptor">Settings of the model's descriptor.</param>
    /// <param name="types">Elements of the training set; the index is the type.</param>
    /// <param name="critic">The critic; not changed, but its passes must not run on another thread meanwhile.</param>
    /// <exception cref="ArgumentException">An element of the structures is none of the types, or the critic has another input.</exception>
    public CriticRefinement(StructureAssembly assembly, PowerSpectrumOptions descriptor, ImmutableArray<Element> types, DenseNetwork critic)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        ArgumentNullException.ThrowIfNull(critic);
        (_assembly, _critic) = (assembly, critic);
        int atoms = assembly.Species.Length;
        _descriptors = new PowerSpectrumBatch(descriptor, LoGanNetworks.AtomTypes(assembly, types), types.Length, assembly.Lattice, assembly.Periodicity);
        if (critic.Shape.Widths[0] != _descriptors.DescriptorLength)
        {
            throw new ArgumentException($"the critic takes {critic.Shape.Widths[0]} numbers and the descriptor has {_descriptors.DescriptorLength}", nameof(critic));
        }

        _work = new DenseWorkspace(critic.Shape, atoms);
        _rows = new AlignedMatrix(atoms, critic.Shape.Widths[0]);
        _rowGradient = new AlignedMatrix(atoms, critic.Shape.Widths[0]);
        _positions = new float[3 * atoms];
        _gradient = new float[3 * atoms];
    }

    /// <summary>The refinement by the critic of a model file.</summary>
    /// <param name="path">A file that <see cref="LoGanModelFile.Save"/> wrote.</param>
    /// <exception cref="PolymorphException">PM4101 to PM4104: the file is damaged or of another kind.</exception>
    public static CriticRefinement Load(string path)
    {
        var (assembly, options, types, critic) = LoGanModelFile.LoadCritic(path);
        return new CriticRefinement(assembly, options.Descriptor, types, critic);
    }

    /// <summary>Mean score of the atoms.</summary>
    /// <param name="structure">A structure of the model.</param>
    public double Score(Structure structure)
    {
        CheckSpecies(structure);
        return Score(structure.Positions);
    }

    /// <summary>Gradient of the score by the positions, [atoms], per Å; zero for atoms that the model holds fixed.</summary>
    /// <param name="structure">A structure of the model.</param>
    public ImmutableArray<Vector3D> Gradient(Structure structure)
    {
        CheckSpecies(structure);
        Score(structure.Positions);
        return Gradient();
    }

    /// <summary>Takes steps down the score.</summary>
    /// <param name="start">A structure of the model.</param>
    /// <param name="steps">Steps at most; fewer when no step lowers the score any more.</param>
    /// <exception cref="ArgumentException">The structure has other atoms than the model.</exception>
    public Structure Refine(Structure start, int steps)
    {
        CheckSpecies(start);
        ArgumentOutOfRangeException.ThrowIfNegative(steps);
        var here = start.Positions;
        double score = Score(here), length = FirstStep;
        for (int step = 0; step < steps; step++)
        {
            var gradient = Gradient();
            double longest = gradient.Max(g => g.Length);
            if (!(longest > 0 && double.IsFinite(longest)))
            {
                break;
            }

            bool moved = false;
            while (!moved && length >= ShortestStep)
            {
                double scale = length / longest;
                ImmutableArray<Vector3D> there = [.. here.Zip(gradient, (r, g) => r - scale * g)];
                double lower = Score(there);
                if (lower < score)
                {
                    (here, score, moved) = (there, lower, true);
                    length = Math.Min(LongestStep, Growth * length);
                }
                else
                {
                    length /= 2;
                }
            }

            if (!moved)
            {
                break;
            }
        }

        return start.WithPositions(here);
    }

    private double Score(ImmutableArray<Vector3D> positions)
    {
        for (int i = 0; i < positions.Length; i++)
        {
            (_positions[3 * i], _positions[3 * i + 1], _positions[3 * i + 2]) = ((float)positions[i].X, (float)positions[i].Y, (float)positions[i].Z);
        }

        _descriptors.Describe(_positions, 1, _rows.Span, _rows.Stride);
        _critic.Forward(_work, _rows, _rows.Rows);
        double sum = 0;
        for (int atom = 0; atom < _rows.Rows; atom++)
        {
            sum += _work.Output.Row(atom)[0];
        }

        double score = sum / _rows.Rows;
        return double.IsFinite(score) ? score : double.PositiveInfinity;
    }

    /// <summary>The gradient where the score was last computed.</summary>
    private ImmutableArray<Vector3D> Gradient()
    {
        _work.SeedOutputs(0, _rows.Rows, 1f / _rows.Rows);
        _critic.Adjoint(_work, _rows.Rows);
        _critic.InputGradient(_work, _rows.Rows, _rowGradient);
        _descriptors.Gradient(_positions, 1, _rowGradient.Span, _rowGradient.Stride, _gradient);
        var sources = _assembly.Sources;
        var result = ImmutableArray.CreateBuilder<Vector3D>(_rows.Rows);
        for (int atom = 0; atom < _rows.Rows; atom++)
        {
            result.Add(sources[atom] < 0 ? Vector3D.Zero : new Vector3D(_gradient[3 * atom], _gradient[3 * atom + 1], _gradient[3 * atom + 2]));
        }

        return result.MoveToImmutable();
    }

    private void CheckSpecies(Structure structure)
    {
        ArgumentNullException.ThrowIfNull(structure);
        if (!structure.Species.AsSpan().SequenceEqual(_assembly.Species.AsSpan()))
        {
            throw new ArgumentException($"the model makes {new Composition(_assembly.Species)} with its atoms in one order, and {structure.Composition} came", nameof(structure));
        }
    }
}

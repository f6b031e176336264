using System.Numerics;
using System.Runtime.CompilerServices;
using Polymorph.Energies.Neural.Training;
using Polymorph.Representations.Kernels;

namespace Polymorph.Energies.Neural.Kernels;

/// <summary>Energies, forces, loss and the gradient of the loss by the weights for a batch of frames; one network, one thread. After the first batch of a size nothing is allocated.</summary>
/// <remarks>Derivation of the gradient of the force term: docs/methods/neural-potential.md.</remarks>
/// <typeparam name="T">Lanes.</typeparam>
/// <typeparam name="TNumber">Precision.</typeparam>
internal sealed unsafe class BatchKernel<T, TNumber>
    where T : unmanaged, IWide<T, TNumber>
    where TNumber : unmanaged, IBinaryFloatingPointIeee754<TNumber>
{
    private readonly AlignedArena _arena = new();
    private readonly NeuralForm _form;
    private readonly NeuralLoss _loss;
    private readonly DescriptorKernel<T, TNumber> _descriptor;
    private readonly NetworkStack<T, TNumber> _stack;
    private readonly BlockBatch<T, TNumber> _batch;
    private readonly TNumber* _standard;
    private readonly TNumber* _messageStandard;
    private readonly T* _featureGradient;
    private int[] _frameOfRow = [];
    private TNumber[] _gradient = [];
    private TNumber[] _displacement = [];
    private TNumber[] _energyWeights = [];

    public BatchKernel(NeuralForm form, NeuralLoss loss, ReadOnlySpan<double> standard)
    {
        (_form, _loss, _descriptor, _stack, _batch) = (form, loss, new(form.Descriptor), new(form), new(form));
        _standard = _arena.Take<TNumber>(standard.Length);
        for (int k = 0; k < standard.Length; k++)
        {
            _standard[k] = TNumber.CreateTruncating(standard[k]);
        }

        _messageStandard = _arena.Take<TNumber>(form.StandardCount);
        _featureGradient = _arena.Take<T>(form.Descriptor.FeatureCount);
    }

    /// <summary>Energies of the last batch's frames as the networks have them, eV.</summary>
    public double[] Energies { get; private set; } = [];

    /// <summary>Forces of the last batch's atoms, frame after frame, [atoms × 3], eV/Å.</summary>
    public double[] Forces { get; private set; } = [];

    /// <summary>Sets means and scales of the second descriptor.</summary>
    /// <param name="standard">[elements × 2 × features].</param>
    public void SetMessageStandard(ReadOnlySpan<float> standard)
    {
        for (int k = 0; k < standard.Length; k++)
        {
            _messageStandard[k] = TNumber.CreateTruncating(standard[k]);
        }
    }

    /// <summary>Runs the networks forward and shows the second descriptors.</summary>
    /// <param name="frames">Frames.</param>
    /// <param name="parameters">The network.</param>
    /// <param name="visit">Gets the element and one atom's features of the second descriptor.</param>
    public void VisitMessageFeatures(ReadOnlySpan<TrainingFrame<TNumber>> frames, NetworkParameters<TNumber> parameters, Action<int, double[]> visit)
    {
        Assemble(frames);
        Describe();
        _stack.Forward(_batch, parameters, _messageStandard, curvature: false);
        var row = new double[_form.Message!.FeatureCount];
        for (int b = 0; b < _batch.Count; b++)
        {
            for (int lane = 0; lane < T.Count; lane++)
            {
                if (_batch[b].Centre[lane] > 0)
                {
                    for (int f = 0; f < row.Length; f++)
                    {
                        row[f] = double.CreateTruncating(((TNumber*)(_batch.Memory.Inputs(b) + f))[lane]);
                    }

                    visit(_batch.Type(b), row);
                }
            }
        }
    }

    /// <summary>Fills <see cref="Energies"/> and <see cref="Forces"/>.</summary>
    /// <param name="frames">The batch.</param>
    /// <param name="parameters">The network.</param>
    /// <param name="curvature">Whether a gradient of the loss will follow.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Predict(ReadOnlySpan<TrainingFrame<TNumber>> frames, NetworkParameters<TNumber> parameters, bool curvature = false)
    {
        int atoms = Assemble(frames);
        Describe();
        Array.Clear(_gradient, 0, 3 * (atoms + 1));
        Array.Clear(Energies, 0, frames.Length);
        double* virial = stackalloc double[6];
        _stack.Forward(_batch, parameters, _messageStandard, curvature);
        fixed (TNumber* gradient = _gradient)
        {
            _stack.Adjoint(_batch, parameters, _messageStandard, TNumber.One, gradient, virial);
            for (int b = 0; b < _batch.Count; b++)
            {
                _stack.FeatureGradient(_batch, parameters, b, _featureGradient);
                _descriptor.Reverse(_batch[b], StandardOf(b), _featureGradient, gradient, virial);
                T energy = _stack.Energy(_batch, b);
                for (int lane = 0; lane < T.Count; lane++)
                {
                    if (_batch[b].Centre[lane] is > 0 and var row)
                    {
                        Energies[_frameOfRow[row]] += double.CreateTruncating(((TNumber*)&energy)[lane]);
                    }
                }
            }
        }

        double scale = -1 / _form.Descriptor.CutoffRadius;
        for (int k = 0; k < 3 * atoms; k++)
        {
            Forces[k] = scale * double.CreateTruncating(_gradient[k + 3]);
        }
    }

    /// <summary>Loss and, where wanted, its gradient.</summary>
    /// <param name="frames">The batch.</param>
    /// <param name="parameters">The network.</param>
    /// <param name="gradient">dL/dparameters, [weights], overwritten; null for none.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public double Loss(ReadOnlySpan<TrainingFrame<TNumber>> frames, NetworkParameters<TNumber> parameters, TNumber* gradient)
    {
        Predict(frames, parameters, curvature: gradient != null);
        double loss = Residuals(frames);
        if (gradient == null)
        {
            return loss;
        }

        fixed (TNumber* displacement = _displacement, energyWeights = _energyWeights)
        {
            for (int b = 0; b < _batch.Count; b++)
            {
                _descriptor.Tangent(_batch[b], StandardOf(b), displacement, _batch.Memory.Tangents(b));
            }

            _stack.SecondOrder(_batch, parameters, _messageStandard, displacement, energyWeights);
        }

        for (int type = 0; type < _form.Elements; type++)
        {
            _stack.ParameterGradient(_batch, type, gradient);
        }

        return loss;
    }

    // dL/dE for every atom, and dL/dF as a displacement in the descriptor's unit.
    private double Residuals(ReadOnlySpan<TrainingFrame<TNumber>> frames)
    {
        double total = 0, toUnit = -1 / _form.Descriptor.CutoffRadius;
        for (int f = 0, row = 1; f < frames.Length; f++)
        {
            var frame = frames[f];
            int atoms = frame.Types.Length;
            double energyError = (Energies[f] - frame.Energy) / atoms, s = _loss.EnergyScale, root = Math.Sqrt(1 + energyError * energyError / (s * s));
            total += _loss.EnergyWeight * s * s * (root - 1);
            var energyWeight = TNumber.CreateTruncating(_loss.EnergyWeight * energyError / root / atoms / frames.Length);
            for (int i = 0; i < atoms; i++, row++)
            {
                int at = 3 * row;
                double x = Forces[at - 3] - frame.Forces[3 * i], y = Forces[at - 2] - frame.Forces[3 * i + 1], z = Forces[at - 1] - frame.Forces[3 * i + 2];
                double weight = 1 / ((1 + frame.ForceLength[i] / _loss.LargeForce) * atoms);
                s = _loss.ForceScale;
                root = Math.Sqrt(1 + (x * x + y * y + z * z) / (s * s));
                total += weight * s * s * (root - 1);
                double v = toUnit * weight / root / frames.Length;
                _energyWeights[row] = energyWeight;
                _displacement[at] = TNumber.CreateTruncating(v * x);
                _displacement[at + 1] = TNumber.CreateTruncating(v * y);
                _displacement[at + 2] = TNumber.CreateTruncating(v * z);
            }
        }

        return total / frames.Length;
    }

    private int Assemble(ReadOnlySpan<TrainingFrame<TNumber>> frames)
    {
        int atoms = 0;
        foreach (var frame in frames)
        {
            atoms += frame.Types.Length;
        }

        if (_frameOfRow.Length <= atoms)
        {
            int rows = atoms + atoms / 4 + 1;
            (_frameOfRow, _gradient, _displacement, _energyWeights, Forces) = (new int[rows], new TNumber[3 * rows], new TNumber[3 * rows], new TNumber[rows], new double[3 * rows]);
        }

        Energies = Energies.Length >= frames.Length ? Energies : new double[frames.Length];
        _batch.Begin(atoms);
        for (int element = 0; element < _form.Elements; element++)
        {
            for (int f = 0, row = 1; f < frames.Length; row += frames[f].Types.Length, f++)
            {
                _batch.Add(element, frames[f].Table, frames[f].Types, row);
                _frameOfRow.AsSpan(row, frames[f].Types.Length).Fill(f);
            }

            _batch.Finish(element);
        }

        return atoms;
    }

    private void Describe()
    {
        for (int b = 0; b < _batch.Count; b++)
        {
            _descriptor.Describe(_batch[b], StandardOf(b), _batch.Memory.Features(b));
        }
    }

    private TNumber* StandardOf(int block) => _standard + 2 * (nint)_batch.Type(block) * _form.Descriptor.FeatureCount;
}

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
    private readonly DescriptorPlan _plan;
    private readonly NetworkLayout _layout;
    private readonly NeuralLoss _loss;
    private readonly DescriptorKernel<T, TNumber> _descriptor;
    private readonly TNumber* _standard;
    private readonly T* _featureGradient;
    private readonly int[] _firstBlock;
    private readonly List<CentreBlock<T, TNumber>> _blocks = [];
    private readonly List<CentreAddress<TNumber>> _centres = [];
    private AlignedArena _blockMemory = new();
    private int _capacity;
    private T* _features;
    private T* _tangents;
    private T* _hidden;
    private T* _output;
    private int[] _frameOfRow = [];
    private TNumber[] _gradient = [];
    private TNumber[] _displacement = [];
    private double[] _energyWeights = [];

    public BatchKernel(DescriptorPlan plan, NetworkLayout layout, NeuralLoss loss, ReadOnlySpan<double> standard)
    {
        (_plan, _layout, _loss, _descriptor) = (plan, layout, loss, new(plan));
        _standard = _arena.Take<TNumber>(standard.Length);
        for (int k = 0; k < standard.Length; k++)
        {
            _standard[k] = TNumber.CreateTruncating(standard[k]);
        }

        _featureGradient = _arena.Take<T>(plan.FeatureCount);
        _firstBlock = new int[plan.TypeCount + 1];
    }

    /// <summary>Energies of the last batch's frames as the networks have them, eV.</summary>
    public double[] Energies { get; private set; } = [];

    /// <summary>Forces of the last batch's atoms, frame after frame, [atoms × 3], eV/Å.</summary>
    public double[] Forces { get; private set; } = [];

    /// <summary>Fills <see cref="Energies"/> and <see cref="Forces"/>.</summary>
    /// <param name="frames">The batch.</param>
    /// <param name="parameters">The network.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Predict(ReadOnlySpan<TrainingFrame<TNumber>> frames, NetworkParameters<TNumber> parameters)
    {
        int atoms = Assemble(frames);
        Array.Clear(_gradient, 0, 3 * (atoms + 1));
        Array.Clear(Energies, 0, frames.Length);
        double* virial = stackalloc double[6];
        fixed (TNumber* gradient = _gradient)
        {
            for (int type = 0; type < _plan.TypeCount; type++)
            {
                TNumber* standard = _standard + 2 * type * _plan.FeatureCount, p = parameters.Of(type), transposed = parameters.TransposedOf(type);
                for (int b = _firstBlock[type]; b < _firstBlock[type + 1]; b++)
                {
                    var block = _blocks[b];
                    T* features = _features + (nint)b * _plan.FeatureCount;
                    var units = Units(b);
                    _descriptor.Describe(block, standard, features);
                    T energy = NetworkKernel<T, TNumber>.Forward(_layout, p, features, units.Hidden, units.Slope, units.Curvature);
                    NetworkKernel<T, TNumber>.Adjoint(_layout, p, transposed, units.Slope, units.ToHidden, units.Adjoint);
                    NetworkKernel<T, TNumber>.FeatureGradient(_layout, transposed, units.Adjoint, _featureGradient);
                    _descriptor.Reverse(block, standard, _featureGradient, gradient, virial);
                    for (int lane = 0; lane < T.Count; lane++)
                    {
                        if (block.Centre[lane] is > 0 and var row)
                        {
                            Energies[_frameOfRow[row]] += double.CreateTruncating(((TNumber*)&energy)[lane]);
                        }
                    }
                }
            }
        }

        double scale = -1 / _plan.CutoffRadius;
        for (int k = 0; k < 3 * atoms; k++)
        {
            Forces[k] = scale * double.CreateTruncating(_gradient[k + 3]);
        }
    }

    /// <summary>Loss and, where wanted, its gradient.</summary>
    /// <param name="frames">The batch.</param>
    /// <param name="parameters">The network.</param>
    /// <param name="gradient">dL/dparameters, [elements × stride], overwritten; null for none.</param>
    public double Loss(ReadOnlySpan<TrainingFrame<TNumber>> frames, NetworkParameters<TNumber> parameters, TNumber* gradient)
    {
        Predict(frames, parameters);
        double loss = Residuals(frames);
        if (gradient != null)
        {
            SecondPass(parameters);
            for (int type = 0; type < _plan.TypeCount; type++)
            {
                ParameterGradient(type, gradient + (nint)type * _layout.Stride);
            }
        }

        return loss;
    }

    // dL/dE of every frame and dL/dF of every atom, the latter as a displacement in the descriptor's unit.
    private double Residuals(ReadOnlySpan<TrainingFrame<TNumber>> frames)
    {
        double total = 0, toUnit = -1 / _plan.CutoffRadius;
        for (int f = 0, at = 0; f < frames.Length; f++)
        {
            var frame = frames[f];
            int atoms = frame.Types.Length;
            double energyError = (Energies[f] - frame.Energy) / atoms, s = _loss.EnergyScale, root = Math.Sqrt(1 + energyError * energyError / (s * s));
            total += _loss.EnergyWeight * s * s * (root - 1);
            _energyWeights[f] = _loss.EnergyWeight * energyError / root / atoms / frames.Length;
            for (int i = 0; i < atoms; i++, at += 3)
            {
                double x = Forces[at] - frame.Forces[3 * i], y = Forces[at + 1] - frame.Forces[3 * i + 1], z = Forces[at + 2] - frame.Forces[3 * i + 2];
                double weight = 1 / ((1 + frame.ForceLength[i] / _loss.LargeForce) * atoms);
                s = _loss.ForceScale;
                root = Math.Sqrt(1 + (x * x + y * y + z * z) / (s * s));
                total += weight * s * s * (root - 1);
                double v = toUnit * weight / root / frames.Length;
                _displacement[at + 3] = TNumber.CreateTruncating(v * x);
                _displacement[at + 4] = TNumber.CreateTruncating(v * y);
                _displacement[at + 5] = TNumber.CreateTruncating(v * z);
            }
        }

        return total / frames.Length;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SecondPass(NetworkParameters<TNumber> parameters)
    {
        fixed (TNumber* displacement = _displacement)
        {
            for (int type = 0; type < _plan.TypeCount; type++)
            {
                TNumber* standard = _standard + 2 * type * _plan.FeatureCount;
                for (int b = _firstBlock[type]; b < _firstBlock[type + 1]; b++)
                {
                    var block = _blocks[b];
                    T* tangent = _tangents + (nint)b * _plan.FeatureCount, output = _output + 2 * b;
                    TNumber* energyWeight = (TNumber*)output, one = (TNumber*)(output + 1);
                    for (int lane = 0; lane < T.Count; lane++)
                    {
                        int row = block.Centre[lane];
                        energyWeight[lane] = row > 0 ? TNumber.CreateTruncating(_energyWeights[_frameOfRow[row]]) : TNumber.Zero;
                        one[lane] = row > 0 ? TNumber.One : TNumber.Zero;
                    }

                    _descriptor.Tangent(block, standard, displacement, tangent);
                    NetworkKernel<T, TNumber>.SecondOrder(_layout, parameters.Of(type), parameters.TransposedOf(type), Units(b), output[0], tangent);
                }
            }
        }
    }

    private void ParameterGradient(int type, TNumber* gradient)
    {
        int first = _firstBlock[type], blocks = _firstBlock[type + 1] - first, last = _layout.Layers - 1, unitStride = HiddenUnits<T>.Arrays * _layout.HiddenCount;
        var units = Units(first);
        for (int layer = 0; layer <= last; layer++)
        {
            int outputs = _layout.Widths[layer + 1], inputs = _layout.Widths[layer];
            T* u = layer == last ? _output + 2 * first : units.Combined + _layout.Activations[layer];
            T* a = layer == last ? _output + 2 * first + 1 : units.Adjoint + _layout.Activations[layer];
            T* x = layer == 0 ? _features + (nint)first * _plan.FeatureCount : units.Hidden + _layout.Activations[layer - 1];
            T* b = layer == 0 ? _tangents + (nint)first * _plan.FeatureCount : units.Rate + _layout.Activations[layer - 1];
            nint rowStride = layer == last ? 2 : unitStride, termStride = layer == 0 ? _plan.FeatureCount : unitStride;
            WideProduct<T, TNumber>.OuterSums(u, a, rowStride, x, b, termStride, blocks, outputs, inputs, gradient + _layout.Weights[layer]);
            for (int o = 0; o < outputs; o++)
            {
                T sum = T.Broadcast(TNumber.Zero);
                for (int block = 0; block < blocks; block++)
                {
                    sum += u[block * rowStride + o];
                }

                gradient[_layout.Biases[layer] + o] = T.Sum(sum);
            }
        }
    }

    private HiddenUnits<T> Units(int block) => new(_hidden + (nint)block * HiddenUnits<T>.Arrays * _layout.HiddenCount, _layout.HiddenCount);

    // Blocks of centres of one element each; returns the number of atoms.
    private int Assemble(ReadOnlySpan<TrainingFrame<TNumber>> frames)
    {
        int atoms = 0;
        foreach (var frame in frames)
        {
            atoms += frame.Types.Length;
        }

        Reserve(atoms, frames.Length);
        int used = 0;
        for (int type = 0; type < _plan.TypeCount; type++)
        {
            _firstBlock[type] = used;
            _centres.Clear();
            for (int f = 0, firstRow = 1; f < frames.Length; firstRow += frames[f].Types.Length, f++)
            {
                int[] types = frames[f].Types;
                for (int i = 0; i < types.Length; i++)
                {
                    _frameOfRow[firstRow + i] = f;
                    if (types[i] == type)
                    {
                        _centres.Add(new(frames[f].Table, i, firstRow));
                    }

                    if (_centres.Count == T.Count)
                    {
                        LoadBlock(used++);
                    }
                }
            }

            if (_centres.Count > 0)
            {
                LoadBlock(used++);
            }
        }

        _firstBlock[^1] = used;
        return atoms;
    }

    private void LoadBlock(int index)
    {
        if (index == _blocks.Count)
        {
            _blocks.Add(new(_plan));
        }

        _blocks[index].Load(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_centres));
        _centres.Clear();
    }

    private void Reserve(int atoms, int frames)
    {
        if (_frameOfRow.Length <= atoms)
        {
            int rows = atoms + atoms / 4 + 1;
            (_frameOfRow, _gradient, _displacement, Forces) = (new int[rows], new TNumber[3 * rows], new TNumber[3 * rows], new double[3 * rows]);
        }

        if (Energies.Length < frames)
        {
            (Energies, _energyWeights) = (new double[frames], new double[frames]);
        }

        int blocks = atoms / T.Count + _plan.TypeCount + 1;
        if (_capacity < blocks)
        {
            _capacity = blocks + blocks / 4;
            _blockMemory = new AlignedArena();
            _features = _blockMemory.Take<T>(_capacity * _plan.FeatureCount);
            _tangents = _blockMemory.Take<T>(_capacity * _plan.FeatureCount);
            _hidden = _blockMemory.Take<T>(_capacity * HiddenUnits<T>.Arrays * _layout.HiddenCount);
            _output = _blockMemory.Take<T>(2 * _capacity);
        }
    }
}

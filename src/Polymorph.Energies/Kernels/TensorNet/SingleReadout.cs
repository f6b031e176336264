using Polymorph.Learning.Kernels;

namespace Polymorph.Energies.Kernels.TensorNet;

/// <summary>The readout of one structure in single precision, forward and reverse; see <see cref="Energies.TensorNet.ReadoutPass"/>.</summary>
/// <typeparam name="T">Lanes.</typeparam>
internal sealed unsafe class SingleReadout<T>
    where T : unmanaged, Representations.Kernels.ILanes<T>
{
    private const int Hidden = 3;
    private readonly SingleWeights _weights;
    private readonly SinglePass<T> _pass;
    private readonly int[] _species;
    private readonly int _atoms;
    private readonly nint _channels;
    private readonly float* _invariants, _normal, _scale, _linear;
    private readonly Branch _value, _gate;
    private readonly double[] _valueOut, _gateOut;

    public SingleReadout(SingleWeights weights, FeatureArena arena, int[] species, SinglePass<T> pass)
    {
        (_weights, _pass, _species, _atoms, _channels) = (weights, pass, species, species.Length, weights.Source.Channels);
        long rows = _atoms * (long)_channels;
        _invariants = arena.Take<float>(3 * rows);
        _normal = arena.Take<float>(3 * rows);
        _scale = arena.Take<float>(_atoms);
        _linear = arena.Take<float>(rows);
        (_value, _gate) = (new(arena, rows), new(arena, rows));
        (_valueOut, _gateOut) = (new double[_atoms], new double[_atoms]);
    }

    /// <summary>Energy of all atoms, eV.</summary>
    public double Forward(in Field x)
    {
        FieldKernels<T>.PartProducts(x, x, _invariants);
        RowKernels<T>.LayerNormalise(_invariants, _weights.OutNorm.Weight.Pointer, _weights.OutNorm.Bias.Pointer, _weights.Source.OutNorm.Epsilon, _invariants, _normal, _scale, _atoms, 3 * _channels);
        _pass.Apply(_invariants, _atoms, _weights.OutLinear, _linear);
        Forward(_value, 0, _weights.Last.Value.Pointer, _weights.LastBias.Value, _valueOut);
        Forward(_gate, 1, _weights.Last.Gate.Pointer, _weights.LastBias.Gate, _gateOut);
        double energy = 0;
        for (int n = 0; n < _atoms; n++)
        {
            energy += _weights.Source.EnergyScale * _valueOut[n] * Energies.TensorNet.Activation.Sigmoid(_gateOut[n]) + _weights.Source.ElementEnergies[_species[n]];
        }

        return energy;
    }

    /// <summary>g = ∂E/∂x.</summary>
    public void Reverse(in Field x, in Field g)
    {
        for (int n = 0; n < _atoms; n++)
        {
            double s = Energies.TensorNet.Activation.Sigmoid(_gateOut[n]), value = _valueOut[n];
            (_valueOut[n], _gateOut[n]) = (_weights.Source.EnergyScale * s, _weights.Source.EnergyScale * value * s * (1 - s));
        }

        float* byLinear = Reverse(_value, 0, _weights.Last.Value.Pointer, _valueOut);
        RowKernels<T>.Add(byLinear, Reverse(_gate, 1, _weights.Last.Gate.Pointer, _gateOut), _atoms * _channels);
        _pass.Multiply(byLinear, _atoms, _weights.OutLinear.Backward, _invariants);
        RowKernels<T>.LayerNormaliseReverse(_invariants, _weights.OutNorm.Weight.Pointer, _normal, _scale, _atoms, 3 * _channels);
        RowKernels<T>.Add(_invariants, _invariants, 3 * _atoms * _channels);
        FieldKernels<T>.Scale(x, _invariants, g);
    }

    private void Forward(in Branch branch, int which, float* last, float lastBias, double[] result)
    {
        float* from = _linear;
        for (int t = 0; t < Hidden; t++)
        {
            float* to = branch.Output(t);
            _pass.Apply(from, _atoms, _weights.Readout[2 * t + which], to);
            RowKernels<T>.SiLU(to, branch.Slope(t), _atoms * _channels);
            from = to;
        }

        for (int n = 0; n < _atoms; n++)
        {
            result[n] = RowKernels<T>.SumOfProducts(from + n * _channels, last, _channels) + lastBias;
        }
    }

    private float* Reverse(in Branch branch, int which, float* last, double[] seed)
    {
        float* g = branch.Output(Hidden - 1);
        for (int n = 0; n < _atoms; n++)
        {
            for (nint c = 0; c < _channels; c++)
            {
                g[n * _channels + c] = (float)seed[n] * last[c];
            }
        }

        for (int t = Hidden - 1; t >= 0; t--)
        {
            RowKernels<T>.Multiply(g, branch.Slope(t), _atoms * _channels);
            // The outputs of the layer before are not needed any more: its gradient takes their place.
            float* to = t > 0 ? branch.Output(t - 1) : branch.Output(Hidden - 1);
            _pass.Multiply(g, _atoms, _weights.Readout[2 * t + which].Backward, to);
            g = to;
        }

        return g;
    }

    /// <summary>Outputs and slopes of the hidden layers of one perceptron.</summary>
    private readonly struct Branch(FeatureArena arena, long length)
    {
        private readonly float* _outputs = arena.Take<float>(Hidden * length), _slopes = arena.Take<float>(Hidden * length);
        private readonly long _length = length;

        public float* Output(int layer) => _outputs + layer * _length;

        public float* Slope(int layer) => _slopes + layer * _length;
    }
}

namespace Polymorph.Energies.TensorNet;

/// <summary>From the last features to the energies of the atoms, and back.</summary>
internal sealed class ReadoutPass(TensorNetWeights weights, int[] species)
{
    private readonly List<double[]> _value = [], _gate = [];
    private TensorField _x = new(0, 0);
    private double[] _normal = [], _normScale = [];

    /// <summary>Energy of every atom, [atoms], eV; without the shift of the whole structure.</summary>
    public double[] Forward(TensorField x)
    {
        _x = x;
        int channels = x.Channels;
        var invariants = new double[x.Atoms * 3 * channels];
        for (int n = 0; n < x.Atoms; n++)
        {
            for (int c = 0; c < channels; c++)
            {
                int at = 3 * n * channels + c;
                (invariants[at], invariants[at + channels], invariants[at + 2 * channels]) =
                    (x[n, c].Isotropic.NormSquared, x[n, c].Antisymmetric.NormSquared, x[n, c].Symmetric.NormSquared);
            }
        }

        (double[] norm, _normal, _normScale) = weights.OutNorm.Apply(invariants);
        var linear = weights.OutLinear.Apply(norm);
        double[] value = Perceptron(weights.Value, linear, _value), gate = Perceptron(weights.Gate, linear, _gate);
        return [.. species.Select((z, n) => weights.EnergyScale * value[n] * Activation.Sigmoid(gate[n]) + weights.ElementEnergies[z])];
    }

    /// <summary>∂E/∂x.</summary>
    public TensorField Reverse()
    {
        double[] value = new double[species.Length], gate = new double[species.Length];
        for (int n = 0; n < species.Length; n++)
        {
            double s = Activation.Sigmoid(_gate[^1][n]);
            value[n] = weights.EnergyScale * s;
            gate[n] = weights.EnergyScale * _value[^1][n] * s * (1 - s);
        }

        value = PerceptronReverse(weights.Value, value, _value);
        gate = PerceptronReverse(weights.Gate, gate, _gate);
        var linear = weights.OutLinear.ApplyTranspose([.. value.Zip(gate, (a, b) => a + b)]);
        var invariants = weights.OutNorm.Reverse(linear, _normal, _normScale);
        return TensorField.Create(_x.Atoms, _x.Channels, (n, c) =>
        {
            int at = 3 * n * _x.Channels + c;
            var m = _x[n, c];
            return 2 * (invariants[at] * m.Isotropic + invariants[at + _x.Channels] * m.Antisymmetric + invariants[at + 2 * _x.Channels] * m.Symmetric);
        });
    }

    // SiLU between the layers, none after the last; the sums before SiLU are kept.
    private static double[] Perceptron(AffineMap[] layers, double[] x, List<double[]> sums)
    {
        sums.Clear();
        foreach (var layer in layers)
        {
            sums.Add(layer.Apply(sums.Count == 0 ? x : Activation.SiLU(sums[^1])));
        }

        return sums[^1];
    }

    private static double[] PerceptronReverse(AffineMap[] layers, double[] g, List<double[]> sums)
    {
        for (int t = layers.Length - 1; t >= 0; t--)
        {
            g = layers[t].ApplyTranspose(t == layers.Length - 1 ? g : Activation.TimesSiLUSlope(g, sums[t]));
        }

        return g;
    }
}

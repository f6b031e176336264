using Polymorph.Structures;

namespace Polymorph.Energies.TensorNet;

/// <summary>From species and edges to the first features, and back. Section 3 of Simeon and De Fabritiis, arXiv:2306.06482, as published in matgl.</summary>
internal sealed class EmbeddingPass(TensorNetWeights weights, TensorNetGraph graph)
{
    private readonly int _channels = weights.Channels;
    private readonly double[][] _pairProducts = PairProducts(weights, graph.Species);
    private TensorField _sum = new(0, 0), _mixed = new(0, 0);
    private double[] _normal = [], _normScale = [], _hidden = [], _outer = [], _scalars = [];

    private int Atoms => graph.Species.Length;

    /// <summary>X, the features of all atoms.</summary>
    public TensorField Forward()
    {
        _sum = SumOfMessages();
        (double[] norm, _normal, _normScale) = weights.EmbedNorm.Apply(_sum.ToScalars(m => m.NormSquared));
        _hidden = weights.EmbedScalar[0].Apply(norm);
        _outer = weights.EmbedScalar[1].Apply(Activation.SiLU(_hidden));
        _scalars = Activation.SiLU(_outer);
        _mixed = _sum.Mix(weights.EmbedMix);
        return TensorField.Create(Atoms, _channels, (n, c) => Scale(n, c, _mixed[n, c]));
    }

    /// <summary>Adds ∂E/∂v of every pair, given G = ∂E/∂X.</summary>
    public void Reverse(TensorField g, Span<Vector3D> pairGradients)
    {
        var scalarGradient = new double[_scalars.Length];
        for (int n = 0; n < Atoms; n++)
        {
            for (int c = 0; c < _channels; c++)
            {
                int at = 3 * (n * _channels + c);
                var (v, gradient) = (_mixed[n, c], g[n, c]);
                scalarGradient[at] = gradient.Dot(v.Isotropic);
                scalarGradient[at + 1] = gradient.Dot(v.Antisymmetric);
                scalarGradient[at + 2] = gradient.Dot(v.Symmetric);
            }
        }

        var outer = Activation.TimesSiLUSlope(scalarGradient, _outer);
        var hidden = Activation.TimesSiLUSlope(weights.EmbedScalar[1].ApplyTranspose(outer), _hidden);
        var norm = weights.EmbedNorm.Reverse(weights.EmbedScalar[0].ApplyTranspose(hidden), _normal, _normScale);
        var mixed = TensorField.Create(Atoms, _channels, (n, c) => Scale(n, c, g[n, c])).MixTranspose(weights.EmbedMix);
        var sum = TensorField.Create(Atoms, _channels, (n, c) => mixed[n, c] + 2 * norm[n * _channels + c] * _sum[n, c]);
        for (int p = 0; p < graph.Pairs.Count; p++)
        {
            var pair = graph.Pairs[p];
            var radial = Radial(pair.Distance);
            var u = 1 / pair.Distance * pair.Offset;
            pairGradients[p] += EdgeGradient(pair.First, pair.Second, u, pair.Distance, radial, sum) - EdgeGradient(pair.Second, pair.First, -u, pair.Distance, radial, sum);
        }
    }

    // The message of the edge i → j is summed at j.
    private TensorField SumOfMessages()
    {
        var sum = new TensorField(Atoms, _channels);
        foreach (var pair in graph.Pairs)
        {
            var (value, _) = Radial(pair.Distance);
            var u = 1 / pair.Distance * pair.Offset;
            AddMessage(sum, pair.First, pair.Second, u, value);
            AddMessage(sum, pair.Second, pair.First, -u, value);
        }

        return sum;
    }

    private void AddMessage(TensorField sum, int i, int j, Vector3D u, double[][] w)
    {
        var z = Product(i, j);
        var (antisymmetric, symmetric) = (Matrix3.CrossProduct(u), Matrix3.Dyad(u).Symmetric);
        for (int c = 0; c < _channels; c++)
        {
            sum[j, c] += z[c] * (w[0][c] * Matrix3.Identity + w[1][c] * antisymmetric + w[2][c] * symmetric);
        }
    }

    private Vector3D EdgeGradient(int i, int j, Vector3D u, double d, (double[][] Value, double[][] Slope) w, TensorField g)
    {
        var z = Product(i, j);
        double byDistance = 0;
        var byDirection = Vector3D.Zero;
        for (int c = 0; c < _channels; c++)
        {
            var gradient = z[c] * g[j, c];
            var axis = new Vector3D(gradient.ZY - gradient.YZ, gradient.XZ - gradient.ZX, gradient.YX - gradient.XY);
            var symmetric = gradient.Symmetric;
            byDistance += w.Slope[0][c] * gradient.Dot(Matrix3.Identity) + w.Slope[1][c] * axis.Dot(u) + w.Slope[2][c] * u.Dot(symmetric * u);
            byDirection += w.Value[1][c] * axis + 2 * w.Value[2][c] * (symmetric * u);
        }

        return byDistance * u + 1 / d * (byDirection - byDirection.Dot(u) * u);
    }

    /// <summary>w_k without Z, [3][C], and its slope.</summary>
    private (double[][] Value, double[][] Slope) Radial(double d)
    {
        Span<double> g = stackalloc double[RadialFunctions.Count], slope = stackalloc double[RadialFunctions.Count];
        weights.Radial.Evaluate(d, g, slope);
        var (envelope, envelopeSlope) = weights.Radial.Envelope(d);
        var (values, slopes) = (new double[3][], new double[3][]);
        for (int k = 0; k < 3; k++)
        {
            var (w, dw) = (weights.Distance[k].Apply(g), weights.Distance[k].ApplyLinear(slope));
            for (int c = 0; c < w.Length; c++)
            {
                dw[c] = dw[c] * envelope + w[c] * envelopeSlope;
                w[c] *= envelope;
            }

            (values[k], slopes[k]) = (w, dw);
        }

        return (values, slopes);
    }

    private Matrix3 Scale(int n, int c, Matrix3 m)
    {
        int at = 3 * (n * _channels + c);
        return _scalars[at] * m.Isotropic + _scalars[at + 1] * m.Antisymmetric + _scalars[at + 2] * m.Symmetric;
    }

    private double[] Product(int i, int j) => _pairProducts[graph.Species[i] * weights.Elements.Length + graph.Species[j]];

    /// <summary>Z for every ordered pair of species that occur, the source's species first.</summary>
    private static double[][] PairProducts(TensorNetWeights weights, int[] species)
    {
        var result = new double[weights.Elements.Length * weights.Elements.Length][];
        foreach (int i in species.Distinct())
        {
            foreach (int j in species.Distinct())
            {
                double[] both = [.. Row(i), .. Row(j)];
                result[i * weights.Elements.Length + j] = weights.Pair.Apply(both);
            }
        }

        return result;

        IEnumerable<double> Row(int z) => weights.Species.Skip(z * weights.Channels).Take(weights.Channels).Select(s => (double)s);
    }
}

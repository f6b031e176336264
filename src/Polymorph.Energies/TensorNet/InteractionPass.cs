using System.Runtime.InteropServices;
using Polymorph.Structures;

namespace Polymorph.Energies.TensorNet;

/// <summary>One interaction block, and back: messages between neighbours and products of matrices in the O(3) form.</summary>
internal sealed class InteractionPass(TensorNetWeights weights, TensorNetWeights.Block block, TensorNetGraph graph)
{
    // Edge scalars of this many pairs are held at a time; they are computed again on the way back.
    private const int PairsAtOnce = 256;

    private readonly EdgePerceptron _perceptron = new(weights.Radial, block.Scalars);
    private TensorField _x = new(0, 0), _y = new(0, 0), _messages = new(0, 0), _product = new(0, 0), _update = new(0, 0);

    /// <summary>The features after the block.</summary>
    /// <param name="x">The features before it.</param>
    public TensorField Forward(TensorField x)
    {
        _x = x;
        var normalised = Map(x, Normalise);
        _y = normalised.Mix(block.Before);
        _messages = Messages(_y);
        _product = Map(_messages, _y, (m, y) => m * y + y * m);
        _update = Map(_product, Normalise).Mix(block.After);
        return Map(normalised, _update, (a, d) => a + d + d * d);
    }

    /// <summary>∂E/∂x, given G = ∂E/∂(features after the block); adds ∂E/∂v of every pair.</summary>
    public TensorField Reverse(TensorField g, Span<Vector3D> pairGradients)
    {
        var update = Map(g, _update, (a, d) => a + a * d.Transpose + d.Transpose * a);
        var product = Map(update.MixTranspose(block.After), _product, NormaliseReverse);
        var messages = Map(product, _y, (p, y) => p * y.Transpose + y.Transpose * p);
        var y = Map(product, _messages, (p, m) => p * m.Transpose + m.Transpose * p);
        var fromMessages = MessagesReverse(messages, pairGradients);
        var before = Map(y, fromMessages, (a, b) => a + b).MixTranspose(block.Before);
        return Map(Map(g, before, (a, b) => a + b), _x, NormaliseReverse);
    }

    // M/(n(M) + 1)
    private static Matrix3 Normalise(Matrix3 m) => 1 / (m.NormSquared + 1) * m;

    private static Matrix3 NormaliseReverse(Matrix3 g, Matrix3 m)
    {
        double r = 1 / (m.NormSquared + 1);
        return r * g - 2 * r * r * g.Dot(m) * m;
    }

    /// <summary>M_i = Σ over edges i → j of q_0 I(Y_j) + q_1 A(Y_j) + q_2 S(Y_j).</summary>
    private TensorField Messages(TensorField y)
    {
        var messages = new TensorField(y.Atoms, y.Channels);
        ForEachPair(withSlope: false, (p, q, _) =>
        {
            var (i, j, _, _) = graph.Pairs[p];
            for (int c = 0; c < y.Channels; c++)
            {
                messages[i, c] += Scale(q.AsSpan(3 * c), y[j, c]);
                messages[j, c] += Scale(q.AsSpan(3 * c), y[i, c]);
            }
        });
        return messages;
    }

    private TensorField MessagesReverse(TensorField g, Span<Vector3D> pairGradients)
    {
        var result = new TensorField(g.Atoms, g.Channels);
        var byDistance = new double[graph.Pairs.Count];
        ForEachPair(withSlope: true, (p, q, slope) =>
        {
            var (i, j, _, _) = graph.Pairs[p];
            for (int c = 0; c < g.Channels; c++)
            {
                var (fromI, fromJ) = (g[i, c], g[j, c]);
                result[j, c] += Scale(q.AsSpan(3 * c), fromI);
                result[i, c] += Scale(q.AsSpan(3 * c), fromJ);
                byDistance[p] += fromI.Dot(Scale(slope.AsSpan(3 * c), _y[j, c])) + fromJ.Dot(Scale(slope.AsSpan(3 * c), _y[i, c]));
            }
        });
        for (int p = 0; p < byDistance.Length; p++)
        {
            pairGradients[p] += byDistance[p] / graph.Pairs[p].Distance * graph.Pairs[p].Offset;
        }

        return result;
    }

    private void ForEachPair(bool withSlope, Action<int, ArraySegment<double>, ArraySegment<double>> visit)
    {
        var distances = graph.Pairs.ConvertAll(p => p.Distance);
        for (int start = 0; start < distances.Count; start += PairsAtOnce)
        {
            int count = Math.Min(PairsAtOnce, distances.Count - start);
            var (value, slope) = _perceptron.Evaluate(CollectionsMarshal.AsSpan(distances).Slice(start, count), withSlope);
            for (int k = 0; k < count; k++)
            {
                visit(start + k, new(value, k * _perceptron.Count, _perceptron.Count), withSlope ? new(slope, k * _perceptron.Count, _perceptron.Count) : default);
            }
        }
    }

    private static Matrix3 Scale(ReadOnlySpan<double> q, Matrix3 m) => q[0] * m.Isotropic + q[1] * m.Antisymmetric + q[2] * m.Symmetric;

    private static TensorField Map(TensorField a, Func<Matrix3, Matrix3> f) => TensorField.Create(a.Atoms, a.Channels, (n, c) => f(a[n, c]));

    private static TensorField Map(TensorField a, TensorField b, Func<Matrix3, Matrix3, Matrix3> f) => TensorField.Create(a.Atoms, a.Channels, (n, c) => f(a[n, c], b[n, c]));
}

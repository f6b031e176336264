namespace Polymorph.Energies.TensorNet;

/// <summary>The edge scalars of one interaction block: q(d) = φ(d) · SiLU(W₂ SiLU(W₁ SiLU(W₀ g(d) + b₀) + b₁) + b₂), 3C functions of the distance alone.</summary>
internal sealed class EdgePerceptron(RadialFunctions radial, AffineMap[] layers)
{
    /// <summary>Number of functions, 3C; number 3c + k scales part k of channel c.</summary>
    public int Count => layers[^1].Outputs;

    /// <summary>q of every distance, and its slope by the forward tangent. Results: [distances × 3C].</summary>
    /// <param name="distances">Å, positive.</param>
    /// <param name="withSlope">False to leave the slope out: it is then empty.</param>
    public (double[] Value, double[] Slope) Evaluate(ReadOnlySpan<double> distances, bool withSlope = true)
    {
        var (value, slope) = (new double[distances.Length * RadialFunctions.Count], new double[distances.Length * RadialFunctions.Count]);
        for (int e = 0; e < distances.Length; e++)
        {
            int at = e * RadialFunctions.Count;
            radial.Evaluate(distances[e], value.AsSpan(at, RadialFunctions.Count), slope.AsSpan(at, RadialFunctions.Count));
        }

        foreach (var layer in layers)
        {
            var sum = layer.Apply(value);
            slope = withSlope ? Activation.TimesSiLUSlope(layer.ApplyLinear(slope), sum) : [];
            value = Activation.SiLU(sum);
        }

        for (int e = 0; e < distances.Length; e++)
        {
            var (envelope, envelopeSlope) = radial.Envelope(distances[e]);
            for (int i = e * Count; i < (e + 1) * Count; i++)
            {
                if (withSlope)
                {
                    slope[i] = slope[i] * envelope + value[i] * envelopeSlope;
                }

                value[i] *= envelope;
            }
        }

        return (value, slope);
    }
}

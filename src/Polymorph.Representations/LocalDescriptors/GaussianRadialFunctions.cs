namespace Polymorph.Representations.LocalDescriptors;

/// <summary>Shifted Gaussians g(r) = exp(−r²/s²) − exp(−r_c²/s²); for each l the n_max − l + 1 decay lengths s are equally spaced from 1 Å to r_c.</summary>
/// <remarks>The alternative basis of the LoGAN paper (Kovács et al., Mach. Learn.: Sci. Technol. 5 (2024) 035079); not orthogonal, not normalised, no factor r^l.</remarks>
public sealed class GaussianRadialFunctions : IRadialFunctions
{
    private readonly double _cutoff;
    private readonly double[] _exponents;

    /// <summary>The functions with l + n ≤ n_max.</summary>
    /// <param name="maximumOrder">n_max, not negative.</param>
    /// <param name="cutoffRadius">r_c, Å, positive.</param>
    public GaussianRadialFunctions(int maximumOrder, double cutoffRadius)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maximumOrder);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(cutoffRadius);
        _cutoff = cutoffRadius;
        var exponents = new List<double>();
        for (int l = 0; l <= maximumOrder; l++)
        {
            int last = maximumOrder - l;
            for (int n = 0; n <= last; n++)
            {
                double s = last == 0 ? 1 : 1 + (cutoffRadius - 1) * n / last;
                exponents.Add(1 / (s * s));
            }
        }

        _exponents = [.. exponents];
    }

    /// <inheritdoc/>
    public int Count => _exponents.Length;

    /// <summary>1/s² of each function, Å⁻², [Count].</summary>
    public ReadOnlySpan<double> Exponents => _exponents;

    /// <inheritdoc/>
    public void Evaluate(double r, Span<double> values, Span<double> derivatives)
    {
        values.Clear();
        derivatives.Clear();
        if (r >= _cutoff)
        {
            return;
        }

        for (int k = 0; k < _exponents.Length; k++)
        {
            double exponential = Math.Exp(-_exponents[k] * r * r);
            values[k] = exponential - Math.Exp(-_exponents[k] * _cutoff * _cutoff);
            derivatives[k] = -2 * _exponents[k] * r * exponential;
        }
    }
}

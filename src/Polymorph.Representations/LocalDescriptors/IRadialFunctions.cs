namespace Polymorph.Representations.LocalDescriptors;

/// <summary>The radial functions g_ln of a power spectrum, l-major, then n: (0,0), (0,1), …, (1,0), …</summary>
public interface IRadialFunctions
{
    /// <summary>Number of functions.</summary>
    int Count { get; }

    /// <summary>Values and slopes at one distance; all zero from the cutoff on.</summary>
    /// <param name="r">Distance, Å, not negative.</param>
    /// <param name="values">g_ln(r), [Count], overwritten.</param>
    /// <param name="derivatives">dg_ln/dr, Å⁻¹ times the unit of g, [Count], overwritten.</param>
    void Evaluate(double r, Span<double> values, Span<double> derivatives);
}

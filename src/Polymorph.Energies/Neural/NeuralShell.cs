namespace Polymorph.Energies.Neural;

/// <summary>One set of Bessel radial functions: all with l + n ≤ n_max that end smoothly at a cutoff.</summary>
public sealed record NeuralShell
{
    /// <summary>A set.</summary>
    /// <param name="cutoffRadius">r_c, Å.</param>
    /// <param name="maximumOrder">n_max.</param>
    /// <exception cref="ArgumentOutOfRangeException">The radius is not in (0.5, 20], or the order not in 1..10.</exception>
    public NeuralShell(double cutoffRadius, int maximumOrder) => (CutoffRadius, MaximumOrder) = (cutoffRadius, maximumOrder);

    /// <summary>r_c: neighbours at this distance or farther contribute nothing, Å.</summary>
    public double CutoffRadius
    {
        get;
        init => field = value is > 0.5 and <= 20 ? value : throw new ArgumentOutOfRangeException(nameof(CutoffRadius), value, "expected a radius from 0.5 to 20 Å");
    }

    /// <summary>n_max.</summary>
    public int MaximumOrder
    {
        get;
        init => field = value is >= 1 and <= 10 ? value : throw new ArgumentOutOfRangeException(nameof(MaximumOrder), value, "expected an order from 1 to 10");
    }
}

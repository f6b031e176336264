namespace Polymorph.Representations.LocalDescriptors;

/// <summary>The settings of a power spectrum. Defaults: the C5H12O models of the LoGAN paper (Kovács et al., Mach. Learn.: Sci. Technol. 5 (2024) 035079) with n_max 3.</summary>
public sealed record PowerSpectrumOptions
{
    /// <summary>The largest order the double-precision tables and the single-precision series are tested for.</summary>
    public const int LargestOrder = 10;

    /// <summary>Radial functions.</summary>
    public RadialBasis Radial
    {
        get;
        init => field = value is RadialBasis.Bessel or RadialBasis.Gaussian
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Radial), value, "expected Bessel or Gaussian");
    }

    /// <summary>r_c, Å: atoms at this distance or farther contribute nothing.</summary>
    public double CutoffRadius
    {
        get;
        init => field = value is >= 0.5 and <= 100
            ? value
            : throw new ArgumentOutOfRangeException(nameof(CutoffRadius), value, "expected a radius between 0.5 and 100 Å");
    } = 5;

    /// <summary>n_max: the largest l, and the largest l + n, of the expansion.</summary>
    public int MaximumOrder
    {
        get;
        init => field = value is >= 1 and <= LargestOrder
            ? value
            : throw new ArgumentOutOfRangeException(nameof(MaximumOrder), value, $"expected an order from 1 to {LargestOrder}");
    } = 3;

    /// <summary>Number of nearest neighbours that are counted; when fewer exist, all are.</summary>
    public int NeighbourCount
    {
        get;
        init => field = value >= 1
            ? value
            : throw new ArgumentOutOfRangeException(nameof(NeighbourCount), value, "must be at least 1");
    } = 12;

    /// <summary>Number of (l, n) pairs with l + n ≤ n_max, stored l-major: (n_max + 1)(n_max + 2) / 2.</summary>
    public int CoefficientCount => (MaximumOrder + 1) * (MaximumOrder + 2) / 2;

    /// <summary>Length of the power spectrum: one block of <see cref="CoefficientCount"/> for every pair of types A ≤ B.</summary>
    /// <param name="typeCount">Number of atom types.</param>
    public int SpectrumLength(int typeCount) => typeCount * (typeCount + 1) / 2 * CoefficientCount;

    /// <summary>Length of a descriptor: the power spectrum, then the centre's type as a one-hot vector.</summary>
    /// <param name="typeCount">Number of atom types.</param>
    public int DescriptorLength(int typeCount) => SpectrumLength(typeCount) + typeCount;

    /// <summary>The radial functions in double precision.</summary>
    public IRadialFunctions CreateRadialFunctions() => Radial == RadialBasis.Bessel
        ? new BesselRadialFunctions(MaximumOrder, CutoffRadius)
        : new GaussianRadialFunctions(MaximumOrder, CutoffRadius);
}

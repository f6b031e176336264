namespace Polymorph.Representations.CrystalGraphs;

/// <summary>Which neighbours a crystal graph has and how their distances are expanded.</summary>
/// <remarks>Defaults: T. Xie and J. C. Grossman, Phys. Rev. Lett. 120, 145301 (2018), and their public code.</remarks>
public sealed record CrystalGraphOptions
{
    /// <summary>Fewest centres that the expansion may have; the kernels take this many at a time.</summary>
    public const int FewestCentres = 9;

    /// <summary>Neighbours of every atom, nearest first.</summary>
    public int Neighbours { get; init => field = value is >= 1 and <= 64 ? value : throw new ArgumentOutOfRangeException(nameof(Neighbours), value, "expected 1 to 64 neighbours"); } = 12;

    /// <summary>How far neighbours are sought, Å.</summary>
    public double Radius { get; init => field = value is >= 2 and <= 20 ? value : throw new ArgumentOutOfRangeException(nameof(Radius), value, "expected 2 to 20 angstrom"); } = 8;

    /// <summary>Distance of two centres of the expansion and width of its Gaussians, Å.</summary>
    public double Step { get; init => field = value is >= 0.05 and <= 0.25 ? value : throw new ArgumentOutOfRangeException(nameof(Step), value, "expected 0.05 to 0.25 angstrom"); } = 0.2;

    /// <summary>True to leave missing neighbours out; false, as published, to fill up with atom 0 at <see cref="Radius"/> + 1 Å.</summary>
    public bool LeaveOutMissing { get; init; }

    /// <summary>Centres of the expansion: 0, Step, 2 Step, … up to the radius.</summary>
    public int Centres => (int)Math.Round(Radius / Step) + 1;

    /// <summary>Edge features of a distance: exp(−(d − k·Step)²/Step²) for k = 0..Centres − 1.</summary>
    /// <param name="distance">d, Å.</param>
    /// <param name="result">[Centres], dimensionless, overwritten.</param>
    public void Expand(double distance, Span<double> result)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(result.Length, Centres);
        for (int k = 0; k < result.Length; k++)
        {
            double x = (distance - k * Step) / Step;
            result[k] = Math.Exp(-x * x);
        }
    }
}

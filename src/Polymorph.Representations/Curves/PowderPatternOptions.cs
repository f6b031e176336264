namespace Polymorph.Representations.Curves;

/// <summary>How a powder pattern is computed.</summary>
public sealed record PowderPatternOptions
{
    /// <summary>Weighted mean of the copper Kα lines, Å.</summary>
    public const double CopperKAlpha = 1.54184;

    /// <summary>Wavelength, Å; 0.1 to 10.</summary>
    public double Wavelength { get; init => field = value is >= 0.1 and <= 10 ? value : throw new ArgumentOutOfRangeException(nameof(Wavelength), value, "expected a wavelength from 0.1 to 10 Å"); } = CopperKAlpha;

    /// <summary>Smallest diffraction angle 2θ, degrees; 0 to 180.</summary>
    public double SmallestTwoTheta { get; init => field = Angle(value); }

    /// <summary>Largest diffraction angle 2θ, degrees; 0 to 180.</summary>
    public double LargestTwoTheta { get; init => field = Angle(value); } = 90;

    private static double Angle(double value) => value is >= 0 and <= 180 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "expected an angle from 0 to 180 degrees");
}

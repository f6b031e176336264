namespace Polymorph.Studies.Screening;

/// <summary>What a step says of a candidate.</summary>
public enum StepVerdict
{
    /// <summary>Within the bounds.</summary>
    Pass,

    /// <summary>Outside.</summary>
    Fail,

    /// <summary>Within reach of a bound: the uncertainty decides.</summary>
    Borderline,

    /// <summary>The quantity is not known; never counted as passing.</summary>
    Unknown,
}

/// <summary>The window of a step; both ends belong to it.</summary>
/// <param name="Minimum">Smallest value; null for none.</param>
/// <param name="Maximum">Largest value; null for none.</param>
public readonly record struct StepBounds(double? Minimum, double? Maximum)
{
    // Values are quotients and sums of doubles: a bound such as 8/3 or 0.2 that is met exactly must pass.
    private const double Rounding = 1e-9;

    /// <summary>True when there is a bound at all.</summary>
    public bool Any => Minimum is not null || Maximum is not null;

    /// <summary>Where a value lies.</summary>
    /// <param name="value">The value.</param>
    /// <param name="uncertainty">How far the truth may lie from it, zero or more.</param>
    public StepVerdict Judge(double value, double uncertainty = 0)
    {
        double low = Minimum ?? double.NegativeInfinity, high = Maximum ?? double.PositiveInfinity;
        return value - uncertainty >= low - Rounding && value + uncertainty <= high + Rounding ? StepVerdict.Pass
            : value + uncertainty < low - Rounding || value - uncertainty > high + Rounding ? StepVerdict.Fail
            : uncertainty > 0 ? StepVerdict.Borderline
            : StepVerdict.Fail;
    }
}

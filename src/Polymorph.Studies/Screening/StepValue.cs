namespace Polymorph.Studies.Screening;

/// <summary>A quantity of one candidate, or why it is not known.</summary>
internal sealed record StepValue
{
    private StepValue()
    {
    }

    /// <summary>The number; null where the quantity is none or is not known.</summary>
    public double? Number { get; private init; }

    /// <summary>How far the truth may lie from the number; zero where nobody says.</summary>
    public double Uncertainty { get; private init; }

    /// <summary>For quantities that are no numbers: whether the candidate passes.</summary>
    public bool? Passes { get; private init; }

    /// <summary>Why it fails or is not known, as a code such as <c>no-energy</c>; empty otherwise.</summary>
    public string Reason { get; private init; } = "";

    /// <summary>What a reader wants to know beside the number.</summary>
    public string Detail { get; private init; } = "";

    /// <summary>True when an engine failed on this candidate.</summary>
    public bool EngineFailed { get; init; }

    /// <summary>A number for the bounds to judge; one that is not finite is unknown.</summary>
    /// <param name="number">The number.</param>
    /// <param name="uncertainty">How far the truth may lie from it.</param>
    /// <param name="detail">What else there is to say.</param>
    public static StepValue Of(double number, double uncertainty = 0, string detail = "") =>
        double.IsFinite(number) ? new() { Number = number, Uncertainty = uncertainty, Detail = detail } : Unknown("not-finite", detail);

    /// <summary>A yes or no.</summary>
    /// <param name="passes">Whether it passes.</param>
    /// <param name="reason">Code of the reason why not.</param>
    /// <param name="detail">What else there is to say.</param>
    public static StepValue Judged(bool passes, string reason, string detail = "") => new() { Passes = passes, Reason = passes ? "" : reason, Detail = detail };

    /// <summary>Not known.</summary>
    /// <param name="reason">Code of the reason.</param>
    /// <param name="detail">The reason in words.</param>
    public static StepValue Unknown(string reason, string detail = "") => new() { Reason = reason, Detail = detail };
}

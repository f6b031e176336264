namespace Polymorph.Studies.Screening;

/// <summary>What one step found for one candidate.</summary>
/// <param name="Step">Name of the step.</param>
/// <param name="Quantity">Its quantity.</param>
/// <param name="Verdict">What it says.</param>
/// <param name="Value">The number, or why there is none.</param>
/// <param name="GoesOn">Whether the candidate went on to the next step.</param>
internal sealed record StepResult(string Step, string Quantity, StepVerdict Verdict, StepValue Value, bool GoesOn)
{
    /// <summary>Why it fails or is unknown, as a code; empty when it passes.</summary>
    public string Reason => Value.Reason.Length > 0 ? Value.Reason : Verdict switch { StepVerdict.Fail => "out-of-bounds", StepVerdict.Borderline => "within-uncertainty", _ => "" };

    /// <summary>The verdict as files have it.</summary>
    public string VerdictText => Text(Verdict);

    /// <summary>A verdict as files have it.</summary>
    /// <param name="verdict">The verdict.</param>
    public static string Text(StepVerdict verdict) => verdict switch { StepVerdict.Pass => "pass", StepVerdict.Fail => "fail", StepVerdict.Borderline => "borderline", _ => "unknown" };
}

namespace Polymorph.Foundation;

/// <summary>How a command ends; the value is the process's exit code.</summary>
public enum ExitCode
{
    /// <summary>Done.</summary>
    Done = 0,

    /// <summary>The command line or a recipe is wrong.</summary>
    Usage = 2,

    /// <summary>An input file or its content is wrong.</summary>
    InputData = 3,

    /// <summary>Every candidate was dropped.</summary>
    NothingSurvived = 4,

    /// <summary>An engine is missing or failed, or a file could not be written.</summary>
    EngineFailed = 5,

    /// <summary>Some parts finished, some did not.</summary>
    PartlyConverged = 6,

    /// <summary>Stopped on request with a checkpoint.</summary>
    Stopped = 130,
}

/// <summary>An error a user can mend: what happened, where, and what to do next. Never shown with a stack trace.</summary>
/// <param name="code">Stable code of the form <c>PM2103</c>; <c>docs/errors.md</c> lists them. The thousands tell the subject:
/// 1 usage, 2 structures and files, 3 descriptors and models, 4 training and checkpoints, 5 selection, 6 engines, 7 run folders.</param>
/// <param name="reason">What is wrong: what was expected and what came.</param>
/// <param name="place">Where: <c>file:line</c>, a structure's id, a recipe key; null when there is no place.</param>
/// <param name="nextStep">What the user can do about it; null when the reason says it.</param>
/// <param name="exitCode">The exit code of the command that ends by this error.</param>
/// <param name="inner">The cause, for logs.</param>
public sealed class PolymorphException(
    string code, string reason, string? place = null, string? nextStep = null, ExitCode exitCode = ExitCode.InputData, Exception? inner = null)
    : Exception(OneLine(code, place, reason, nextStep), inner)
{
    /// <summary>Stable code, such as <c>PM2103</c>.</summary>
    public string Code { get; } = code;

    /// <summary>What is wrong.</summary>
    public string Reason { get; } = reason;

    /// <summary>Where it is wrong, or null.</summary>
    public string? Place { get; } = place;

    /// <summary>The way out, or null.</summary>
    public string? NextStep { get; } = nextStep;

    /// <summary>The exit code of the command that ends by this error.</summary>
    public ExitCode ExitCode { get; } = exitCode;

    /// <summary>Code, place, reason and way out as sentences on one line.</summary>
    /// <param name="code">The code.</param>
    /// <param name="place">Where, or null.</param>
    /// <param name="reason">What is wrong.</param>
    /// <param name="nextStep">The way out, or null.</param>
    public static string OneLine(string code, string? place, string reason, string? nextStep)
    {
        ArgumentNullException.ThrowIfNull(reason);
        string stop = nextStep is null || reason.EndsWith('.') || reason.EndsWith('?') ? "" : ".";
        return $"{code}{(place is null ? "" : $" {place}")}: {reason}{stop}{(nextStep is null ? "" : $" {nextStep}")}";
    }
}

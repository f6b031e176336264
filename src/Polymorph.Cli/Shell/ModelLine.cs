using System.Globalization;
using Polymorph.Studies.Runs;

namespace Polymorph.Cli.Shell;

/// <summary>A model's progress as words.</summary>
internal static class ModelLine
{
    /// <summary>One line: epoch, Wasserstein estimate, gradient norm, share of valid geometries, time left.</summary>
    /// <param name="p">The progress.</param>
    public static string Text(ModelProgress p) => p.State == ModelState.Training && p.Left is null
        ? string.Create(CultureInfo.InvariantCulture, $"{p.Model}: training from epoch {p.Epoch} of {p.Epochs}")
        : string.Create(CultureInfo.InvariantCulture, $"{p.Model}: {State(p)}{Numbers(p)}{(p.Left is { } left && p.State == ModelState.Training ? $", {Duration(left)} left" : "")}");

    /// <summary>The state with the epoch.</summary>
    public static string State(ModelProgress p) => p.State switch
    {
        ModelState.Waiting => "waiting",
        ModelState.Preparing => "preparing",
        ModelState.Training => string.Create(CultureInfo.InvariantCulture, $"epoch {p.Epoch} of {p.Epochs}"),
        ModelState.Finished => "finished",
        ModelState.Diverged => "diverged",
        _ => string.Create(CultureInfo.InvariantCulture, $"stopped at epoch {p.Epoch} of {p.Epochs}"),
    };

    /// <summary>A duration as a person says it: <c>8 s</c>, <c>3 min</c>, <c>2 h 10 min</c>.</summary>
    public static string Duration(TimeSpan time) => time switch
    {
        { TotalSeconds: < 100 } => string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(time.TotalSeconds):0} s"),
        { TotalMinutes: < 100 } => string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(time.TotalMinutes):0} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours} h {time.Minutes} min"),
    };

    /// <summary>The share as a percentage, or a dash.</summary>
    public static string Share(double? share) => share is { } s ? $"{(100 * s).ToString(s < 0.1 ? "0.0" : "0", CultureInfo.InvariantCulture)} %" : "-";

    private static string Numbers(ModelProgress p) => p.Statistics == default
        ? ""
        : string.Create(CultureInfo.InvariantCulture, $", Wasserstein {p.Statistics.Wasserstein:0.000}, gradient norm {p.Statistics.GradientNorm:0.00}, valid {Share(p.ValidShare)}{(p.Details is null ? "" : $", {p.Details}")}");
}

using System.Collections.Immutable;
using System.Globalization;

namespace Polymorph.Studies.Screening;

/// <summary>One step of a funnel: how many came, and what became of them.</summary>
/// <param name="Step">Name of the step.</param>
/// <param name="Quantity">Its quantity.</param>
/// <param name="In">Candidates that came.</param>
/// <param name="Out">Candidates that went on.</param>
/// <param name="Verdicts">How many had each verdict.</param>
/// <param name="Losses">How many did not go on for each reason, by its code.</param>
public sealed record FunnelRow(string Step, string Quantity, int In, int Out, ImmutableSortedDictionary<StepVerdict, int> Verdicts, ImmutableSortedDictionary<string, int> Losses)
{
    /// <summary>How many had a verdict.</summary>
    /// <param name="verdict">The verdict.</param>
    public int Count(StepVerdict verdict) => Verdicts.GetValueOrDefault(verdict);

    /// <summary>The row as a sentence: <c>stable: 120 in, 35 out; 85 out-of-bounds</c>.</summary>
    public string Sentence
    {
        get
        {
            string losses = string.Join(", ", Losses.OrderByDescending(l => l.Value).ThenBy(l => l.Key, StringComparer.Ordinal).Select(l => string.Create(CultureInfo.InvariantCulture, $"{l.Value} {l.Key}")));
            int kept = Count(StepVerdict.Unknown) - Losses.Where(l => l.Key.StartsWith(UnknownPrefix, StringComparison.Ordinal)).Sum(l => l.Value);
            string unknown = kept > 0 ? string.Create(CultureInfo.InvariantCulture, $"; {kept} unknown go on") : "";
            string border = Count(StepVerdict.Borderline) > 0 ? string.Create(CultureInfo.InvariantCulture, $"; {Count(StepVerdict.Borderline)} borderline") : "";
            return string.Create(CultureInfo.InvariantCulture, $"{Step}: {In} in, {Out} out{(losses.Length > 0 ? $"; lost: {losses}" : "")}{unknown}{border}");
        }
    }

    /// <summary>Stands before the reasons of losses whose quantity is not known.</summary>
    internal const string UnknownPrefix = "unknown:";

    /// <summary>The row of a step.</summary>
    /// <param name="results">What it found.</param>
    /// <param name="settings">The step.</param>
    internal static FunnelRow Of(IReadOnlyList<StepResult> results, StepSettings settings) => new(
        settings.Name, settings.Quantity, results.Count, results.Count(r => r.GoesOn),
        results.GroupBy(r => r.Verdict).ToImmutableSortedDictionary(g => g.Key, g => g.Count()),
        results.Where(r => !r.GoesOn).GroupBy(r => r.Verdict == StepVerdict.Unknown ? UnknownPrefix + r.Reason : r.Reason).ToImmutableSortedDictionary(g => g.Key, g => g.Count(), StringComparer.Ordinal));
}

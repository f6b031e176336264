using Polymorph.Foundation;

namespace Polymorph.Selection.Coverage;

/// <summary>How often each distinct thing was met in a sample: what all estimates of the unseen are made of.</summary>
/// <param name="Sample">n: everything met, repeats included.</param>
/// <param name="Observed">S: distinct things.</param>
/// <param name="Singletons">f₁: those met once.</param>
/// <param name="Doubletons">f₂: those met twice.</param>
public readonly record struct AbundanceCounts(long Sample, long Observed, long Singletons, long Doubletons)
{
    /// <summary>The counts of a sample.</summary>
    /// <param name="abundances">How often each distinct thing was met; zeros are things that were not met.</param>
    /// <exception cref="PolymorphException">PM5020: a negative number.</exception>
    public static AbundanceCounts Of(IEnumerable<long> abundances)
    {
        ArgumentNullException.ThrowIfNull(abundances);
        long sample = 0, observed = 0, once = 0, twice = 0;
        foreach (long count in abundances)
        {
            if (count < 0)
            {
                throw new PolymorphException("PM5020", $"something cannot be met {count} times", nextStep: "Give counts of zero or more.");
            }

            sample += count;
            observed += count > 0 ? 1 : 0;
            once += count == 1 ? 1 : 0;
            twice += count == 2 ? 1 : 0;
        }

        return new AbundanceCounts(sample, observed, once, twice);
    }
}

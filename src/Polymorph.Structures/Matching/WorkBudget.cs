namespace Polymorph.Structures.Matching;

/// <summary>Counts elementary steps, so that a search ends after the same number of them on every machine.</summary>
/// <param name="limit">Steps allowed.</param>
internal struct WorkBudget(long limit)
{
    private long _left = limit;

    /// <summary>True when the limit has been passed.</summary>
    public readonly bool IsSpent => _left < 0;

    /// <summary>Takes steps; false when none are left.</summary>
    /// <param name="steps">How many.</param>
    public bool Take(long steps) => (_left -= steps) >= 0;
}

using System.Runtime.CompilerServices;

namespace Polymorph.Studies.Data;

/// <summary>How much is fetched, and how long a provider may take.</summary>
public sealed record OptimadeFetchOptions
{
    /// <summary>Most entries of each provider; null for all that match.</summary>
    public long? Limit { get; init; }

    /// <summary>Entries per page to ask for.</summary>
    public int PageSize { get; init => field = AtLeast(value, 1); } = 100;

    /// <summary>Time for each provider; what has come by then is the result.</summary>
    public TimeSpan TimeLimit { get; init => field = Positive(value); } = TimeSpan.FromMinutes(10);

    /// <summary>Time without a single byte after which a connection is given up.</summary>
    public TimeSpan IdleLimit { get; init => field = Positive(value); } = TimeSpan.FromSeconds(30);

    /// <summary>How often a page is asked for before the provider is given up.</summary>
    public int Attempts { get; init => field = AtLeast(value, 1); } = 5;

    /// <summary>Pause before the second attempt; it doubles with each further one.</summary>
    public TimeSpan FirstPause { get; init => field = Positive(value); } = TimeSpan.FromSeconds(1);

    /// <summary>Longest page, bytes, unpacked.</summary>
    public int LargestPage { get; init => field = AtLeast(value, 1000); } = 1 << 26;

    /// <summary>Pages one after the other without a new entry after which a provider is given up.</summary>
    public int FruitlessPages { get; init => field = AtLeast(value, 1); } = 3;

    private static int AtLeast(int value, int least, [CallerMemberName] string name = "") =>
        value >= least ? value : throw new ArgumentOutOfRangeException(name, value, $"must be at least {least}");

    private static TimeSpan Positive(TimeSpan value, [CallerMemberName] string name = "") =>
        value > TimeSpan.Zero ? value : throw new ArgumentOutOfRangeException(name, value, "must be longer than zero");
}

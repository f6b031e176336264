namespace Polymorph.Energies.External.IPi;

/// <summary>How clients of the i-PI protocol are run. Time limits that are null are the template's.</summary>
public sealed record IPiOptions
{
    /// <summary>How often a client is started for one structure before the structure is given up.</summary>
    public int MaximumStarts { get; init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(MaximumStarts), value, "must be at least 1"); } = 3;

    /// <summary>Longest time from a client's start until it connects.</summary>
    public TimeSpan? StartLimit { get; init => field = Positive(value, nameof(StartLimit)); }

    /// <summary>Longest time of one evaluation.</summary>
    public TimeSpan? StepLimit { get; init => field = Positive(value, nameof(StepLimit)); }

    /// <summary>Listen on a TCP port of this machine instead of a UNIX socket: slower by tens of milliseconds per step with most clients.</summary>
    public bool OverTcp { get; init; }

    /// <summary>Where each client's folder with input and output files is kept; null for temporary ones.</summary>
    public string? WorkFolder { get; init; }

    private static TimeSpan? Positive(TimeSpan? value, string name) =>
        value is null || value > TimeSpan.Zero ? value : throw new ArgumentOutOfRangeException(name, value, "must be positive");
}

namespace Polymorph.Energies.External;

/// <summary>How external engines are run.</summary>
public sealed record ExternalEngineOptions
{
    /// <summary>Folder of the user's own templates of i-PI clients, <c>NAME.template</c>, which come before those that ship; null for none.</summary>
    public string? TemplateFolder { get; init; }

    /// <summary>Where the input and output files of i-PI clients are kept; null for temporary folders.</summary>
    public string? WorkFolder { get; init; }

    /// <summary>Longest time of one evaluation; null for the engine's own.</summary>
    public TimeSpan? TimeLimit { get; init => field = value is null || value > TimeSpan.Zero ? value : throw new ArgumentOutOfRangeException(nameof(TimeLimit), value, "must be positive"); }

    /// <summary>i-PI clients connect over TCP instead of a UNIX socket.</summary>
    public bool OverTcp { get; init; }
}

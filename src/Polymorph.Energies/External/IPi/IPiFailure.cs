namespace Polymorph.Energies.External.IPi;

/// <summary>The other side of a connection disappeared, was silent for too long, or broke the protocol; it cannot be used any more.</summary>
/// <param name="reason">What happened, as a clause.</param>
/// <param name="timedOut">True when it was silent: trying again would take as long.</param>
internal sealed class IPiFailure(string reason, bool timedOut = false) : Exception(reason)
{
    /// <summary>True when it was silent for too long.</summary>
    public bool TimedOut { get; } = timedOut;

    /// <summary>True when it closed the connection: it is ending, or has ended.</summary>
    public bool Gone { get; init; }
}

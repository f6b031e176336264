namespace Polymorph.Energies.External.IPi;

/// <summary>The words of the protocol.</summary>
internal static class IPiHeaders
{
    /// <summary>Asks for the client's state.</summary>
    public const string Status = "STATUS";

    /// <summary>Initialises: an index, a length, a text.</summary>
    public const string Initialise = "INIT";

    /// <summary>Sends cell, inverse cell and positions.</summary>
    public const string Positions = "POSDATA";

    /// <summary>Asks for the result.</summary>
    public const string GetForce = "GETFORCE";

    /// <summary>Ends the client.</summary>
    public const string Exit = "EXIT";

    /// <summary>State: must be initialised first.</summary>
    public const string NeedInit = "NEEDINIT";

    /// <summary>State: waits for positions.</summary>
    public const string Ready = "READY";

    /// <summary>State: still computing; few clients can say so.</summary>
    public const string Busy = "BUSY";

    /// <summary>State: has a result.</summary>
    public const string HaveData = "HAVEDATA";

    /// <summary>The result follows.</summary>
    public const string ForceReady = "FORCEREADY";
}

namespace Polymorph.Energies.External.IPi;

/// <summary>A client that was started; disposal ends it.</summary>
internal interface IClientRun : IDisposable
{
    /// <summary>How it ended, as a clause such as <c>with exit code 1: "no such file"</c>; null while it runs.</summary>
    string? Ending { get; }

    /// <summary>Gives it a moment to end by itself.</summary>
    void WaitForEnd();
}

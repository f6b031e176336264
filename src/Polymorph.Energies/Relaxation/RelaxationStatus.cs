namespace Polymorph.Energies.Relaxation;

/// <summary>How a relaxation ended.</summary>
public enum RelaxationStatus
{
    /// <summary>Every force (and, with a free cell, every stress component) is below its threshold.</summary>
    Converged,

    /// <summary>The steps are used up.</summary>
    MaxSteps,

    /// <summary>Atoms flew apart or the cell grew or shrank without bound.</summary>
    Exploded,

    /// <summary>The forces are small, but what was one molecule is several now.</summary>
    Fragmented,

    /// <summary>The engine refused the structure, or failed however often it was tried.</summary>
    EngineFailed,
}

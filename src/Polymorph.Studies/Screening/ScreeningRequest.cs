using Polymorph.Structures.Formats;

namespace Polymorph.Studies.Screening;

/// <summary>What a screening is asked for.</summary>
/// <param name="Files">Candidates: files and folders.</param>
/// <param name="Recipe">The recipe.</param>
/// <param name="Folder">Where results and kept values go.</param>
/// <param name="Threads">Threads to use.</param>
/// <param name="Reading">How structures are read.</param>
/// <param name="Version">Version of the program, for the results.</param>
public sealed record ScreeningRequest(IReadOnlyList<string> Files, string Recipe, string Folder, int Threads, ReadOptions Reading, string Version)
{
    /// <summary>Files of known phases besides those of the recipe.</summary>
    public IReadOnlyList<string> References { get; init; } = [];

    /// <summary>Files of known phases that have been made, besides those of the recipe.</summary>
    public IReadOnlyList<string> Experimental { get; init; } = [];
}

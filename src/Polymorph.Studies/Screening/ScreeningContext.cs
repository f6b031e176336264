using Polymorph.Energies.Catalogue;
using Polymorph.Studies.Runs;

namespace Polymorph.Studies.Screening;

/// <summary>What all steps of a screening share.</summary>
/// <param name="Recipe">The recipe.</param>
/// <param name="References">Known phases.</param>
/// <param name="Catalogue">The engines.</param>
/// <param name="Observer">Told how far it is.</param>
/// <param name="Threads">Threads to use.</param>
/// <param name="CacheFolder">Where dear values are kept.</param>
/// <param name="Cancellation">Stops.</param>
internal sealed record ScreeningContext(ScreeningRecipe Recipe, KnownPhases References, EngineCatalogue Catalogue, IStudyObserver Observer, int Threads, string CacheFolder, CancellationToken Cancellation)
{
    /// <summary>Elements of all candidates with the number of each set, which let an engine be chosen.</summary>
    public required IReadOnlyList<ScreeningCandidate> Candidates { get; init; }
}

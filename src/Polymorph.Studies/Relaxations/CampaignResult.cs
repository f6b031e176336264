using System.Collections.Immutable;
using Polymorph.Energies.Relaxation;
using Polymorph.Selection.Coverage;

namespace Polymorph.Studies.Relaxations;

/// <summary>One relaxation of a campaign: what it added.</summary>
/// <param name="Relaxations">Relaxations so far, this one included.</param>
/// <param name="Id">The structure.</param>
/// <param name="IsNew">True when it ended in a minimum not met before.</param>
/// <param name="Distinct">Distinct minima so far.</param>
public sealed record DiscoveryPoint(int Relaxations, string Id, bool IsNew, int Distinct);

/// <summary>What a campaign gave.</summary>
/// <param name="Relaxed">The results, in the order of the candidates.</param>
/// <param name="Minima">The distinct minima, in the order found.</param>
/// <param name="Coverage">How much of what the source can give has been seen.</param>
/// <param name="Discovery">Distinct minima against the number of relaxations.</param>
/// <param name="Ended">Why it ended.</param>
/// <param name="Candidates">Structures that could have been relaxed.</param>
public sealed record CampaignResult(
    ImmutableArray<Relaxed> Relaxed, IReadOnlyList<DistinctMinimum> Minima, CoverageEstimate Coverage, ImmutableArray<DiscoveryPoint> Discovery, string Ended, int Candidates)
{
    /// <summary>How many ended so.</summary>
    /// <param name="status">A status.</param>
    public int Count(RelaxationStatus status) => Relaxed.Count(r => r.Result.Status == status);

    /// <summary>Force evaluations of all.</summary>
    public long ForceEvaluations => Relaxed.Sum(r => (long)r.Result.ForceEvaluations);

    /// <summary>Seconds on one thread of all.</summary>
    public double CoreSeconds => Relaxed.Sum(r => r.Seconds);
}

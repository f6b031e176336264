using System.Collections.Immutable;
using System.Globalization;
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
    /// <summary>What the estimates assume and representatives are not.</summary>
    public const string NoRandomSample = "selected structures differ by construction and are no random sample: the estimate leans towards too many unseen";

    /// <summary>True when the candidates are representatives of clusters, distinct by construction, so that the estimates of what is unseen are pessimistic.</summary>
    public bool OfRepresentatives { get; init; }

    /// <summary>Estimates as one clause: <c>coverage 67 %, about 0.5 unseen (95 %: 0 to 6.8)</c>.</summary>
    /// <param name="c">The estimates.</param>
    public static string Text(CoverageEstimate c)
    {
        ArgumentNullException.ThrowIfNull(c);
        string most = double.IsFinite(c.UnseenTo) ? c.UnseenTo.ToString("0.#", CultureInfo.InvariantCulture) : "any number";
        return string.Create(CultureInfo.InvariantCulture, $"coverage {100 * c.Coverage:0} %, about {c.Unseen:0.#} unseen (95 %: {c.UnseenFrom:0.#} to {most})");
    }

    /// <summary>How many ended so.</summary>
    /// <param name="status">A status.</param>
    public int Count(RelaxationStatus status) => Relaxed.Count(r => r.Result.Status == status);

    /// <summary>Mean distance by which the relaxations moved the atoms, Å, of those that have one; null when none has.</summary>
    public double? MeanRmsd => Relaxed.Average(r => r.Rmsd);

    /// <summary>Force evaluations of all.</summary>
    public long ForceEvaluations => Relaxed.Sum(r => (long)r.Result.ForceEvaluations);

    /// <summary>Seconds on one thread of all.</summary>
    public double CoreSeconds => Relaxed.Sum(r => r.Seconds);
}

using Polymorph.Selection.Metrics;
using Polymorph.Structures;

namespace Polymorph.Studies.Benchmarks;

/// <summary>What is known of one structure of an arm; any rate can be computed again from these rows.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Crystal">The crystal; null where an entry could not be read or is no crystal.</param>
/// <param name="Reason">Why there is none.</param>
/// <param name="Target">Id of the reference it was made for; null for none.</param>
/// <param name="Match">Its match with that reference; null for none.</param>
/// <param name="Leader">Number of the first equal structure of the arm (its own when it is new), -1 without a crystal.</param>
/// <param name="Known">Id of the training structure it equals; null for none.</param>
/// <param name="Nearest">Id of the reference nearest in structure fingerprint; null without a fingerprint.</param>
/// <param name="EnergyAboveHull">Energy above the hull, eV/atom; null when not given.</param>
public sealed record BenchmarkRow(
    string Id, MetricCrystal? Crystal, string? Reason, string? Target, PredictionMatch? Match, int Leader, string? Known, string? Nearest, double? EnergyAboveHull)
{
    /// <summary>The benchmark's energy as the structure carries it; null when not given.</summary>
    public double? Energy { get; init; }

    /// <summary>How far its relaxation moved the atoms, Å, as the structure carries it (<c>relaxation_rmsd</c>); null when not given.</summary>
    public double? RelaxationRmsd { get; init; }

    /// <summary>The start of an optimisation it came of, as the structure carries it (<c>start</c>); null when not given.</summary>
    public string? Start { get; init; }
}

/// <summary>Rates of predictions, an invalid one counted as a miss or not.</summary>
/// <param name="ValidOnly">Predictions invalid by the benchmark's rule count as misses.</param>
/// <param name="All">Validity is not asked.</param>
public sealed record MatchRates(PredictionRates ValidOnly, PredictionRates All);

/// <summary>Distances between the distributions of properties.</summary>
/// <param name="Sample">How many valid generated structures were drawn.</param>
/// <param name="Density">Wasserstein distance, g/cm³.</param>
/// <param name="ElementCount">Wasserstein distance.</param>
/// <param name="AtomCount">Wasserstein distance.</param>
/// <param name="VolumeFraction">Wasserstein distance.</param>
/// <param name="Coordination">Wasserstein distance of the mean coordination numbers.</param>
/// <param name="Energy">Wasserstein distance of the benchmark's energy; NaN when the candidates have none.</param>
/// <param name="SpaceGroups">Total variation of the space groups (symprec 0.1 Å); NaN without the library that finds them.</param>
/// <param name="StructureDiversity">Mean distance of the structure fingerprints of all pairs of the sample.</param>
/// <param name="CompositionDiversity">The same of the scaled composition fingerprints.</param>
public sealed record PropertyDistances(int Sample, double Density, double ElementCount, double AtomCount, double VolumeFraction, double Coordination, double Energy, double SpaceGroups, double StructureDiversity, double CompositionDiversity);

/// <summary>The metrics of one source of structures: the candidates or a control arm.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Rows">One row per structure.</param>
/// <param name="First">Match rate at k = 1: the first structure of each reference; null when structures and references are not paired.</param>
/// <param name="Best">Match rate at k: the best structure of each reference; null when not paired.</param>
/// <param name="Everyone">METRe: the best structure of the whole arm for each reference.</param>
/// <param name="Coverage">COV.</param>
/// <param name="Properties">Distances of properties.</param>
/// <param name="Stability">Stable and S.U.N. at each threshold; empty when no energies are given.</param>
public sealed record BenchmarkArm(
    string Name, IReadOnlyList<BenchmarkRow> Rows, MatchRates? First, MatchRates? Best, MatchRates Everyone, CoverageMetric Coverage, PropertyDistances Properties, IReadOnlyList<StabilityRates> Stability)
{
    /// <summary>Success of an optimisation; null where the structures name no starts or carry no energy.</summary>
    public OptimisationSuccess? Optimisation { get; init; }

    /// <summary>Structures that say how far their relaxation moved them.</summary>
    public Rate Relaxed => Rate.Of(Rows, r => r.RelaxationRmsd is not null);

    /// <summary>Mean of what they say, Å; null when none does.</summary>
    public double? RelaxationRmsd => Rows.Average(r => r.RelaxationRmsd);

    /// <summary>Entries that became a crystal.</summary>
    public Rate Constructible => Rate.Of(Rows, r => r.Crystal is not null);

    /// <summary>Structurally valid by the benchmark's rule.</summary>
    public Rate StructurallyValid => Rate.Of(Rows, r => r.Crystal?.Structural.Benchmark == true);

    /// <summary>Structurally valid with an atom's own images.</summary>
    public Rate StrictlyValid => Rate.Of(Rows, r => r.Crystal?.Structural.Strict == true);

    /// <summary>Compositionally valid.</summary>
    public Rate CompositionallyValid => Rate.Of(Rows, r => r.Crystal?.Compositional == true);

    /// <summary>Valid in structure and composition, and with a fingerprint.</summary>
    public Rate Valid => Rate.Of(Rows, r => r.Crystal?.IsValid == true);

    /// <summary>Groups of equal structures, of all structures.</summary>
    public Rate Unique => Rate.Of([.. Rows.Select((r, i) => r.Leader == i)], isLeader => isLeader);

    /// <summary>Structures that match no known one.</summary>
    public Rate Novel => Rate.Of(Rows, r => r.Crystal is not null && r.Known is null);

    /// <summary>Structures that match a known one.</summary>
    public Rate Leaked => Rate.Of(Rows, r => r.Known is not null);
}

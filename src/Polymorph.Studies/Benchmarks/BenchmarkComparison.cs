using Polymorph.Structures.Matching;

namespace Polymorph.Studies.Benchmarks;

/// <summary>Candidates and control arms against a benchmark.</summary>
/// <param name="Definition">The benchmark.</param>
/// <param name="Data">Its data.</param>
/// <param name="References">How many of the test structures were compared with.</param>
/// <param name="ValidReferences">How many of them are valid by the benchmark's rule.</param>
/// <param name="Pairing">How candidates and references were paired.</param>
/// <param name="PerReference">k: the most candidates of one reference.</param>
/// <param name="Matching">Tolerances of match rates and METRe.</param>
/// <param name="Equality">Tolerances of uniqueness and novelty.</param>
/// <param name="OxidationStates">Name of the list of oxidation states.</param>
/// <param name="Seed">Seed of the random draws.</param>
/// <param name="Relaxer">What relaxed the candidates, by their property <c>method</c>; null when they do not say.</param>
/// <param name="Hull">The hull of their energies, by their property <c>hull</c>; null when they do not say.</param>
/// <param name="Arms">The candidates first, then the control arms.</param>
public sealed record BenchmarkComparison(
    BenchmarkDefinition Definition, BenchmarkData Data, int References, int ValidReferences, PairingRule Pairing, int PerReference, MatchOptions Matching, MatchOptions Equality, string OxidationStates, ulong Seed,
    string? Relaxer, string? Hull, IReadOnlyList<BenchmarkArm> Arms);

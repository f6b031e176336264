using System.Collections.Immutable;
using Polymorph.Foundation;
using Polymorph.Structures;

namespace Polymorph.Studies.Benchmarks;

/// <summary>How predictions belong to references.</summary>
public enum PairingRule
{
    /// <summary>By id where every candidate names its reference, otherwise by order where the counts allow it, otherwise not at all.</summary>
    Automatic,

    /// <summary>The property <c>target</c> of a candidate, or its id, is the id of its reference.</summary>
    ById,

    /// <summary>The first k candidates belong to the first reference, the next k to the second.</summary>
    ByOrder,

    /// <summary>Not at all: the structures were generated without a composition asked for.</summary>
    None,
}

/// <summary>The reference of each candidate.</summary>
/// <param name="Rule">How they were paired.</param>
/// <param name="Targets">[candidates] number of the reference, -1 for none.</param>
/// <param name="PerReference">k: the most candidates of one reference.</param>
public sealed record CandidatePairing(PairingRule Rule, ImmutableArray<int> Targets, int PerReference)
{
    /// <summary>Pairs candidates with references.</summary>
    /// <param name="candidates">Candidates in order; null where an entry could not be read.</param>
    /// <param name="references">The references.</param>
    /// <param name="rule">The rule asked for.</param>
    /// <exception cref="PolymorphException">PM7042: the rule asked for does not fit the candidates.</exception>
    public static CandidatePairing Of(IReadOnlyList<Structure?> candidates, IReadOnlyList<Structure> references, PairingRule rule)
    {
        ArgumentNullException.ThrowIfNull(candidates);
        ArgumentNullException.ThrowIfNull(references);
        if (rule is PairingRule.Automatic or PairingRule.ById)
        {
            var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
            for (int i = 0; i < references.Count; i++)
            {
                numbers.TryAdd(BenchmarkData.IdOf(references[i]), i);
            }

            int[] targets = [.. candidates.Select(c => c is null ? -1 : numbers.GetValueOrDefault(c.Properties.GetValueOrDefault("target")?.ToString() ?? BenchmarkData.IdOf(c), -1))];
            int nameless = candidates.Zip(targets).Count(p => p.First is not null && p.Second < 0);
            if (nameless == 0 && targets.Any(t => t >= 0))
            {
                return new CandidatePairing(PairingRule.ById, [.. targets], targets.Where(t => t >= 0).CountBy(t => t).Max(c => c.Value));
            }

            if (rule == PairingRule.ById)
            {
                throw new PolymorphException("PM7042", $"{nameless} of {candidates.Count} candidates do not name a structure of the test split", null,
                    "Give each candidate the property 'target' with the id of its reference, or choose --pairing order or none.", ExitCode.Usage);
            }
        }

        bool whole = candidates.Count > 0 && candidates.Count % references.Count == 0;
        if (rule == PairingRule.ByOrder && !whole)
        {
            throw new PolymorphException("PM7042", $"{candidates.Count} candidates are no multiple of {references.Count} test structures, so that they cannot be paired by order", null,
                "Give the same number of candidates for each test structure in their order, or choose --pairing id or none.", ExitCode.Usage);
        }

        int k = candidates.Count / references.Count;
        return whole && rule != PairingRule.None
            ? new CandidatePairing(PairingRule.ByOrder, [.. Enumerable.Range(0, candidates.Count).Select(i => i / k)], k)
            : new CandidatePairing(PairingRule.None, [.. Enumerable.Repeat(-1, candidates.Count)], 0);
    }
}

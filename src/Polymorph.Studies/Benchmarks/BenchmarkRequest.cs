using Polymorph.Selection.Metrics;
using Polymorph.Structures.Matching;

namespace Polymorph.Studies.Benchmarks;

/// <summary>What is to be compared with what.</summary>
public sealed record BenchmarkRequest
{
    /// <summary>Files or folders of candidates.</summary>
    public required IReadOnlyList<string> Candidates { get; init; }

    /// <summary>The benchmark.</summary>
    public required BenchmarkDefinition Benchmark { get; init; }

    /// <summary>Folder with its data.</summary>
    public required string DataFolder { get; init; }

    /// <summary>What stands before the names of the data files: <c>unique_</c> for the set of carbon without copies.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>Only the first so many test structures; null for all.</summary>
    public int? References { get; init => field = value is null or > 0 ? value : throw new ArgumentOutOfRangeException(nameof(References), value, "must be at least 1"); }

    /// <summary>How candidates belong to references.</summary>
    public PairingRule Pairing { get; init; }

    /// <summary>Oxidation states for the validity of compositions.</summary>
    public OxidationTable OxidationStates { get; init; } = OxidationTable.Smact2014;

    /// <summary>Tolerances of match rates and METRe.</summary>
    public MatchOptions Matching { get; init; } = MatchOptions.Benchmark with { WorkLimit = PairLimit };

    /// <summary>Tolerances of uniqueness and novelty.</summary>
    public MatchOptions Equality { get; init; } = new() { WorkLimit = PairLimit };

    /// <summary>Seed of the draws of the control arms and of the sample of properties.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Threads; 0 for one per core.</summary>
    public int Threads { get; init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(Threads), value, "must not be negative"); }

    // About a second: pairs that would take longer are undecided, which counts as no match.
    private const long PairLimit = 1_000_000_000;
}

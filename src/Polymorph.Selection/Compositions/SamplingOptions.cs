using System.Collections.Immutable;
using Polymorph.Structures;
using Polymorph.Structures.Matching;

namespace Polymorph.Selection.Compositions;

/// <summary>What a sampler draws and keeps.</summary>
public sealed record SamplingOptions
{
    /// <summary>Cells to draw in turn, each with the atoms of each element; all of one formula.</summary>
    public required ImmutableArray<ImmutableArray<int>> Cells { get; init; }

    /// <summary>Crystals wanted.</summary>
    public int Count { get; init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(Count), value, "must be at least 1"); } = 300;

    /// <summary>Most draws.</summary>
    public long MaxDraws { get; init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(MaxDraws), value, "must be at least 1"); } = 100_000;

    /// <summary>Of the sound, new crystals among so many times <see cref="CompositionSampler.Batch"/> draws, one in so many is kept: those of the lowest predicted energy.</summary>
    public int Candidates { get; init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(Candidates), value, "must be at least 1"); } = 1;

    /// <summary>What says which rows hold an atom.</summary>
    public PresenceRule Presence { get; init; } = PresenceRule.Classifier;

    /// <summary>Limits of sound crystals.</summary>
    public SampleLimits Limits { get; init; } = SampleLimits.Default;

    /// <summary>Whether a crystal that matches an earlier one is dropped.</summary>
    public bool Unique { get; init; } = true;

    /// <summary>Crystals that are not wanted again, such as the training set; empty to keep them.</summary>
    public IReadOnlyList<Structure> Known { get; init; } = [];

    /// <summary>Tolerances of the matcher.</summary>
    public MatchOptions Matching { get; init; } = new();

    /// <summary>Threads; the result does not depend on it.</summary>
    public int Threads { get; init => field = Math.Max(1, value); } = 1;
}

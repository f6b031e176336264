using System.Collections.Immutable;
using Polymorph.Learning;
using Polymorph.Representations.CrystalGraphs;

namespace Polymorph.Models.Cgcnn;

/// <summary>Crystals with a known property, and which of them serve for what.</summary>
/// <param name="Graphs">The crystals.</param>
/// <param name="Targets">The property of each; 0 or 1 for a classification.</param>
/// <param name="Training">Indices of the crystals to learn from.</param>
/// <param name="Validation">Indices of those that choose the epoch to keep.</param>
/// <param name="Test">Indices of those that are only ever predicted.</param>
public sealed record CgcnnSet(ImmutableArray<CrystalGraph> Graphs, ImmutableArray<double> Targets, ImmutableArray<int> Training, ImmutableArray<int> Validation, ImmutableArray<int> Test)
{
    /// <summary>A seeded split: shuffled, then the training crystals, those for validation, those for the test.</summary>
    /// <param name="graphs">The crystals.</param>
    /// <param name="targets">The property of each.</param>
    /// <param name="validation">Share for validation, in (0, 1).</param>
    /// <param name="test">Share for the test, in [0, 1); may be 0.</param>
    /// <param name="seed">Seed of the shuffle.</param>
    /// <exception cref="ArgumentException">Fewer than two crystals would be left to learn from, or none for validation.</exception>
    public static CgcnnSet Split(ImmutableArray<CrystalGraph> graphs, ImmutableArray<double> targets, double validation, double test, ulong seed)
    {
        var order = Shuffled(graphs.Length, new CounterRandom(seed, CgcnnRandomStreams.Split).Sequence(0));
        int tested = (int)Math.Round(test * order.Length), watched = Math.Max(1, (int)Math.Round(validation * order.Length)), learnt = order.Length - tested - watched;
        return learnt >= 2
            ? new CgcnnSet(graphs, targets, [.. order[..learnt]], [.. order[learnt..(learnt + watched)]], [.. order[(learnt + watched)..]])
            : throw new ArgumentException($"{order.Length} crystals leave {learnt} to learn from");
    }

    /// <summary>0..count − 1 in random order.</summary>
    internal static int[] Shuffled(int count, RandomSequence random)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        for (int i = count - 1; i > 0; i--)
        {
            int j = random.NextIndex(i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }

        return order;
    }
}

using System.Collections.Immutable;
using Polymorph.Representations.Fingerprints;
using Polymorph.Selection.Metrics;
using Polymorph.Structures;

namespace Polymorph.Selection.Similarity;

/// <summary>A known structure near to a given one.</summary>
/// <param name="Row">Its number among the known ones.</param>
/// <param name="Distance">Distance of the fingerprints; 0 for equal crystals, 1 where the cutoffs of the coverage metrics lie.</param>
public readonly record struct SimilarStructure(int Row, double Distance);

/// <summary>Known crystals by what they are made of and how their atoms are surrounded, for the ones most like a given crystal.</summary>
/// <remarks>The distance is √((Dₛ/0.4)² + (D꜀/10)²) with the Euclidean distances of the structure fingerprint and of the scaled composition fingerprint, each in units of its cutoff for MP-20
/// in the coverage metrics (arXiv 2110.06197). It changes smoothly with the positions, but for steps of 0.001 in the weights of bonds, and does not know chirality.</remarks>
public sealed class SimilarityIndex
{
    private readonly FingerprintTable _table;
    private readonly ImmutableArray<int> _numbers;

    private SimilarityIndex(FingerprintTable table, ImmutableArray<int> numbers, int left) => (_table, _numbers, LeftOut) = (table, numbers, left);

    /// <summary>Number of structures that can be found.</summary>
    public int Count => _table.Count;

    /// <summary>Structures without a fingerprint, which are never found.</summary>
    public int LeftOut { get; }

    /// <summary>Describes known structures.</summary>
    /// <param name="structures">The structures; those that are no crystals have no fingerprint.</param>
    /// <param name="threads">How many threads.</param>
    /// <param name="tick">Called after each structure, from any thread.</param>
    /// <param name="cancellation">Stops.</param>
    public static SimilarityIndex Of(IReadOnlyList<Structure> structures, int threads, Action? tick = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(structures);
        var rows = new double[]?[structures.Count];
        Parallel.For(0, structures.Count, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation }, () => new CrystalFingerprint(), (i, _, fingerprint) =>
        {
            rows[i] = Point(structures[i], fingerprint);
            tick?.Invoke();
            return fingerprint;
        }, _ => { });
        ImmutableArray<int> numbers = [.. Enumerable.Range(0, rows.Length).Where(i => rows[i] is not null)];
        return new SimilarityIndex(new FingerprintTable([.. numbers.Select(i => rows[i]!)]), numbers, rows.Length - numbers.Length);
    }

    /// <summary>The fingerprint in which structures are compared, [193], dimensionless.</summary>
    /// <param name="structure">A structure.</param>
    /// <param name="fingerprint">Makes structure fingerprints; used by one thread at a time.</param>
    /// <returns>Null for what is no crystal or has no structure fingerprint.</returns>
    public static double[]? Point(Structure structure, CrystalFingerprint fingerprint)
    {
        ArgumentNullException.ThrowIfNull(structure);
        ArgumentNullException.ThrowIfNull(fingerprint);
        if (structure.Periodicity != Periodicity.Full || fingerprint.Of(structure) is not { } motifs)
        {
            return null;
        }

        var unit = CoverageCutoffs.Mp20;
        return [.. motifs.Select(x => x / unit.Structure), .. CompositionFingerprint.Scaled(structure.Composition).Select(x => x / unit.Composition)];
    }

    /// <summary>The known structures most like a given one, the nearest first, of equally near ones the first.</summary>
    /// <param name="point">From <see cref="Point"/>.</param>
    /// <param name="count">How many.</param>
    public IReadOnlyList<SimilarStructure> Nearest(ReadOnlySpan<double> point, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return [.. _table.Nearest(point, count).Select(n => new SimilarStructure(_numbers[n.Row], n.Distance))];
    }
}

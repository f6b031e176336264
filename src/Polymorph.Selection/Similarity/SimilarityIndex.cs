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
        return Of(structures, Describe(structures, threads, tick, cancellation), threads, cancellation);
    }

    /// <summary>The structure fingerprint of each structure, [61]; null for what has none.</summary>
    internal static double[]?[] Describe(IReadOnlyList<Structure> structures, int threads, Action? tick, CancellationToken cancellation)
    {
        var motifs = new double[]?[structures.Count];
        Parallel.For(0, structures.Count, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation }, () => new CrystalFingerprint(), (i, _, fingerprint) =>
        {
            motifs[i] = structures[i].Periodicity == Periodicity.Full ? fingerprint.Of(structures[i]) : null;
            tick?.Invoke();
            return fingerprint;
        }, _ => { });
        return motifs;
    }

    /// <summary>An index of structures whose structure fingerprints are at hand.</summary>
    internal static SimilarityIndex Of(IReadOnlyList<Structure> structures, double[]?[] motifs, int threads, CancellationToken cancellation)
    {
        int[] numbers = [.. Enumerable.Range(0, motifs.Length).Where(i => motifs[i] is not null)];
        var rows = new double[numbers.Length][];
        Parallel.For(0, numbers.Length, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation }, i => rows[i] = InUnits(structures[numbers[i]], motifs[numbers[i]]!));
        return new SimilarityIndex(new FingerprintTable(rows), [.. numbers], motifs.Length - numbers.Length);
    }

    /// <summary>The fingerprint in which structures are compared, [193], dimensionless.</summary>
    /// <param name="structure">A structure.</param>
    /// <param name="fingerprint">Makes structure fingerprints; used by one thread at a time.</param>
    /// <returns>Null for what is no crystal or has no structure fingerprint.</returns>
    public static double[]? Point(Structure structure, CrystalFingerprint fingerprint)
    {
        ArgumentNullException.ThrowIfNull(structure);
        ArgumentNullException.ThrowIfNull(fingerprint);
        return structure.Periodicity == Periodicity.Full && fingerprint.Of(structure) is { } motifs ? InUnits(structure, motifs) : null;
    }

    /// <summary>The known structures most like a given one, the nearest first, of equally near ones the first.</summary>
    /// <param name="point">From <see cref="Point"/>.</param>
    /// <param name="count">How many.</param>
    public IReadOnlyList<SimilarStructure> Nearest(ReadOnlySpan<double> point, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return [.. _table.Nearest(point, count).Select(n => new SimilarStructure(_numbers[n.Row], n.Distance))];
    }

    private static double[] InUnits(Structure structure, double[] motifs)
    {
        var unit = CoverageCutoffs.Mp20;
        return [.. motifs.Select(x => x / unit.Structure), .. CompositionFingerprint.Scaled(structure.Composition).Select(x => x / unit.Composition)];
    }
}

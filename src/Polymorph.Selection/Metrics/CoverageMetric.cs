namespace Polymorph.Selection.Metrics;

/// <summary>A structure fingerprint and a scaled composition fingerprint; without the former where it cannot be computed.</summary>
/// <param name="Structure">[61], or null.</param>
/// <param name="Composition">[132], scaled.</param>
public sealed record FingerprintPair(double[]? Structure, double[] Composition);

/// <summary>Distances within which one structure covers another.</summary>
/// <param name="Structure">Of structure fingerprints.</param>
/// <param name="Composition">Of scaled composition fingerprints.</param>
public readonly record struct CoverageCutoffs(double Structure, double Composition)
{
    /// <summary>MP-20.</summary>
    public static CoverageCutoffs Mp20 => new(0.4, 10);

    /// <summary>Perov-5 and Carbon-24.</summary>
    public static CoverageCutoffs Perov5 => new(0.2, 4);
}

/// <summary>COV: how much of a reference set generated structures cover, and how many of them are near it.</summary>
/// <param name="Recall">COV-R: references with a generated structure within both cutoffs.</param>
/// <param name="Precision">COV-P: generated structures with a reference within both cutoffs, of all generated ones.</param>
/// <param name="StructureRecall">AMSD-R: mean over references of the least distance of structure fingerprints.</param>
/// <param name="StructurePrecision">AMSD-P: mean over generated structures.</param>
/// <param name="CompositionRecall">AMCD-R: the same for composition fingerprints.</param>
/// <param name="CompositionPrecision">AMCD-P.</param>
/// <param name="NearestReference">For each generated structure the reference nearest in structure, -1 for those without a fingerprint.</param>
/// <remarks>Xu et al., arXiv 2203.02923; Xie et al., arXiv 2110.06197. The least distances of structure and of composition are taken separately and may belong to different partners:
/// a looseness of the definition that is kept. Generated structures without a fingerprint count in no mean, and against the precision.</remarks>
public sealed record CoverageMetric(
    Rate Recall, Rate Precision, double StructureRecall, double StructurePrecision, double CompositionRecall, double CompositionPrecision, IReadOnlyList<int> NearestReference)
{
    /// <summary>Compares generated structures with references.</summary>
    /// <param name="generated">All generated structures that could be built.</param>
    /// <param name="notBuilt">Generated structures that could not be built at all; they count against the precision.</param>
    /// <param name="references">The references; those without a fingerprint are left out.</param>
    /// <param name="cutoffs">The cutoffs.</param>
    /// <param name="threads">How many threads.</param>
    /// <param name="cancellation">Stops.</param>
    public static CoverageMetric Of(
        IReadOnlyList<FingerprintPair> generated, int notBuilt, IReadOnlyList<FingerprintPair> references, CoverageCutoffs cutoffs, int threads, CancellationToken cancellation = default)
    {
        int[] usable = [.. Enumerable.Range(0, generated.Count).Where(i => generated[i].Structure is not null)];
        int[] known = [.. Enumerable.Range(0, references.Count).Where(i => references[i].Structure is not null)];
        double[][] gs = Array.ConvertAll(usable, i => generated[i].Structure!), gc = Array.ConvertAll(usable, i => generated[i].Composition);
        double[][] rs = Array.ConvertAll(known, i => references[i].Structure!), rc = Array.ConvertAll(known, i => references[i].Composition);
        var (fromReferenceS, fromReferenceC) = (new FingerprintTable(gs).Nearest(rs, threads, cancellation), new FingerprintTable(gc).Nearest(rc, threads, cancellation));
        var (fromGeneratedS, fromGeneratedC) = (new FingerprintTable(rs).Nearest(gs, threads, cancellation), new FingerprintTable(rc).Nearest(gc, threads, cancellation));
        var nearest = new int[generated.Count];
        Array.Fill(nearest, -1);
        for (int i = 0; i < usable.Length; i++)
        {
            nearest[usable[i]] = fromGeneratedS[i].Row < 0 ? -1 : known[fromGeneratedS[i].Row];
        }

        return new CoverageMetric(
            new Rate(Within(fromReferenceS, fromReferenceC), known.Length),
            new Rate(Within(fromGeneratedS, fromGeneratedC), generated.Count + notBuilt),
            Mean(fromReferenceS), Mean(fromGeneratedS), Mean(fromReferenceC), Mean(fromGeneratedC), nearest);

        long Within(IReadOnlyList<(int, double Distance)> structure, IReadOnlyList<(int, double Distance)> composition) =>
            structure.Zip(composition).Count(p => p.First.Distance <= cutoffs.Structure && p.Second.Distance <= cutoffs.Composition);

        static double Mean(IReadOnlyList<(int, double Distance)> distances) => distances.Count == 0 ? double.NaN : distances.Average(d => d.Distance);
    }
}

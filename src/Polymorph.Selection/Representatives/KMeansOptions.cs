using System.Runtime.CompilerServices;

namespace Polymorph.Selection;

/// <summary>Clustering of projected structures. Defaults: the LoGAN study's filter (scikit-learn's KMeans with its defaults).</summary>
public sealed record KMeansOptions
{
    /// <summary>Number of clusters, and so of structures picked; the study scanned 14 to 50 for C5H12O and used 20 per model.</summary>
    public int Clusters { get; init => field = Positive(value); } = 20;

    /// <summary>Independent starts; the one with the smallest inertia is kept.</summary>
    public int Starts { get; init => field = Positive(value); } = 1;

    /// <summary>Most Lloyd iterations of one start.</summary>
    public int MaxIterations { get; init => field = Positive(value); } = 300;

    /// <summary>Stops when the squared shift of all centres together is at most this share of the mean variance of a coordinate.</summary>
    public double Tolerance { get; init => field = value is >= 0 and < 1 ? value : throw new ArgumentOutOfRangeException(nameof(Tolerance), value, "expected a share in [0, 1)"); } = 1e-4;

    /// <summary>Seed of the k-means++ start.</summary>
    public ulong Seed { get; init; }

    /// <summary>Threads; the result does not depend on them.</summary>
    public int Threads { get; init => field = Positive(value); } = Environment.ProcessorCount;

    private static int Positive(int value, [CallerMemberName] string name = "") =>
        value > 0 ? value : throw new ArgumentOutOfRangeException(name, value, "must be at least 1");
}

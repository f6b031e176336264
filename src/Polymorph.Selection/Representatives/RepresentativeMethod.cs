namespace Polymorph.Selection;

/// <summary>How a few structures are chosen that stand for all.</summary>
public enum RepresentativeMethod
{
    /// <summary>The structures nearest to the centres of k-means clusters, as published.</summary>
    KMeans,

    /// <summary>Structures with the least sum of distances to those that they stand for.</summary>
    KMedoids,

    /// <summary>Each structure the farthest from those chosen before.</summary>
    Farthest,

    /// <summary>One of each connectivity or topology, the most frequent first; more of the frequent ones when some are left to choose.</summary>
    Topology,
}

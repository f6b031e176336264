namespace Polymorph.Selection;

/// <summary>How representatives are picked. Defaults: the filter of the LoGAN study, which screens nothing and drops no duplicates.</summary>
public sealed record StreamedSelectionOptions
{
    /// <summary>Principal components in which structures are clustered.</summary>
    public int Components { get; init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Components), value, "must be at least 1"); } = 2;

    /// <summary>Clustering, and with it the number of representatives.</summary>
    public KMeansOptions Clustering { get; init; } = new();

    /// <summary>How representatives are chosen.</summary>
    public RepresentativeMethod Representatives { get; init; } = RepresentativeMethod.KMeans;

    /// <summary>What equal topologies share; asked for with <see cref="RepresentativeMethod.Topology"/> only.</summary>
    public StructureTopology? Topology { get; init; }

    /// <summary>Atoms per structure; needed for <see cref="Topology"/>.</summary>
    public int AtomCount { get; init; }

    /// <summary>File in which progress is saved, so that a killed process goes on; the caller removes it. Null saves nothing.</summary>
    public string? JournalFile { get; init; }

    /// <summary>Everything but tolerance and number that decides the fate of structures: what the source gives, what the screen drops, the descriptor. A journal of other settings is not used.</summary>
    public string JournalSettings { get; init; } = "";

    /// <summary>Drops bad geometries before anything else; null lets all pass.</summary>
    public StructureScreen? Screen { get; init; }

    /// <summary>Told why each structure was dropped when none is left, before the error is thrown; null when nobody asks.</summary>
    public Action<SelectionResult>? NothingLeft { get; init; }

    /// <summary>Euclidean distance of descriptors below which structures with one key are duplicates; null keeps duplicates.
    /// One descriptor per different structure is kept: in memory, in a temporary file, or in the journal.</summary>
    public double? DuplicateTolerance { get; init => field = value is null or > 0 ? value : throw new ArgumentOutOfRangeException(nameof(DuplicateTolerance), value, "must be positive"); }

    /// <summary>Structures that are not new, with the descriptors of this selection; null when all are new.</summary>
    public DuplicateFilter? Known { get; init; }

    /// <summary>Keys for duplicates and known structures; null compares descriptors only.</summary>
    public StructureKey? Key { get; init; }

    /// <summary>Descriptors are held in memory while they fit into this many bytes; otherwise they are kept in a file where repeats are looked for, or else made again.</summary>
    public long DescriptorBytes { get; init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(DescriptorBytes), value, "must not be negative"); } = 256L << 20;

    /// <summary>Threads; the result does not depend on them.</summary>
    public int Threads { get; init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Threads), value, "must be at least 1"); } = Environment.ProcessorCount;
}

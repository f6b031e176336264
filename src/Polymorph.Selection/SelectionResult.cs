namespace Polymorph.Selection;

/// <summary>What a selection kept, where everything lies, and why the rest was dropped.</summary>
public sealed class SelectionResult
{
    private readonly byte[] _losses;

    internal SelectionResult(Funnel funnel, int[] clustered, double[] points, PrincipalComponents? components, Clustering? clustering, int[] picks, byte[] losses)
    {
        (Funnel, Clustered, Components, Clustering, Picks, _losses) = (funnel, clustered, components, clustering, picks, losses);
        Points = points;
    }

    /// <summary>Counts by stage and reason.</summary>
    public Funnel Funnel { get; }

    /// <summary>Indices of the structures that representatives were chosen from, ascending.</summary>
    public IReadOnlyList<int> Clustered { get; }

    /// <summary>Their coordinates, [clustered × components]; empty when there were no more structures than clusters, and each is kept.</summary>
    public ReadOnlyMemory<double> Points { get; }

    /// <summary>The components and their variances; null when each structure is kept.</summary>
    public PrincipalComponents? Components { get; }

    /// <summary>The clusters of the clustered structures; null when each structure is kept.</summary>
    public Clustering? Clustering { get; }

    /// <summary>Indices of the representatives, in the order of their clusters, without repeats.</summary>
    public IReadOnlyList<int> Picks { get; }

    /// <summary>Why a structure was dropped; null for representatives.</summary>
    /// <param name="index">Index of the structure.</param>
    public LossReason? Loss(int index) => _losses[index] == 0xFF ? null : (LossReason)_losses[index];
}

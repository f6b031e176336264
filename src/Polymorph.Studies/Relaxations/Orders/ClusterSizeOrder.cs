namespace Polymorph.Studies.Relaxations.Orders;

/// <summary>The candidate that stands for most generated structures first.</summary>
/// <param name="candidates">The candidates.</param>
public sealed class ClusterSizeOrder(IReadOnlyList<RelaxationCandidate> candidates) : IRelaxationOrder
{
    /// <inheritdoc/>
    public IReadOnlyList<double> Values { get; } = [.. candidates.Select(c => (double)c.Size)];

    /// <inheritdoc/>
    public void Taken(int candidate)
    {
    }

    /// <inheritdoc/>
    public void Found(Relaxed minimum)
    {
    }
}

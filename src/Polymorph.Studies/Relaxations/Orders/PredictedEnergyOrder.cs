namespace Polymorph.Studies.Relaxations.Orders;

/// <summary>The candidate of the lowest energy per atom before its relaxation first.</summary>
/// <param name="candidates">The candidates.</param>
/// <param name="energies">Their energies, [candidates], eV; NaN, which comes last, where the engine failed.</param>
public sealed class PredictedEnergyOrder(IReadOnlyList<RelaxationCandidate> candidates, IReadOnlyList<double> energies) : IRelaxationOrder
{
    /// <inheritdoc/>
    public IReadOnlyList<double> Values { get; } = [.. candidates.Zip(energies, (c, e) => double.IsFinite(e) ? -e / c.Start.AtomCount : double.NegativeInfinity)];

    /// <inheritdoc/>
    public void Taken(int candidate)
    {
    }

    /// <inheritdoc/>
    public void Found(Relaxed minimum)
    {
    }
}

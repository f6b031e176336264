namespace Polymorph.Studies.Relaxations.Orders;

/// <summary>Says how much a relaxation of each candidate may tell.</summary>
public interface IRelaxationOrder
{
    /// <summary>Value of each candidate, [candidates]; larger is taken earlier. Changes as candidates are taken and minima found.</summary>
    IReadOnlyList<double> Values { get; }

    /// <summary>Told that a candidate is taken.</summary>
    /// <param name="candidate">Its index.</param>
    void Taken(int candidate);

    /// <summary>Told of a minimum.</summary>
    /// <param name="minimum">A converged relaxation.</param>
    void Found(Relaxed minimum);
}

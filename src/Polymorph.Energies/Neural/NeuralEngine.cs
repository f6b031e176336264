using Polymorph.Structures;

namespace Polymorph.Energies.Neural;

/// <summary>Energies, forces and stresses of a neural potential: the mean of its committee, whose spread is the uncertainty.</summary>
/// <param name="potential">The potential.</param>
/// <param name="precision">Arithmetic.</param>
public sealed class NeuralEngine(NeuralPotential potential, Precision precision = Precision.Single) : IEnergyEngine
{
    /// <summary>The potential.</summary>
    public NeuralPotential Potential { get; } = potential;

    /// <inheritdoc/>
    public string Method => Potential.Method;

    /// <inheritdoc/>
    public string? Refusal(Structure structure)
    {
        ArgumentNullException.ThrowIfNull(structure);
        var unknown = structure.Species.Where(e => !Potential.Options.Elements.Contains(e)).Distinct().Select(e => e.Symbol).ToList();
        return structure.AtomCount == 0 ? "there are no atoms"
            : unknown.Count > 0 ? $"it knows {string.Join(", ", Potential.Options.Elements.Select(e => e.Symbol))}, not {string.Join(", ", unknown)}"
            : null;
    }

    /// <inheritdoc/>
    public IEvaluator CreateEvaluator() => new NeuralEvaluator(this, precision);
}

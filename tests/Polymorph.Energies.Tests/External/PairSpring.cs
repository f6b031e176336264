using Polymorph.Structures;

namespace Polymorph.Energies.Tests.External;

/// <summary>A spring between the first two atoms, across an image when there is a cell: E = k/2 (|d| − l)², d = r₁ − r₀ + a + b − c.</summary>
internal sealed class PairSpring : IEnergyEngine
{
    private const double Stiffness = 3.7, Length = 2.1;

    public string Method => "pair-spring";

    public string? Refusal(Structure structure) => null;

    public IEvaluator CreateEvaluator() => new Evaluator();

    public static Evaluation Evaluate(Structure structure)
    {
        var d = structure.Positions[1] - structure.Positions[0];
        if (structure.Lattice is { } cell && structure.Periodicity.Any)
        {
            d += cell.ToCartesian(new(1, 1, -1));
        }

        double stretch = d.Length - Length;
        var gradient = Stiffness * stretch / d.Length * d;
        var forces = new Vector3D[structure.AtomCount];
        (forces[0], forces[1]) = (gradient, -gradient);
        StressTensor? stress = structure.Periodicity == Periodicity.Full ? 1 / structure.Lattice!.Volume * StressTensor.Virial(d, gradient) : null;
        return Evaluation.Of(Stiffness / 2 * stretch * stretch, [.. forces], stress);
    }

    private sealed class Evaluator : IEvaluator
    {
        public Evaluation Evaluate(Structure structure, CancellationToken cancellation = default) => PairSpring.Evaluate(structure);

        public void Dispose()
        {
        }
    }
}

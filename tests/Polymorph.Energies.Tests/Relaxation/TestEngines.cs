using Polymorph.Structures;

namespace Polymorph.Energies.Tests.Relaxation;

/// <summary>An engine made of one function, for tests.</summary>
internal sealed class FunctionEngine(Func<Structure, Evaluation> evaluate, Func<Structure, string?>? refuse = null) : IEnergyEngine
{
    private readonly Func<Structure, Evaluation> _evaluate = evaluate;
    private int _calls;

    public string Method => "test";

    public int Calls => _calls;

    public string? Refusal(Structure structure) => refuse?.Invoke(structure);

    public IEvaluator CreateEvaluator() => new Worker(this);

    private sealed class Worker(FunctionEngine engine) : IEvaluator
    {
        public Evaluation Evaluate(Structure structure, CancellationToken cancellation = default)
        {
            cancellation.ThrowIfCancellationRequested();
            Interlocked.Increment(ref engine._calls);
            return engine._evaluate(structure);
        }

        public void Dispose()
        {
        }
    }
}

/// <summary>Pair potentials with known derivatives: energy, forces and stress by images.</summary>
internal static class PairPotential
{
    /// <summary>Evaluates a sum over pairs; the function gives energy and derivative of a pair at a distance.</summary>
    public static FunctionEngine Engine(double cutoff, Func<Element, Element, double, (double Energy, double Slope)> pair) => new(structure =>
    {
        double energy = 0;
        var forces = new Vector3D[structure.AtomCount];
        var virial = default(StressTensor);
        var neighbours = NeighborList.Build(structure, cutoff);
        for (int i = 0; i < structure.AtomCount; i++)
        {
            foreach (var near in neighbours.Of(i))
            {
                var (e, slope) = pair(structure.Species[i], structure.Species[near.Index], near.Distance);
                energy += 0.5 * e;
                var gradient = slope / near.Distance * near.Offset;
                forces[i] += gradient;
                virial += 0.5 * StressTensor.Virial(near.Offset, gradient);
            }
        }

        StressTensor? stress = structure.Periodicity == Periodicity.Full ? 1 / structure.Lattice!.Volume * virial : null;
        return Evaluation.Of(energy, [.. forces], stress);
    });

    /// <summary>Lennard-Jones of argon-like atoms, shifted to vanish at the cutoff of 8 Å.</summary>
    public static FunctionEngine LennardJones(double epsilon = 0.0104, double sigma = 3.4)
    {
        const double cutoff = 8;
        double Energy(double r) => 4 * epsilon * (Math.Pow(sigma / r, 12) - Math.Pow(sigma / r, 6));
        double shift = Energy(cutoff);
        return Engine(cutoff, (_, _, r) => (Energy(r) - shift, -24 * epsilon / r * (2 * Math.Pow(sigma / r, 12) - Math.Pow(sigma / r, 6))));
    }

    /// <summary>Morse bonds between all pairs, longest at the sum of the covalent radii.</summary>
    public static FunctionEngine Morse(double depth = 4, double width = 2) => Engine(8, (a, b, r) =>
    {
        double x = Math.Exp(-width * (r - a.CovalentRadius - b.CovalentRadius));
        return (depth * (x * x - 2 * x), -2 * width * depth * (x * x - x));
    });
}

using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Polymorph.Structures;

namespace Polymorph.Energies.Classical;

/// <summary>Classical potentials of silica with published parameters: fast, and good for what they were fitted to.</summary>
/// <remarks>Formulas, sources and limits: <c>docs/methods/classical.md</c>.</remarks>
public sealed class ClassicalEngine : IEnergyEngine
{
    private static readonly Lazy<ClassicalEngine> Tersoff = new(() => new(new TersoffPotential("tersoff-munetoh-2007")));
    private static readonly Lazy<ClassicalEngine> Vashishta = new(() => new(new VashishtaPotential("vashishta-1990")));

    private readonly IClassicalPotential _potential;

    private ClassicalEngine(IClassicalPotential potential) => _potential = potential;

    /// <summary>Tersoff's bond orders with the Si-O set of S. Munetoh, T. Motooka, K. Moriguchi, A. Shintani, Comput. Mater. Sci. 39, 334 (2007).</summary>
    public static ClassicalEngine TersoffMunetoh2007 => Tersoff.Value;

    /// <summary>Pairs and bends with the SiO2 set of P. Vashishta, R. K. Kalia, J. P. Rino, I. Ebbsjö, Phys. Rev. B 41, 12197 (1990).</summary>
    public static ClassicalEngine Vashishta1990 => Vashishta.Value;

    /// <inheritdoc/>
    public string Method => _potential.Method;

    /// <summary>Elements it knows.</summary>
    public ImmutableArray<Element> Elements => _potential.Elements;

    /// <inheritdoc/>
    public string? Refusal(Structure structure)
    {
        ArgumentNullException.ThrowIfNull(structure);
        foreach (var element in structure.Species)
        {
            if (!Elements.Contains(element))
            {
                return $"{Method} does not know the element {element}, only {string.Join(", ", Elements)}";
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public IEvaluator CreateEvaluator() => new Evaluator(this);

    private sealed class Evaluator(ClassicalEngine engine) : IEvaluator
    {
        // Closer atoms have no direction to speak of, so no force either.
        private const double Coincidence = 1e-3;

        private readonly ClassicalSum _sum = new();
        private int[] _types = [];

        public Evaluation Evaluate(Structure structure, CancellationToken cancellation = default)
        {
            if (engine.Refusal(structure) is { } refusal)
            {
                return Evaluation.Failed(refusal);
            }

            NeighborList neighbours;
            try
            {
                neighbours = NeighborList.Build(structure, engine._potential.Cutoff);
            }
            catch (ArgumentException e)
            {
                return Evaluation.Failed(e.Message);
            }

            int atoms = structure.AtomCount;
            if (_types.Length < atoms)
            {
                _types = new int[atoms];
            }

            for (int i = 0; i < atoms; i++)
            {
                _types[i] = engine.Elements.IndexOf(structure.Species[i]);
                if (neighbours.Of(i) is [var nearest, ..] && nearest.Distance < Coincidence)
                {
                    return Evaluation.Failed(nearest.Index == i ? $"atom {i + 1} lies on its own image" : $"atoms {i + 1} and {nearest.Index + 1} lie on one site");
                }
            }

            _sum.Clear(atoms);
            for (int i = 0; i < atoms; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                engine._potential.AddAtom(i, neighbours.Of(i), _types, _sum);
            }

            return Result(structure);
        }

        public void Dispose()
        {
        }

        private Evaluation Result(Structure structure)
        {
            var forces = new Vector3D[structure.AtomCount];
            for (int i = 0; i < forces.Length; i++)
            {
                forces[i] = -_sum.Gradient[i];
            }

            StressTensor? stress = structure.Periodicity == Periodicity.Full ? 1 / structure.Lattice!.Volume * _sum.Virial : null;
            return Evaluation.Of(_sum.Energy, ImmutableCollectionsMarshal.AsImmutableArray(forces), stress);
        }
    }
}

using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Polymorph.Structures;

namespace Polymorph.Energies.Ani;

/// <summary>What evaluators of either precision share: neighbours in, and sums over atoms and members out.</summary>
internal abstract class AniEvaluator(AniModel model) : IEvaluator
{
    private int[] _types = [];
    private Vector3D[] _gradient = [];
    private StressTensor _virial;

    /// <summary>Neighbours of the structure at hand.</summary>
    protected AniNeighbours Neighbours { get; } = new(model.Symmetry.Rcr, model.Symmetry.Rca);

    /// <summary>Sums over atoms of each member's outputs, [members], hartree.</summary>
    protected double[] MemberEnergies { get; } = new double[model.MemberCount];

    /// <summary>Energies of the members without the energies of the free atoms, [members], hartree, of the last structure.</summary>
    internal ReadOnlySpan<double> LastMemberEnergies => MemberEnergies;

    /// <inheritdoc/>
    public Evaluation Evaluate(Structure structure, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(structure);
        int atoms = structure.AtomCount;
        if (_types.Length < atoms)
        {
            (_types, _gradient) = (new int[atoms], new Vector3D[atoms]);
        }

        double freeAtoms = 0;
        for (int i = 0; i < atoms; i++)
        {
            _types[i] = model.Elements.IndexOf(structure.Species[i]);
            if (_types[i] < 0)
            {
                return Evaluation.Failed(AniEngine.UnknownElement(model, structure.Species[i]));
            }

            freeAtoms += model.SelfEnergies[_types[i]];
        }

        var types = _types.AsSpan(0, atoms);
        if (Neighbours.Find(structure, types) is { } reason)
        {
            return Evaluation.Failed(reason);
        }

        MemberEnergies.AsSpan().Clear();
        _gradient.AsSpan(0, atoms).Clear();
        _virial = default;
        Compute(types, cancellation);
        return Result(structure, freeAtoms);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    /// <summary>Adds up the energies of the members, and the gradient of the sum over the members by <see cref="AddGradient"/>.</summary>
    /// <param name="types">Element of each atom, as an index, [atoms].</param>
    /// <param name="cancellation">Stops.</param>
    protected abstract void Compute(ReadOnlySpan<int> types, CancellationToken cancellation);

    /// <summary>Takes the derivative of the sum of the members' energies by the offset from an atom to a neighbour.</summary>
    /// <param name="atom">The atom.</param>
    /// <param name="neighbour">The neighbour.</param>
    /// <param name="gradient">hartree/Å.</param>
    protected void AddGradient(int atom, in AniNeighbour neighbour, Vector3D gradient)
    {
        _gradient[neighbour.Index] += gradient;
        _gradient[atom] -= gradient;
        _virial += StressTensor.Virial(neighbour.Offset, gradient);
    }

    private Evaluation Result(Structure structure, double freeAtoms)
    {
        int members = MemberEnergies.Length;
        double mean = MemberEnergies.Average();
        double deviation = Math.Sqrt(MemberEnergies.Sum(e => (e - mean) * (e - mean)) / members);
        double unit = model.HartreeEV / members;
        var forces = new Vector3D[structure.AtomCount];
        for (int i = 0; i < forces.Length; i++)
        {
            forces[i] = -unit * _gradient[i];
        }

        StressTensor? stress = structure.Periodicity == Periodicity.Full ? unit / structure.Lattice!.Volume * _virial : null;
        double? uncertainty = members > 1 ? model.HartreeEV * deviation / forces.Length : null;
        return Evaluation.Of(model.HartreeEV * (mean + freeAtoms), ImmutableCollectionsMarshal.AsImmutableArray(forces), stress, uncertainty);
    }
}

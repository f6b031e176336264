using System.Collections.Immutable;
using Polymorph.Structures;

namespace Polymorph.Energies.Ani;

/// <summary>ANI in double precision, atom by atom.</summary>
internal sealed class AniReferenceEvaluator : AniEvaluator
{
    private readonly AniDescriptorReference _descriptor;
    private readonly AniNetworkReference[][] _networks;
    private readonly double[] _values;
    private readonly double[] _seed;
    private Vector3D[] _gradient = [];

    /// <summary>An evaluator.</summary>
    /// <param name="model">Weights.</param>
    /// <param name="networks">[elements][members].</param>
    public AniReferenceEvaluator(AniModel model, AniNetworkReference[][] networks)
        : base(model)
    {
        _descriptor = new AniDescriptorReference(model.Symmetry, model.Elements.Length);
        _networks = [.. networks.Select(members => Array.ConvertAll(members, m => m.ForAnotherThread()))];
        (_values, _seed) = (new double[_descriptor.Length], new double[_descriptor.Length]);
    }

    /// <inheritdoc/>
    protected override void Compute(ReadOnlySpan<int> types, CancellationToken cancellation)
    {
        for (int i = 0; i < types.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var neighbours = Neighbours.Of(i);
            _descriptor.Values(neighbours, Neighbours.AngularCount(i), _values);
            _seed.AsSpan().Clear();
            for (int member = 0; member < MemberEnergies.Length; member++)
            {
                MemberEnergies[member] += _networks[types[i]][member].Energy(_values, _seed);
            }

            if (_gradient.Length < neighbours.Length)
            {
                _gradient = new Vector3D[2 * neighbours.Length];
            }

            _descriptor.Gradient(neighbours, Neighbours.AngularCount(i), _seed, _gradient);
            for (int j = 0; j < neighbours.Length; j++)
            {
                AddGradient(i, neighbours[j], _gradient[j]);
            }
        }
    }
}

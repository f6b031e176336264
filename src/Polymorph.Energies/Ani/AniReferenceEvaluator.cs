using Polymorph.Structures;

namespace Polymorph.Energies.Ani;

/// <summary>ANI in double precision.</summary>
internal sealed class AniReferenceEvaluator : AniEvaluator
{
    private readonly AniDescriptorReference _descriptor;
    private readonly AniNetworkReference[][] _networks;
    private readonly double[] _values;
    private readonly double[] _seeds;
    private readonly int[] _atoms = new int[AniNetworkReference.MostRows];
    private Vector3D[] _gradient = [];

    /// <summary>An evaluator.</summary>
    /// <param name="model">Weights.</param>
    /// <param name="networks">[elements][members].</param>
    public AniReferenceEvaluator(AniModel model, AniNetworkReference[][] networks)
        : base(model)
    {
        _descriptor = new AniDescriptorReference(model.Symmetry, model.Elements.Length);
        _networks = [.. networks.Select(members => Array.ConvertAll(members, m => m.ForAnotherThread()))];
        _values = new double[AniNetworkReference.MostRows * _descriptor.Length];
        _seeds = new double[_values.Length];
    }

    /// <inheritdoc/>
    protected override void Compute(ReadOnlySpan<int> types, CancellationToken cancellation)
    {
        for (int type = 0; type < _networks.Length; type++)
        {
            int count = 0;
            for (int i = 0; i < types.Length; i++)
            {
                if (types[i] == type)
                {
                    _atoms[count++] = i;
                }

                if (count == _atoms.Length || (count > 0 && i == types.Length - 1))
                {
                    cancellation.ThrowIfCancellationRequested();
                    Compute(_networks[type], _atoms.AsSpan(0, count));
                    count = 0;
                }
            }
        }
    }

    private void Compute(AniNetworkReference[] members, ReadOnlySpan<int> atoms)
    {
        int length = _descriptor.Length;
        for (int row = 0; row < atoms.Length; row++)
        {
            _descriptor.Values(Neighbours.Of(atoms[row]), Neighbours.AngularCount(atoms[row]), _values.AsSpan(row * length, length));
        }

        var seeds = _seeds.AsSpan(0, atoms.Length * length);
        seeds.Clear();
        for (int k = 0; k < members.Length; k++)
        {
            MemberEnergies[k] += members[k].Energy(_values, atoms.Length, seeds);
        }

        for (int row = 0; row < atoms.Length; row++)
        {
            var neighbours = Neighbours.Of(atoms[row]);
            if (_gradient.Length < neighbours.Length)
            {
                _gradient = new Vector3D[2 * neighbours.Length];
            }

            _descriptor.Gradient(neighbours, Neighbours.AngularCount(atoms[row]), seeds.Slice(row * length, length), _gradient);
            for (int j = 0; j < neighbours.Length; j++)
            {
                AddGradient(atoms[row], neighbours[j], _gradient[j]);
            }
        }
    }
}

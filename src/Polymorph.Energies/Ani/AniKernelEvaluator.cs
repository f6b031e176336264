using Polymorph.Energies.Kernels;
using Polymorph.Learning;
using Polymorph.Structures;

namespace Polymorph.Energies.Ani;

/// <summary>ANI in single precision: atoms of one element together, so that the networks are matrix products.</summary>
internal sealed class AniKernelEvaluator(AniModel model, AniPackedSets sets) : AniEvaluator(model)
{
    // A multiple of the product's six rows; the activations of so many atoms stay in the second-level cache.
    private const int MostRows = 48;

    private readonly AniDescriptorKernel _descriptor = new(model.Symmetry, model.Elements.Length);
    private readonly AniScratch _scratch = new(MostRows, model.Networks.Max(n => n.Widths[1..4].Max()) * model.MemberCount);
    private readonly int[] _atoms = new int[MostRows];
    private AniPackedSet? _set;
    private AlignedMatrix _values = new(1, 1);
    private AlignedMatrix _seeds = new(1, 1);
    private Vector3D[] _gradient = [];

    /// <inheritdoc/>
    protected override void Compute(ReadOnlySpan<int> types, CancellationToken cancellation)
    {
        var set = SetOf(types);
        for (int type = 0; type < set.Slots.Length; type++)
        {
            if (set.Networks[type] is not { } network)
            {
                continue;
            }

            int count = 0;
            for (int i = 0; i < types.Length; i++)
            {
                if (types[i] == type)
                {
                    _atoms[count++] = i;
                }

                if (count == MostRows || (count > 0 && i == types.Length - 1))
                {
                    cancellation.ThrowIfCancellationRequested();
                    Compute(set, network, _atoms.AsSpan(0, count));
                    count = 0;
                }
            }
        }
    }

    private void Compute(AniPackedSet set, AniPackedNetwork network, ReadOnlySpan<int> atoms)
    {
        for (int row = 0; row < atoms.Length; row++)
        {
            int atom = atoms[row];
            _descriptor.Values(Neighbours.Of(atom), Neighbours.AngularCount(atom), set.Slots.AsSpan(), set.Present, _values.Row(row));
        }

        network.Run(_scratch, _values, atoms.Length, _seeds, MemberEnergies);
        for (int row = 0; row < atoms.Length; row++)
        {
            int atom = atoms[row];
            var neighbours = Neighbours.Of(atom);
            if (_gradient.Length < neighbours.Length)
            {
                _gradient = new Vector3D[2 * neighbours.Length];
            }

            _descriptor.Gradient(neighbours, Neighbours.AngularCount(atom), set.Slots.AsSpan(), set.Present, _seeds.Row(row), _gradient);
            for (int j = 0; j < neighbours.Length; j++)
            {
                AddGradient(atom, neighbours[j], _gradient[j]);
            }
        }
    }

    private AniPackedSet SetOf(ReadOnlySpan<int> types)
    {
        ulong mask = 0;
        foreach (int type in types)
        {
            mask |= 1UL << type;
        }

        if (_set?.Mask != mask)
        {
            _set = sets.Of(mask);
            int length = AniSymmetryFunctions.Length(_set.Present);
            if (_values.Columns != length)
            {
                (_values, _seeds) = (new AlignedMatrix(MostRows, length), new AlignedMatrix(MostRows, length));
            }
        }

        return _set;
    }
}

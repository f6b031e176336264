using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Polymorph.Representations.Kernels;

namespace Polymorph.Energies.Neural.Kernels;

/// <summary>The committee's mean energy and its gradient for one structure.</summary>
internal abstract class CommitteeKernel
{
    /// <summary>The kernel for this machine's vectors.</summary>
    /// <param name="potential">The potential.</param>
    /// <param name="precision">Arithmetic.</param>
    public static CommitteeKernel Create(NeuralPotential potential, Precision precision) => (precision, Vector512.IsHardwareAccelerated) switch
    {
        (Precision.Single, true) => new CommitteeKernel<WideSingle16, float>(potential),
        (Precision.Single, false) => new CommitteeKernel<WideSingle8, float>(potential),
        (_, true) => new CommitteeKernel<WideDouble8, double>(potential),
        _ => new CommitteeKernel<WideDouble4, double>(potential),
    };

    /// <summary>Evaluates one structure.</summary>
    /// <param name="pairs">Its pairs within the largest cutoff.</param>
    /// <param name="types">Type of each atom.</param>
    /// <param name="memberEnergies">Σ of the networks of each member, [members], eV, overwritten.</param>
    /// <param name="gradient">Mean dE/dposition, [atoms × 3], eV/Å; added to.</param>
    /// <param name="virial">Mean Σ offset ⊗ gradient: xx, yy, zz, yz, xz, xy, eV; added to.</param>
    public abstract void Evaluate(PairList pairs, ReadOnlySpan<int> types, Span<double> memberEnergies, Span<double> gradient, Span<double> virial);
}

/// <inheritdoc/>
/// <typeparam name="T">Lanes.</typeparam>
/// <typeparam name="TNumber">Precision.</typeparam>
internal sealed unsafe class CommitteeKernel<T, TNumber> : CommitteeKernel
    where T : unmanaged, IWide<T, TNumber>
    where TNumber : unmanaged, IBinaryFloatingPointIeee754<TNumber>
{
    private readonly AlignedArena _arena = new();
    private readonly NeuralForm _form;
    private readonly DescriptorKernel<T, TNumber> _descriptor;
    private readonly NetworkStack<T, TNumber> _stack;
    private readonly BlockBatch<T, TNumber> _batch;
    private readonly NeighbourTable<TNumber> _table = new();
    private readonly NetworkParameters<TNumber>[] _members;
    private readonly TNumber* _standard;
    private readonly TNumber* _messageStandards;
    private readonly T* _memberGradient;
    private AlignedArena _sumArena = new();
    private T* _featureGradients;
    private int _sumBlocks;
    private TNumber[] _gradient = [];

    public CommitteeKernel(NeuralPotential potential)
    {
        _form = potential.Form;
        (_descriptor, _stack, _batch) = (new(_form.Descriptor), new(_form), new(_form));
        _members = [.. potential.Members.Select(m => new NetworkParameters<TNumber>(_form, m.Weights))];
        _standard = Load(potential.Standard);
        _messageStandards = Load([.. potential.Members.SelectMany(m => m.MessageStandard.Select(v => (double)v))]);
        _memberGradient = _arena.Take<T>(_form.Descriptor.FeatureCount);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Evaluate(PairList pairs, ReadOnlySpan<int> types, Span<double> memberEnergies, Span<double> gradient, Span<double> virial)
    {
        Assemble(pairs, types);
        memberEnergies.Clear();
        int rows = 3 * (types.Length + 1), features = _form.Descriptor.FeatureCount;
        _gradient = _gradient.Length >= rows ? _gradient : new TNumber[rows];
        Array.Clear(_gradient, 0, rows);
        fixed (TNumber* to = _gradient)
        fixed (double* strain = virial)
        {
            for (int b = 0; b < _batch.Count; b++)
            {
                _descriptor.Describe(_batch[b], StandardOf(b), _batch.Memory.Features(b));
            }

            for (int m = 0; m < _members.Length; m++)
            {
                memberEnergies[m] = AddMember(m, to, strain);
            }

            for (int b = 0; b < _batch.Count; b++)
            {
                _descriptor.Reverse(_batch[b], StandardOf(b), _featureGradients + (nint)b * features, to, strain);
            }
        }

        double scale = 1 / _form.Descriptor.CutoffRadius;
        for (int k = 0; k < gradient.Length; k++)
        {
            gradient[k] += scale * double.CreateTruncating(_gradient[3 + k]);
        }

        GC.KeepAlive(this);
    }

    // A member's energy; its gradient by the first features is added to the others'.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private double AddMember(int member, TNumber* positionGradient, double* virial)
    {
        var parameters = _members[member];
        TNumber* standard = _messageStandards + (nint)member * _form.StandardCount;
        int features = _form.Descriptor.FeatureCount;
        _stack.Forward(_batch, parameters, standard, curvature: false);
        _stack.Adjoint(_batch, parameters, standard, TNumber.One / TNumber.CreateTruncating(_members.Length), positionGradient, virial);
        double sum = 0;
        for (int b = 0; b < _batch.Count; b++)
        {
            T energy = _stack.Energy(_batch, b);
            for (int lane = 0; lane < T.Count; lane++)
            {
                sum += _batch[b].Centre[lane] > 0 ? double.CreateTruncating(((TNumber*)&energy)[lane]) : 0;
            }

            T* to = _featureGradients + (nint)b * features;
            _stack.FeatureGradient(_batch, parameters, b, member == 0 ? to : _memberGradient);
            for (int k = 0; k < features && member > 0; k++)
            {
                to[k] += _memberGradient[k];
            }
        }

        return sum;
    }

    private void Assemble(PairList pairs, ReadOnlySpan<int> types)
    {
        _table.Fill(pairs, types, _form.Elements, _form.Descriptor.CutoffRadius);
        _batch.Begin(types.Length);
        for (int element = 0; element < _form.Elements; element++)
        {
            _batch.Add(element, _table, types, 1);
            _batch.Finish(element);
        }

        if (_sumBlocks < _batch.Count)
        {
            _sumBlocks = _batch.Count;
            _sumArena = new AlignedArena();
            _featureGradients = _sumArena.Take<T>(_sumBlocks * _form.Descriptor.FeatureCount);
        }
    }

    private TNumber* Load(double[] values)
    {
        TNumber* result = _arena.Take<TNumber>(values.Length);
        for (int k = 0; k < values.Length; k++)
        {
            result[k] = TNumber.CreateTruncating(values[k]);
        }

        return result;
    }

    private TNumber* StandardOf(int block) => _standard + 2 * (nint)_batch.Type(block) * _form.Descriptor.FeatureCount;
}

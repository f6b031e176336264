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
    private readonly DescriptorPlan _plan;
    private readonly NetworkLayout _layout;
    private readonly DescriptorKernel<T, TNumber> _descriptor;
    private readonly CentreBlock<T, TNumber> _block;
    private readonly NeighbourTable<TNumber> _table = new();
    private readonly CentreAddress<TNumber>[] _centres = new CentreAddress<TNumber>[T.Count];
    private readonly NetworkParameters<TNumber>[] _members;
    private readonly TNumber* _standard;
    private readonly T* _features;
    private readonly T* _featureGradient;
    private readonly T* _memberGradient;
    private readonly HiddenUnits<T> _units;
    private TNumber[] _gradient = [];

    public CommitteeKernel(NeuralPotential potential)
    {
        (_plan, _layout) = (potential.Plan, potential.Layout);
        _descriptor = new(_plan);
        _block = new(_plan);
        _members = [.. potential.Members.Select(m => new NetworkParameters<TNumber>(_layout, _plan.TypeCount, m))];
        _standard = _arena.Take<TNumber>(potential.Standard.Length);
        for (int k = 0; k < potential.Standard.Length; k++)
        {
            _standard[k] = TNumber.CreateTruncating(potential.Standard[k]);
        }

        _features = _arena.Take<T>(_plan.FeatureCount);
        _featureGradient = _arena.Take<T>(_plan.FeatureCount);
        _memberGradient = _arena.Take<T>(_plan.FeatureCount);
        _units = new(_arena.Take<T>(HiddenUnits<T>.Arrays * _layout.HiddenCount), _layout.HiddenCount);
    }

    /// <inheritdoc/>
    public override void Evaluate(PairList pairs, ReadOnlySpan<int> types, Span<double> memberEnergies, Span<double> gradient, Span<double> virial)
    {
        _table.Fill(pairs, types, _plan.TypeCount, _plan.CutoffRadius);
        memberEnergies.Clear();
        int rows = 3 * (types.Length + 1);
        _gradient = _gradient.Length >= rows ? _gradient : new TNumber[rows];
        Array.Clear(_gradient, 0, rows);
        fixed (TNumber* to = _gradient)
        fixed (double* strain = virial)
        {
            for (int type = 0; type < _plan.TypeCount; type++)
            {
                int count = 0;
                for (int atom = 0; atom < types.Length; atom++)
                {
                    if (types[atom] == type)
                    {
                        _centres[count++] = new(_table, atom, 1);
                    }

                    if (count == T.Count || (atom == types.Length - 1 && count > 0))
                    {
                        EvaluateBlock(type, count, memberEnergies, to, strain);
                        count = 0;
                    }
                }
            }
        }

        double scale = 1 / _plan.CutoffRadius;
        for (int k = 0; k < gradient.Length; k++)
        {
            gradient[k] += scale * double.CreateTruncating(_gradient[3 + k]);
        }

        GC.KeepAlive(this);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void EvaluateBlock(int type, int count, Span<double> memberEnergies, TNumber* positionGradient, double* virial)
    {
        TNumber* standard = _standard + 2 * type * _plan.FeatureCount;
        _block.Load(_centres.AsSpan(0, count));
        _descriptor.Describe(_block, standard, _features);
        T share = T.Broadcast(TNumber.One / TNumber.CreateTruncating(_members.Length));
        T* energy = stackalloc T[1];
        for (int m = 0; m < _members.Length; m++)
        {
            TNumber* p = _members[m].Of(type), transposed = _members[m].TransposedOf(type);
            *energy = NetworkKernel<T, TNumber>.Forward(_layout, p, _features, _units.Hidden, _units.Slope, null);
            for (int lane = 0; lane < count; lane++)
            {
                memberEnergies[m] += double.CreateTruncating(((TNumber*)energy)[lane]);
            }

            NetworkKernel<T, TNumber>.Adjoint(_layout, p, transposed, _units.Slope, _units.ToHidden, _units.Adjoint);
            NetworkKernel<T, TNumber>.FeatureGradient(_layout, transposed, _units.Adjoint, m == 0 ? _featureGradient : _memberGradient);
            for (int k = 0; k < _plan.FeatureCount && m > 0; k++)
            {
                _featureGradient[k] += _memberGradient[k];
            }
        }

        for (int k = 0; k < _plan.FeatureCount; k++)
        {
            _featureGradient[k] *= share;
        }

        _descriptor.Reverse(_block, standard, _featureGradient, positionGradient, virial);
    }
}

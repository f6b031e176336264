using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Polymorph.Energies.Ani;
using Polymorph.Representations.Kernels;
using Polymorph.Structures;

namespace Polymorph.Energies.Kernels;

/// <summary>The atomic environment vector of one atom in single precision, with blocks for the elements present only.</summary>
/// <remarks>Same arithmetic as <see cref="AniDescriptorReference"/>; cos(θ − φ) comes from the addition theorem, so no arccosine is taken. One thread's.</remarks>
internal sealed unsafe class AniDescriptorKernel
{
    private readonly AniSymmetryFunctions _symmetry;
    private readonly AniAngularKernel _angular;
    private readonly AlignedArena _arena = new();
    private readonly float* _shfR;

    /// <summary>A kernel.</summary>
    /// <param name="symmetry">The descriptor.</param>
    /// <param name="elements">Number of elements of the model.</param>
    public AniDescriptorKernel(AniSymmetryFunctions symmetry, int elements)
    {
        (_symmetry, _angular) = (symmetry, new AniAngularKernel(symmetry, elements));
        _shfR = _arena.Take<float>(AniSymmetryFunctions.RadialBlock);
        for (int i = 0; i < AniSymmetryFunctions.RadialBlock; i++)
        {
            _shfR[i] = (float)symmetry.ShfR[i];
        }
    }

    /// <summary>The vector.</summary>
    /// <param name="neighbours">Neighbours within the radial cutoff, those within the angular one first.</param>
    /// <param name="angularCount">How many of them lie within the angular cutoff.</param>
    /// <param name="slots">Place of each element among those present, [elements].</param>
    /// <param name="present">Number of elements present.</param>
    /// <param name="result">[length for the elements present], overwritten.</param>
    public void Values(ReadOnlySpan<AniNeighbour> neighbours, int angularCount, ReadOnlySpan<int> slots, int present, Span<float> result)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(result.Length, AniSymmetryFunctions.Length(present));
        result.Clear();
        fixed (float* target = result)
        {
            RadialValues(neighbours, slots, target);
            _angular.Values(neighbours[..angularCount], slots, present, target);
        }
    }

    /// <summary>Derivative of a function of the vector by the neighbours' offsets.</summary>
    /// <param name="neighbours">As for the values.</param>
    /// <param name="angularCount">As for the values.</param>
    /// <param name="slots">As for the values.</param>
    /// <param name="present">As for the values.</param>
    /// <param name="seed">Derivative of the function by the vector, [length for the elements present].</param>
    /// <param name="result">[neighbours], overwritten.</param>
    public void Gradient(ReadOnlySpan<AniNeighbour> neighbours, int angularCount, ReadOnlySpan<int> slots, int present, ReadOnlySpan<float> seed, Span<Vector3D> result)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(seed.Length, AniSymmetryFunctions.Length(present));
        fixed (float* source = seed)
        {
            RadialGradient(neighbours, slots, source, result);
            _angular.AddGradient(neighbours[..angularCount], slots, present, source, result);
        }
    }

    /// <summary>The cutoff function ½ cos(π r / R) + ½ and its derivative.</summary>
    /// <param name="r">Distance, Å.</param>
    /// <param name="cutoff">R, Å.</param>
    internal static (float Value, float Slope) Cutoff(float r, float cutoff)
    {
        var (sin, cos) = MathF.SinCos(MathF.PI * r / cutoff);
        return (0.5f * cos + 0.5f, -0.5f * MathF.PI / cutoff * sin);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void RadialValues(ReadOnlySpan<AniNeighbour> neighbours, ReadOnlySpan<int> slots, float* target)
    {
        var centres = Vector512.Load(_shfR);
        var eta = Vector512.Create((float)-_symmetry.EtaR * VectorFunctions.Log2E);
        foreach (ref readonly var n in neighbours)
        {
            float r = (float)n.Distance, fc = Cutoff(r, (float)_symmetry.Rcr).Value;
            var gaussian = VectorFunctions.Gaussian(Vector512.Create(r) - centres, eta);
            float* block = target + AniSymmetryFunctions.Radial(slots[n.Type]);
            Vector512.MultiplyAddEstimate(gaussian, Vector512.Create(0.25f * fc), Vector512.Load(block)).Store(block);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void RadialGradient(ReadOnlySpan<AniNeighbour> neighbours, ReadOnlySpan<int> slots, float* seed, Span<Vector3D> result)
    {
        var centres = Vector512.Load(_shfR);
        var eta = Vector512.Create((float)-_symmetry.EtaR * VectorFunctions.Log2E);
        for (int i = 0; i < neighbours.Length; i++)
        {
            ref readonly var n = ref neighbours[i];
            float r = (float)n.Distance;
            var fc = Cutoff(r, (float)_symmetry.Rcr);
            var d = Vector512.Create(r) - centres;
            var slope = Vector512.MultiplyAddEstimate(d, Vector512.Create(-2 * (float)_symmetry.EtaR * fc.Value), Vector512.Create(fc.Slope));
            float sum = 0.25f * Vector512.Sum(VectorFunctions.Gaussian(d, eta) * slope * Vector512.Load(seed + AniSymmetryFunctions.Radial(slots[n.Type])));
            result[i] = sum / n.Distance * n.Offset;
        }
    }
}

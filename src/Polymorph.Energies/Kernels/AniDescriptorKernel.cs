using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Polymorph.Energies.Ani;
using Polymorph.Structures;

namespace Polymorph.Energies.Kernels;

/// <summary>The atomic environment vector of one atom in single precision, with blocks for the elements present only: sixteen entries at a time.</summary>
/// <remarks>Same arithmetic as <see cref="AniDescriptorReference"/>; cos(θ − φ) comes from the addition theorem, so no arccosine is taken.
/// The gradient computes the terms again, which costs less than keeping them. One thread's.</remarks>
internal sealed unsafe class AniDescriptorKernel
{
    private const int Lane = 16;
    private const float Log2E = 1.44269504f;
    private const float SmallestExponent = -120;

    private readonly AniSymmetryFunctions _symmetry;
    private readonly float* _shfR;
    private readonly float* _shfA;
    private readonly float* _cos;
    private readonly float* _sin;
    private readonly float[] _tables;
    private Near[] _near = new Near[64];

    /// <summary>A kernel.</summary>
    /// <param name="symmetry">The descriptor.</param>
    public AniDescriptorKernel(AniSymmetryFunctions symmetry)
    {
        _symmetry = symmetry;
        _tables = GC.AllocateArray<float>(8 * Lane, pinned: true);
        _shfR = (float*)Unsafe.AsPointer(ref _tables[0]);
        _shfA = _shfR + Lane;
        _cos = _shfA + 2 * Lane;
        _sin = _cos + 2 * Lane;
        for (int i = 0; i < AniSymmetryFunctions.RadialBlock; i++)
        {
            _shfR[i] = (float)symmetry.ShfR[i];
        }

        int angles = symmetry.ShfZ.Length;
        for (int i = 0; i < AniSymmetryFunctions.AngularBlock; i++)
        {
            _shfA[i] = (float)symmetry.ShfA[i / angles];
            (_sin[i], _cos[i]) = ((float)Math.Sin(symmetry.ShfZ[i % angles]), (float)Math.Cos(symmetry.ShfZ[i % angles]));
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
            Prepare(neighbours[..angularCount], slots);
            fixed (Near* near = _near)
            {
                if (_symmetry.Zeta == 32)
                {
                    AngularValues(near, angularCount, present, target, default(PowerOf32));
                }
                else
                {
                    AngularValues(near, angularCount, present, target, new RealPower((float)_symmetry.Zeta));
                }
            }
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
            Prepare(neighbours[..angularCount], slots);
            fixed (Near* near = _near)
            {
                if (_symmetry.Zeta == 32)
                {
                    AngularGradient(near, angularCount, present, source, default(PowerOf32));
                }
                else
                {
                    AngularGradient(near, angularCount, present, source, new RealPower((float)_symmetry.Zeta));
                }
            }

            RadialGradient(neighbours, slots, source, result);
        }

        for (int i = 0; i < angularCount; i++)
        {
            result[i] += new Vector3D(_near[i].GradientX, _near[i].GradientY, _near[i].GradientZ);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void RadialValues(ReadOnlySpan<AniNeighbour> neighbours, ReadOnlySpan<int> slots, float* target)
    {
        var centres = Vector512.Load(_shfR);
        var eta = Vector512.Create((float)-_symmetry.EtaR * Log2E);
        foreach (ref readonly var n in neighbours)
        {
            float r = (float)n.Distance, fc = Cutoff(r, (float)_symmetry.Rcr).Value;
            var d = Vector512.Create(r) - centres;
            var e = VectorFunctions.Exp2(Vector512.MaxNative(eta * d * d, Vector512.Create(SmallestExponent)));
            float* block = target + AniSymmetryFunctions.Radial(slots[n.Type]);
            Vector512.MultiplyAddEstimate(e, Vector512.Create(0.25f * fc), Vector512.Load(block)).Store(block);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void RadialGradient(ReadOnlySpan<AniNeighbour> neighbours, ReadOnlySpan<int> slots, float* seed, Span<Vector3D> result)
    {
        var centres = Vector512.Load(_shfR);
        var eta = Vector512.Create((float)-_symmetry.EtaR * Log2E);
        for (int i = 0; i < neighbours.Length; i++)
        {
            ref readonly var n = ref neighbours[i];
            float r = (float)n.Distance;
            var fc = Cutoff(r, (float)_symmetry.Rcr);
            var d = Vector512.Create(r) - centres;
            var e = VectorFunctions.Exp2(Vector512.MaxNative(eta * d * d, Vector512.Create(SmallestExponent)));
            var slope = Vector512.MultiplyAddEstimate(d, Vector512.Create(-2 * (float)_symmetry.EtaR * fc.Value), Vector512.Create(fc.Slope));
            float sum = 0.25f * Vector512.Sum(e * slope * Vector512.Load(seed + AniSymmetryFunctions.Radial(slots[n.Type])));
            result[i] = sum / n.Distance * n.Offset;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AngularValues<TPower>(Near* near, int count, int present, float* target, TPower power)
        where TPower : struct, IAngularPower
    {
        Vector512<float> cos0 = Vector512.Load(_cos), cos1 = Vector512.Load(_cos + Lane), sin0 = Vector512.Load(_sin), sin1 = Vector512.Load(_sin + Lane);
        Vector512<float> shift0 = Vector512.Load(_shfA), shift1 = Vector512.Load(_shfA + Lane);
        var eta = Vector512.Create((float)-_symmetry.EtaA * Log2E);
        for (int j = 1; j < count; j++)
        {
            for (int k = 0; k < j; k++)
            {
                var (_, c, s) = Angle(near + j, near + k);
                var mean = Vector512.Create(0.5f * (near[j].Distance + near[k].Distance));
                var scale = Vector512.Create(2 * near[j].Cutoff * near[k].Cutoff);
                float* block = target + AniSymmetryFunctions.Angular(present, near[j].Slot, near[k].Slot);
                var e0 = Gaussian(mean - shift0, eta) * scale;
                var e1 = Gaussian(mean - shift1, eta) * scale;
                Vector512.MultiplyAddEstimate(e0, power.Value(HalfAngle(c, s, cos0, sin0)), Vector512.Load(block)).Store(block);
                Vector512.MultiplyAddEstimate(e1, power.Value(HalfAngle(c, s, cos1, sin1)), Vector512.Load(block + Lane)).Store(block + Lane);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AngularGradient<TPower>(Near* near, int count, int present, float* seed, TPower power)
        where TPower : struct, IAngularPower
    {
        Vector512<float> cos0 = Vector512.Load(_cos), cos1 = Vector512.Load(_cos + Lane), sin0 = Vector512.Load(_sin), sin1 = Vector512.Load(_sin + Lane);
        Vector512<float> shift0 = Vector512.Load(_shfA), shift1 = Vector512.Load(_shfA + Lane);
        var eta = Vector512.Create((float)-_symmetry.EtaA * Log2E);
        float meanFactor = -2 * (float)_symmetry.EtaA;
        for (int j = 1; j < count; j++)
        {
            Near* a = near + j;
            for (int k = 0; k < j; k++)
            {
                Near* b = near + k;
                var (cosine, c, s) = Angle(a, b);
                var mean = Vector512.Create(0.5f * (a->Distance + b->Distance));
                float* block = seed + AniSymmetryFunctions.Angular(present, a->Slot, b->Slot);
                Vector512<float> d0 = mean - shift0, d1 = mean - shift1;
                var e0 = Gaussian(d0, eta) * Vector512.Load(block);
                var e1 = Gaussian(d1, eta) * Vector512.Load(block + Lane);
                var (value0, slope0) = power.ValueAndSlope(HalfAngle(c, s, cos0, sin0));
                var (value1, slope1) = power.ValueAndSlope(HalfAngle(c, s, cos1, sin1));
                Vector512<float> product0 = e0 * value0, product1 = e1 * value1;
                // du/dcosγ = ½ sin(θ − φ)·0.95/√(1 − c²) with sin(θ − φ) = s cosφ − c sinφ.
                var sine0 = Vector512.Create(s) * cos0 - Vector512.Create(c) * sin0;
                var sine1 = Vector512.Create(s) * cos1 - Vector512.Create(c) * sin1;
                var (value, meanSum, sineSum) = VectorFunctions.Sums(
                    product0 + product1,
                    Vector512.MultiplyAddEstimate(product0, d0, product1 * d1),
                    Vector512.MultiplyAddEstimate(e0 * slope0, sine0, e1 * slope1 * sine1));
                float byMean = meanFactor * meanSum, byCosine = 0.5f * (float)AniSymmetryFunctions.CosineFactor / s * sineSum;
                float fc = a->Cutoff * b->Cutoff;
                float byA = byMean * fc + 2 * value * a->CutoffSlope * b->Cutoff;
                float byB = byMean * fc + 2 * value * a->Cutoff * b->CutoffSlope;
                float turnA = 2 * byCosine * fc * a->Inverse, turnB = 2 * byCosine * fc * b->Inverse;
                float alongA = byA - turnA * cosine, alongB = byB - turnB * cosine;
                a->GradientX += alongA * a->X + turnA * b->X;
                a->GradientY += alongA * a->Y + turnA * b->Y;
                a->GradientZ += alongA * a->Z + turnA * b->Z;
                b->GradientX += alongB * b->X + turnB * a->X;
                b->GradientY += alongB * b->Y + turnB * a->Y;
                b->GradientZ += alongB * b->Z + turnB * a->Z;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (float Cosine, float C, float S) Angle(Near* a, Near* b)
    {
        float cosine = a->X * b->X + a->Y * b->Y + a->Z * b->Z;
        float c = (float)AniSymmetryFunctions.CosineFactor * cosine;
        return (cosine, c, MathF.Sqrt(1 - c * c));
    }

    /// <summary>(1 + cos(θ − φ)) / 2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> HalfAngle(float c, float s, Vector512<float> cos, Vector512<float> sin)
    {
        var sum = Vector512.MultiplyAddEstimate(Vector512.Create(0.5f * c), cos, Vector512.Create(0.5f));
        return Vector512.MultiplyAddEstimate(Vector512.Create(0.5f * s), sin, sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Gaussian(Vector512<float> d, Vector512<float> eta) =>
        VectorFunctions.Exp2(Vector512.MaxNative(eta * d * d, Vector512.Create(SmallestExponent)));

    private static (float Value, float Slope) Cutoff(float r, float cutoff)
    {
        var (sin, cos) = MathF.SinCos(MathF.PI * r / cutoff);
        return (0.5f * cos + 0.5f, -0.5f * MathF.PI / cutoff * sin);
    }

    private void Prepare(ReadOnlySpan<AniNeighbour> neighbours, ReadOnlySpan<int> slots)
    {
        if (_near.Length < neighbours.Length)
        {
            _near = new Near[2 * neighbours.Length];
        }

        for (int i = 0; i < neighbours.Length; i++)
        {
            ref readonly var n = ref neighbours[i];
            double inverse = 1 / n.Distance;
            var fc = Cutoff((float)n.Distance, (float)_symmetry.Rca);
            _near[i] = new Near
            {
                X = (float)(inverse * n.Offset.X),
                Y = (float)(inverse * n.Offset.Y),
                Z = (float)(inverse * n.Offset.Z),
                Distance = (float)n.Distance,
                Inverse = (float)inverse,
                Cutoff = fc.Value,
                CutoffSlope = fc.Slope,
                Slot = slots[n.Type],
            };
        }
    }

    /// <summary>A neighbour within the angular cutoff: direction, distance, and what the gradient adds up.</summary>
    private struct Near
    {
        public float X;
        public float Y;
        public float Z;
        public float Distance;
        public float Inverse;
        public float Cutoff;
        public float CutoffSlope;
        public int Slot;
        public float GradientX;
        public float GradientY;
        public float GradientZ;
    }
}

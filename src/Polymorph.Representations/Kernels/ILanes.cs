namespace Polymorph.Representations.Kernels;

/// <summary>A vector of single-precision numbers, one per lane, of a width fixed by the type. Lanes never mix, so a lane's result
/// does not depend on its neighbours.</summary>
/// <typeparam name="T">The implementing type.</typeparam>
internal unsafe interface ILanes<T>
    where T : unmanaged, ILanes<T>
{
    /// <summary>Number of lanes.</summary>
    static abstract int Count { get; }

    /// <summary>Sum.</summary>
    static abstract T operator +(T a, T b);

    /// <summary>Difference.</summary>
    static abstract T operator -(T a, T b);

    /// <summary>Product.</summary>
    static abstract T operator *(T a, T b);

    /// <summary>Quotient.</summary>
    static abstract T operator /(T a, T b);

    /// <summary>The same number in all lanes.</summary>
    static abstract T Broadcast(float value);

    /// <summary>a·b + c, fused where the machine can.</summary>
    static abstract T MultiplyAdd(T a, T b, T c);

    /// <summary>c − a·b, fused where the machine can.</summary>
    static abstract T NegateMultiplyAdd(T a, T b, T c);

    /// <summary>a·b − c, fused where the machine can.</summary>
    static abstract T MultiplySubtract(T a, T b, T c);

    /// <summary>The smaller number.</summary>
    static abstract T Min(T a, T b);

    /// <summary>The larger number.</summary>
    static abstract T Max(T a, T b);

    /// <summary>Nearest integer, halves to even.</summary>
    static abstract T Round(T a);

    /// <summary>1 / √a to full single precision.</summary>
    static abstract T ReciprocalSquareRoot(T a);

    /// <summary>2^a for a in [−126, 0]; relative error below 2e-7. NaN stays NaN.</summary>
    static abstract T Exp2(T a);

    /// <summary>The magnitude of a with the sign of b.</summary>
    static abstract T CopySign(T a, T b);

    /// <summary>yes where a ≥ b, else no (also where a number is NaN).</summary>
    static abstract T SelectNotLess(T a, T b, T yes, T no);

    /// <summary>One bit per lane, set where a &lt; b.</summary>
    static abstract uint LessMask(T a, T b);

    /// <summary>One bit per lane, set where a is not a number.</summary>
    static abstract uint NotANumberMask(T a);

    /// <summary>Transposes a square of Count × Count numbers: target[k·targetStride + j] = source[j·sourceStride + k].</summary>
    static abstract void Transpose(float* source, nint sourceStride, float* target, nint targetStride);
}

using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Polymorph.Learning.Kernels;

/// <summary>The instruction sets the kernels are written for.</summary>
public enum VectorWidth
{
    /// <summary>128-bit vectors of any machine.</summary>
    Portable = 4,

    /// <summary>256-bit vectors with fused multiply-add.</summary>
    Avx2 = 8,

    /// <summary>512-bit vectors.</summary>
    Avx512 = 16,
}

/// <summary>What this machine can run.</summary>
public static class VectorWidths
{
    /// <summary>The widest set this machine has: chosen once, at start-up.</summary>
    public static VectorWidth Best { get; } = Available.Max();

    /// <summary>All sets this machine can run, narrowest first.</summary>
    public static IReadOnlyList<VectorWidth> Available =>
        [.. new[] { VectorWidth.Portable, VectorWidth.Avx2, VectorWidth.Avx512 }.Where(IsSupported)];

    private static bool IsSupported(VectorWidth width) => width switch
    {
        VectorWidth.Avx512 => Avx512F.IsSupported && Vector512.IsHardwareAccelerated,
        VectorWidth.Avx2 => Avx2.IsSupported && Fma.IsSupported,
        _ => true,
    };
}

using System.Runtime.Intrinsics;

namespace Polymorph.Learning.Kernels;

/// <summary>The widest vector instructions that this process uses.</summary>
public static class ProcessorWidth
{
    /// <summary><c>AVX-512</c>, <c>AVX2</c>, or <c>portable</c> (128 bits and less, any processor).</summary>
    public static string Name { get; } = Vector512.IsHardwareAccelerated ? "AVX-512" : Vector256.IsHardwareAccelerated ? "AVX2" : "portable";

    /// <summary>How to get wider instructions, or an empty string where the widest are in use.</summary>
    public static string Advice { get; } = Vector512.IsHardwareAccelerated
        ? ""
        : Environment.GetEnvironmentVariable("DOTNET_EnableAVX512") == "0" || Environment.GetEnvironmentVariable("DOTNET_EnableAVX2") == "0"
            ? "; wider instructions are switched off by an environment variable DOTNET_EnableAVX..."
            : "; training runs about twice as fast on a processor with AVX-512";
}

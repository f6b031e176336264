using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Polymorph.Representations.Kernels;

/// <summary>Transposition of square blocks of numbers in registers: pairs of rows are interleaved, then pairs of pairs.</summary>
internal static unsafe class SquareTranspose
{
    /// <summary>Any size, number by number.</summary>
    public static void Plain(int size, float* source, nint sourceStride, float* target, nint targetStride)
    {
        for (int j = 0; j < size; j++)
        {
            for (int k = 0; k < size; k++)
            {
                target[k * targetStride + j] = source[j * sourceStride + k];
            }
        }
    }

    /// <summary>4 × 4.</summary>
    public static void Of4(float* source, nint sourceStride, float* target, nint targetStride)
    {
        if (!Sse.IsSupported)
        {
            Plain(4, source, sourceStride, target, targetStride);
            return;
        }

        var r0 = Vector128.Load(source);
        var r1 = Vector128.Load(source + sourceStride);
        var r2 = Vector128.Load(source + 2 * sourceStride);
        var r3 = Vector128.Load(source + 3 * sourceStride);
        Vector128<float> low01 = Sse.UnpackLow(r0, r1), high01 = Sse.UnpackHigh(r0, r1), low23 = Sse.UnpackLow(r2, r3), high23 = Sse.UnpackHigh(r2, r3);
        Sse.MoveLowToHigh(low01, low23).Store(target);
        Sse.MoveHighToLow(low23, low01).Store(target + targetStride);
        Sse.MoveLowToHigh(high01, high23).Store(target + 2 * targetStride);
        Sse.MoveHighToLow(high23, high01).Store(target + 3 * targetStride);
    }

    /// <summary>8 × 8: four blocks of 4 × 4, two at a time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Of8(float* source, nint sourceStride, float* target, nint targetStride)
    {
        if (!Avx.IsSupported)
        {
            Plain(8, source, sourceStride, target, targetStride);
            return;
        }

        for (int half = 0; half < 2; half++, source += 4, target += 4 * targetStride)
        {
            var r0 = Rows(source, sourceStride, 0);
            var r1 = Rows(source, sourceStride, 1);
            var r2 = Rows(source, sourceStride, 2);
            var r3 = Rows(source, sourceStride, 3);
            Vector256<double> low01 = Avx.UnpackLow(r0, r1).AsDouble(), high01 = Avx.UnpackHigh(r0, r1).AsDouble();
            Vector256<double> low23 = Avx.UnpackLow(r2, r3).AsDouble(), high23 = Avx.UnpackHigh(r2, r3).AsDouble();
            Avx.UnpackLow(low01, low23).AsSingle().Store(target);
            Avx.UnpackHigh(low01, low23).AsSingle().Store(target + targetStride);
            Avx.UnpackLow(high01, high23).AsSingle().Store(target + 2 * targetStride);
            Avx.UnpackHigh(high01, high23).AsSingle().Store(target + 3 * targetStride);
        }

        static Vector256<float> Rows(float* at, nint stride, int row) =>
            Vector256.Create(Vector128.Load(at + row * stride), Vector128.Load(at + (row + 4) * stride));
    }

    /// <summary>16 × 16: sixteen blocks of 4 × 4, four at a time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Of16(float* source, nint sourceStride, float* target, nint targetStride)
    {
        if (!Avx512F.IsSupported)
        {
            Plain(16, source, sourceStride, target, targetStride);
            return;
        }

        for (int quarter = 0; quarter < 4; quarter++, source += 4, target += 4 * targetStride)
        {
            var r0 = Rows(source, sourceStride, 0);
            var r1 = Rows(source, sourceStride, 1);
            var r2 = Rows(source, sourceStride, 2);
            var r3 = Rows(source, sourceStride, 3);
            Vector512<double> low01 = Avx512F.UnpackLow(r0, r1).AsDouble(), high01 = Avx512F.UnpackHigh(r0, r1).AsDouble();
            Vector512<double> low23 = Avx512F.UnpackLow(r2, r3).AsDouble(), high23 = Avx512F.UnpackHigh(r2, r3).AsDouble();
            Avx512F.UnpackLow(low01, low23).AsSingle().Store(target);
            Avx512F.UnpackHigh(low01, low23).AsSingle().Store(target + targetStride);
            Avx512F.UnpackLow(high01, high23).AsSingle().Store(target + 2 * targetStride);
            Avx512F.UnpackHigh(high01, high23).AsSingle().Store(target + 3 * targetStride);
        }

        static Vector512<float> Rows(float* at, nint stride, int row) => Vector512.Create(
            Vector256.Create(Vector128.Load(at + row * stride), Vector128.Load(at + (row + 4) * stride)),
            Vector256.Create(Vector128.Load(at + (row + 8) * stride), Vector128.Load(at + (row + 12) * stride)));
    }
}

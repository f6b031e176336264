using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Polymorph.Learning.Kernels;

namespace Polymorph.Energies.Kernels;

/// <summary>The few rows that the six-row tiles of <see cref="MatrixProduct"/> leave over, three, two or one at a time, with 512-bit vectors.</summary>
/// <remarks>Each element is the same chain of fused multiply-adds as there, so a row has the same bits whichever tile computes it.</remarks>
internal static unsafe class ShortProduct
{
    /// <summary>C[rows × columns] = epilogue(A[rows × terms]·B[terms × columns]); A row-major, columns 64 at most.</summary>
    public static void Run<TEpilogue>(float* a, nint strideA, float* b, nint strideB, float* c, nint strideC, int firstRow, int rows, int columns, int terms, in TEpilogue epilogue)
        where TEpilogue : struct, IEpilogue
    {
        for (int column = 0; column < columns;)
        {
            int vectors = (columns - column) / 16;
            if (vectors >= 4)
            {
                Rows<FourVectors, TEpilogue>(a, strideA, b + column, strideB, c + column, strideC, firstRow, rows, column, terms, epilogue);
                column += 64;
            }
            else if (vectors >= 2)
            {
                Rows<TwoVectors, TEpilogue>(a, strideA, b + column, strideB, c + column, strideC, firstRow, rows, column, terms, epilogue);
                column += 32;
            }
            else
            {
                Rows<OneVector, TEpilogue>(a, strideA, b + column, strideB, c + column, strideC, firstRow, rows, column, terms, epilogue);
                column += 16;
            }
        }
    }

    private static void Rows<TVectors, TEpilogue>(float* a, nint strideA, float* b, nint strideB, float* c, nint strideC, int firstRow, int rows, int column, int terms, in TEpilogue epilogue)
        where TVectors : struct, IVectors<TVectors>
        where TEpilogue : struct, IEpilogue
    {
        for (int row = 0; row < rows;)
        {
            // Five rows as three and two, four as two and two.
            int height = rows - row is 3 or 5 ? 3 : Math.Min(2, rows - row);
            float* rowA = a + row * strideA;
            float* rowC = c + row * strideC;
            switch (height)
            {
                case 3: Three<TVectors, TEpilogue>(rowA, strideA, b, strideB, rowC, strideC, firstRow + row, column, terms, epilogue); break;
                case 2: Two<TVectors, TEpilogue>(rowA, strideA, b, strideB, rowC, strideC, firstRow + row, column, terms, epilogue); break;
                default: One<TVectors, TEpilogue>(rowA, b, strideB, rowC, firstRow + row, column, terms, epilogue); break;
            }

            row += height;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Three<TVectors, TEpilogue>(float* a, nint strideA, float* b, nint strideB, float* c, nint strideC, nint row, nint column, nint terms, in TEpilogue epilogue)
        where TVectors : struct, IVectors<TVectors>
        where TEpilogue : struct, IEpilogue
    {
        TVectors c0 = default, c1 = default, c2 = default;
        for (nint term = 0; term < terms; term++, a++, b += strideB)
        {
            var t = TVectors.Load(b);
            c0 = TVectors.MultiplyAdd(*a, t, c0);
            c1 = TVectors.MultiplyAdd(a[strideA], t, c1);
            c2 = TVectors.MultiplyAdd(a[2 * strideA], t, c2);
        }

        TVectors.Store(c0, epilogue, row, column, c);
        TVectors.Store(c1, epilogue, row + 1, column, c + strideC);
        TVectors.Store(c2, epilogue, row + 2, column, c + 2 * strideC);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Two<TVectors, TEpilogue>(float* a, nint strideA, float* b, nint strideB, float* c, nint strideC, nint row, nint column, nint terms, in TEpilogue epilogue)
        where TVectors : struct, IVectors<TVectors>
        where TEpilogue : struct, IEpilogue
    {
        TVectors c0 = default, c1 = default;
        for (nint term = 0; term < terms; term++, a++, b += strideB)
        {
            var t = TVectors.Load(b);
            c0 = TVectors.MultiplyAdd(*a, t, c0);
            c1 = TVectors.MultiplyAdd(a[strideA], t, c1);
        }

        TVectors.Store(c0, epilogue, row, column, c);
        TVectors.Store(c1, epilogue, row + 1, column, c + strideC);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void One<TVectors, TEpilogue>(float* a, float* b, nint strideB, float* c, nint row, nint column, nint terms, in TEpilogue epilogue)
        where TVectors : struct, IVectors<TVectors>
        where TEpilogue : struct, IEpilogue
    {
        TVectors c0 = default;
        for (nint term = 0; term < terms; term++, a++, b += strideB)
        {
            c0 = TVectors.MultiplyAdd(*a, TVectors.Load(b), c0);
        }

        TVectors.Store(c0, epilogue, row, column, c);
    }

    /// <summary>Neighbouring vectors of one row, kept in registers.</summary>
    private interface IVectors<T>
        where T : struct, IVectors<T>
    {
        static abstract T Load(float* source);

        static abstract T MultiplyAdd(float a, T b, T c);

        static abstract void Store<TEpilogue>(T value, in TEpilogue epilogue, nint row, nint column, float* target)
            where TEpilogue : struct, IEpilogue;
    }

    private readonly struct FourVectors(Vector512<float> v0, Vector512<float> v1, Vector512<float> v2, Vector512<float> v3) : IVectors<FourVectors>
    {
        private readonly Vector512<float> _v0 = v0;
        private readonly Vector512<float> _v1 = v1;
        private readonly Vector512<float> _v2 = v2;
        private readonly Vector512<float> _v3 = v3;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static FourVectors Load(float* source) => new(Vector512.Load(source), Vector512.Load(source + 16), Vector512.Load(source + 32), Vector512.Load(source + 48));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static FourVectors MultiplyAdd(float a, FourVectors b, FourVectors c)
        {
            var t = Vector512.Create(a);
            return new(
                Vector512.FusedMultiplyAdd(t, b._v0, c._v0), Vector512.FusedMultiplyAdd(t, b._v1, c._v1),
                Vector512.FusedMultiplyAdd(t, b._v2, c._v2), Vector512.FusedMultiplyAdd(t, b._v3, c._v3));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Store<TEpilogue>(FourVectors value, in TEpilogue epilogue, nint row, nint column, float* target)
            where TEpilogue : struct, IEpilogue
        {
            epilogue.Apply<Vector512<float>, Lanes512>(value._v0, row, column).Store(target);
            epilogue.Apply<Vector512<float>, Lanes512>(value._v1, row, column + 16).Store(target + 16);
            epilogue.Apply<Vector512<float>, Lanes512>(value._v2, row, column + 32).Store(target + 32);
            epilogue.Apply<Vector512<float>, Lanes512>(value._v3, row, column + 48).Store(target + 48);
        }
    }

    private readonly struct TwoVectors(Vector512<float> v0, Vector512<float> v1) : IVectors<TwoVectors>
    {
        private readonly Vector512<float> _v0 = v0;
        private readonly Vector512<float> _v1 = v1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TwoVectors Load(float* source) => new(Vector512.Load(source), Vector512.Load(source + 16));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TwoVectors MultiplyAdd(float a, TwoVectors b, TwoVectors c)
        {
            var t = Vector512.Create(a);
            return new(Vector512.FusedMultiplyAdd(t, b._v0, c._v0), Vector512.FusedMultiplyAdd(t, b._v1, c._v1));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Store<TEpilogue>(TwoVectors value, in TEpilogue epilogue, nint row, nint column, float* target)
            where TEpilogue : struct, IEpilogue
        {
            epilogue.Apply<Vector512<float>, Lanes512>(value._v0, row, column).Store(target);
            epilogue.Apply<Vector512<float>, Lanes512>(value._v1, row, column + 16).Store(target + 16);
        }
    }

    private readonly struct OneVector(Vector512<float> v0) : IVectors<OneVector>
    {
        private readonly Vector512<float> _v0 = v0;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static OneVector Load(float* source) => new(Vector512.Load(source));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static OneVector MultiplyAdd(float a, OneVector b, OneVector c) => new(Vector512.FusedMultiplyAdd(Vector512.Create(a), b._v0, c._v0));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Store<TEpilogue>(OneVector value, in TEpilogue epilogue, nint row, nint column, float* target)
            where TEpilogue : struct, IEpilogue =>
            epilogue.Apply<Vector512<float>, Lanes512>(value._v0, row, column).Store(target);
    }
}

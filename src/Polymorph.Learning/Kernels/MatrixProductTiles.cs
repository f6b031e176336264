using System.Runtime.CompilerServices;

namespace Polymorph.Learning.Kernels;

/// <summary>Register tiles of the matrix product: the same loop with a different number of rows and vectors.</summary>
/// <remarks>The accumulators must be named locals to stay in registers, so the four sizes are written out.
/// 6 × 4 fills 24 of the 32 registers of AVX-512; 6 × 2 fits the 16 of AVX2.</remarks>
internal static unsafe class MatrixProductTiles<TVector, TLanes, TEpilogue>
    where TVector : struct
    where TLanes : struct, ILanes<TVector>
    where TEpilogue : struct, IEpilogue
{
    /// <summary>C = epilogue(A·B) over the whole width; see <see cref="MatrixProduct"/>.</summary>
    public static void Run(float* a, nint rowStride, nint termStride, float* b, nint strideB, float* c, nint strideC, int rows, int columns, int terms, bool resume, in TEpilogue epilogue)
    {
        for (int column = 0; column < columns;)
        {
            int vectors = (columns - column) / TLanes.Count;
            vectors = vectors >= 4 && TLanes.Count == 16 ? 4 : vectors >= 2 ? 2 : 1;
            for (int row = 0; row < rows;)
            {
                // The last six rows may overlap the previous tile: recomputing a row gives the same bits and costs less than narrow tiles.
                // A resumed sum must not be added twice.
                int height = rows < 6 || (resume && rows - row < 6) ? 1 : 6;
                row = Math.Min(row, rows - height);
                float* rowA = a + row * rowStride;
                float* rowC = c + row * strideC + column;
                if (height == 1 && vectors == 4)
                {
                    Tile1x4(rowA, rowStride, termStride, b + column, strideB, rowC, strideC, terms, resume, epilogue, row, column);
                }
                else if (height == 1)
                {
                    for (int vector = 0; vector < vectors; vector++)
                    {
                        int shift = vector * TLanes.Count;
                        Tile1x1(rowA, rowStride, termStride, b + column + shift, strideB, rowC + shift, strideC, terms, resume, epilogue, row, column + shift);
                    }
                }
                else if (vectors == 4)
                {
                    Tile6x4(rowA, rowStride, termStride, b + column, strideB, rowC, strideC, terms, resume, epilogue, row, column);
                }
                else if (vectors == 2)
                {
                    Tile6x2(rowA, rowStride, termStride, b + column, strideB, rowC, strideC, terms, resume, epilogue, row, column);
                }
                else
                {
                    Tile6x1(rowA, rowStride, termStride, b + column, strideB, rowC, strideC, terms, resume, epilogue, row, column);
                }

                row += height;
            }

            column += vectors * TLanes.Count;
        }
    }

    /// <summary>C[6 rows × 4 vectors]: 24 accumulators in registers, one broadcast per row and term.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile6x4(float* a, nint rowStride, nint termStride, float* b, nint strideB, float* c, nint strideC, nint terms, bool resume, in TEpilogue epilogue, nint row, nint column)
    {
        nint lane = TLanes.Count;
        TVector c00 = resume ? TLanes.Load(c) : TLanes.Zero, c01 = resume ? TLanes.Load(c + lane) : TLanes.Zero, c02 = resume ? TLanes.Load(c + 2 * lane) : TLanes.Zero, c03 = resume ? TLanes.Load(c + 3 * lane) : TLanes.Zero;
        TVector c10 = resume ? TLanes.Load(c + strideC) : TLanes.Zero, c11 = resume ? TLanes.Load(c + strideC + lane) : TLanes.Zero, c12 = resume ? TLanes.Load(c + strideC + 2 * lane) : TLanes.Zero, c13 = resume ? TLanes.Load(c + strideC + 3 * lane) : TLanes.Zero;
        TVector c20 = resume ? TLanes.Load(c + 2 * strideC) : TLanes.Zero, c21 = resume ? TLanes.Load(c + 2 * strideC + lane) : TLanes.Zero, c22 = resume ? TLanes.Load(c + 2 * strideC + 2 * lane) : TLanes.Zero, c23 = resume ? TLanes.Load(c + 2 * strideC + 3 * lane) : TLanes.Zero;
        TVector c30 = resume ? TLanes.Load(c + 3 * strideC) : TLanes.Zero, c31 = resume ? TLanes.Load(c + 3 * strideC + lane) : TLanes.Zero, c32 = resume ? TLanes.Load(c + 3 * strideC + 2 * lane) : TLanes.Zero, c33 = resume ? TLanes.Load(c + 3 * strideC + 3 * lane) : TLanes.Zero;
        TVector c40 = resume ? TLanes.Load(c + 4 * strideC) : TLanes.Zero, c41 = resume ? TLanes.Load(c + 4 * strideC + lane) : TLanes.Zero, c42 = resume ? TLanes.Load(c + 4 * strideC + 2 * lane) : TLanes.Zero, c43 = resume ? TLanes.Load(c + 4 * strideC + 3 * lane) : TLanes.Zero;
        TVector c50 = resume ? TLanes.Load(c + 5 * strideC) : TLanes.Zero, c51 = resume ? TLanes.Load(c + 5 * strideC + lane) : TLanes.Zero, c52 = resume ? TLanes.Load(c + 5 * strideC + 2 * lane) : TLanes.Zero, c53 = resume ? TLanes.Load(c + 5 * strideC + 3 * lane) : TLanes.Zero;
        float* a3 = a + 3 * rowStride;
        for (nint term = 0; term < terms; term++)
        {
            var b0 = TLanes.Load(b);
            var b1 = TLanes.Load(b + lane);
            var b2 = TLanes.Load(b + 2 * lane);
            var b3 = TLanes.Load(b + 3 * lane);
            var t = TLanes.Broadcast(*a);
            c00 = TLanes.FusedMultiplyAdd(t, b0, c00);
            c01 = TLanes.FusedMultiplyAdd(t, b1, c01);
            c02 = TLanes.FusedMultiplyAdd(t, b2, c02);
            c03 = TLanes.FusedMultiplyAdd(t, b3, c03);
            t = TLanes.Broadcast(a[rowStride]);
            c10 = TLanes.FusedMultiplyAdd(t, b0, c10);
            c11 = TLanes.FusedMultiplyAdd(t, b1, c11);
            c12 = TLanes.FusedMultiplyAdd(t, b2, c12);
            c13 = TLanes.FusedMultiplyAdd(t, b3, c13);
            t = TLanes.Broadcast(a[2 * rowStride]);
            c20 = TLanes.FusedMultiplyAdd(t, b0, c20);
            c21 = TLanes.FusedMultiplyAdd(t, b1, c21);
            c22 = TLanes.FusedMultiplyAdd(t, b2, c22);
            c23 = TLanes.FusedMultiplyAdd(t, b3, c23);
            t = TLanes.Broadcast(*a3);
            c30 = TLanes.FusedMultiplyAdd(t, b0, c30);
            c31 = TLanes.FusedMultiplyAdd(t, b1, c31);
            c32 = TLanes.FusedMultiplyAdd(t, b2, c32);
            c33 = TLanes.FusedMultiplyAdd(t, b3, c33);
            t = TLanes.Broadcast(a3[rowStride]);
            c40 = TLanes.FusedMultiplyAdd(t, b0, c40);
            c41 = TLanes.FusedMultiplyAdd(t, b1, c41);
            c42 = TLanes.FusedMultiplyAdd(t, b2, c42);
            c43 = TLanes.FusedMultiplyAdd(t, b3, c43);
            t = TLanes.Broadcast(a3[2 * rowStride]);
            c50 = TLanes.FusedMultiplyAdd(t, b0, c50);
            c51 = TLanes.FusedMultiplyAdd(t, b1, c51);
            c52 = TLanes.FusedMultiplyAdd(t, b2, c52);
            c53 = TLanes.FusedMultiplyAdd(t, b3, c53);
            a += termStride;
            a3 += termStride;
            b += strideB;
        }

        TLanes.Store(epilogue.Apply<TVector, TLanes>(c00, row, column), c);
        TLanes.Store(epilogue.Apply<TVector, TLanes>(c01, row, column + lane), c + lane);
        TLanes.Store(epilogue.Apply<TVector, TLanes>(c02, row, column + 2 * lane), c + 2 * lane);
        TLanes.Store(epilogue.Apply<TVector, TLanes>(c03, row, column + 3 * lane), c + 3 * lane);
        TLanes.Store(epilogue.Apply<TVector, TLanes>(c10, row + 1, column), c + strideC);
        TLanes.Store(epilogue.Apply<TVector, TLanes>(c11, row + 1, column + lane), c + strideC + lane);
        TLanes.Store(epilogue.Apply<TVector, TLanes>(c12, row + 1, column + 2 * lane), c + strideC + 2 * lane);
        TLanes.Store(epilogue.Apply<TVector, TLanes>(c13, row + 1, column + 3 * lane), c + strideC + 3 * lane);
        TLanes.Store(epilogue.Apply<TVector, TLanes>(c20, row + 2, column), c + 2 * strideC);
        TLanes.Store(epilogue.Apply<TVector, TLanes>(c21, row + 2, column + lane), c + 2 * strideC + lane);
        TLanes.Store(epilogue.Apply<TVector, TLanes>(c22, row + 2, column + 2 * lane), c + 2 * strideC + 2 * lane);
        TLanes.Store(epilogue.Apply<TVector, TLanes>(c23, row + 2, column + 3 * lane), c + 2 * strideC + 3 * lane);
        TLanes.Store(epilogue.Apply<TVector, TLanes>(c30, row + 3, column), c + 3 * strideC);
        TLanes.Store(epilogue.Apply<TVector, TLanes>(c31, row + 3, column + lane), c + 3 * strideC + lane);
        TLanes.Store(epilogue.Apply<TVector, TLanes>(c32, row + 3, column + 2 * lane), c + 3 * strideC + 2 * lane);
        TLanes.Store(epilogue.Apply<TVector, TLanes>(c33, row + 3, column + 3 * lane), c + 3 * strideC + 3 * lane);
        TLanes.Store(epilogue.Apply<TVector, TLanes>(c40, row + 4, column), c + 4 * strideC);
        TLanes.Store(epilogue.Apply<TVector, TLanes>(c41, row + 4, column + lane), c + 4 * strideC + lane);
        TLanes.Store(epilogue.Apply<TVector, TLanes>(c42, row + 4, column + 2 * lane), c + 4 * strideC + 2 * lane);
        TLanes.Store(epilogue.Apply<TVector, TLanes>(c43, row + 4, column + 3 * lane), c + 4 * strideC + 3 * lane);
        TLanes.Store(epilogue.Apply<TVector, TLanes>(c50, row + 5, column), c + 5 * strideC);
        TLanes.Store(epilogue.Apply<TVector, TLanes>(c51, row + 5, column + lane), c + 5 * strideC + lane);
        TLanes.Store(epilogue.Apply<TVector, TLanes>(c52, row + 5, column + 2 * lane), c + 5 * strideC + 2 * lane);
        TLanes.Store(epilogue.Apply<TVector, TLanes>(c53, row + 5, column + 3 * lane), c + 5 * strideC + 3 * lane);
    }

    /// <summary>C[6 rows × 2 vectors]: 12 accumulators in registers, one broadcast per row and term.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile6x2(float* a, nint rowStride, nint termStride, float* b, nint strideB, float* c, nint strideC, nint terms, bool resume, in TEpilogue epilogue, nint row, nint column)
    {
        nint lane = TLanes.Count;
        TVector c00 = resume ? TLanes.Load(c) : TLanes.Zero, c01 = resume ? TLanes.Load(c + lane) : TLanes.Zero;
        TVector c10 = resume ? TLanes.Load(c + strideC) : TLanes.Zero, c11 = resume ? TLanes.Load(c + strideC + lane) : TLanes.Zero;
        TVector c20 = resume ? TLanes.Load(c + 2 * strideC) : TLanes.Zero, c21 = resume ? TLanes.Load(c + 2 * strideC + lane) : TLanes.Zero;
        TVector c30 = resume ? TLanes.Load(c + 3 * strideC) : TLanes.Zero, c31 = resume ? TLanes.Load(c + 3 * strideC + lane) : TLanes.Zero;
        TVector c40 = resume ? TLanes.Load(c + 4 * strideC) : TLanes.Zero, c41 = resume ? TLanes.Load(c + 4 * strideC + lane) : TLanes.Zero;
        TVector c50 = resume ? TLanes.Load(c + 5 * strideC) : TLanes.Zero, c51 = resume ? TLanes.Load(c + 5 * strideC + lane) : TLanes.Zero;
        float* a3 = a + 3 * rowStride;
        for (nint term = 0; term < terms; term++)
        {
            var b0 = TLanes.Load(b);
            var b1 = TLanes.Load(b + lane);
            var t = TLanes.Broadcast(*a);
            c00 = TLanes.FusedMultiplyAdd(t, b0, c00);
            c01 = TLanes.FusedMultiplyAdd(t, b1, c01);
            t = TLanes.Broadcast(a[rowStride]);
            c10 = TLanes.FusedMultiplyAdd(t, b0, c10);
            c11 = TLanes.FusedMultiplyAdd(t, b1, c11);
            t = TLanes.Broadcast(a[2 * rowStride]);
            c20 = TLanes.FusedMultiplyAdd(t, b0, c20);
            c21 = TLanes.FusedMultiplyAdd(t, b1, c21);
            t = TLanes.Broadcast(*a3);
            c30 = TLanes.FusedMultiplyAdd(t, b0, c30);
            c31 = TLanes.FusedMultiplyAdd(t, b1, c31);
            t = TLanes.Broadcast(a3[rowStride]);
            c40 = TLanes.FusedMultiplyAdd(t, b0, c40);
            c41 = TLanes.FusedMultiplyAdd(t, b1, c41);
            t = TLanes.Broadcast(a3[2 * rowStride]);
            c50 = TLanes.FusedMultiplyAdd(t, b0, c50);
            c51 = TLanes.FusedMultiplyAdd(t, b1, c51);
            a += termStride;
            a3 += termStride;
            b += strideB;
        }

        TLanes.Store(epilogue.Apply<TVector, TLanes>(c00, row, column), c);
        TLanes.Store(epilogue.Apply<TVector, TLanes>(c01, row, column + lane), c + lane);
        TLanes.Store(epilogue.Apply<TVector, TLanes>(c10, row + 1, column), c + strideC);
        TLanes.Store(epilogue.Apply<TVector, TLanes>(c11, row + 1, column + lane), c + strideC + lane);
        TLanes.Store(epilogue.Apply<TVector, TLanes>(c20, row + 2, column), c + 2 * strideC);
        TLanes.Store(epilogue.Apply<TVector, TLanes>(c21, row + 2, column + lane), c + 2 * strideC + lane);
        TLanes.Store(epilogue.Apply<TVector, TLanes>(c30, row + 3, column), c + 3 * strideC);
        TLanes.Store(epilogue.Apply<TVector, TLanes>(c31, row + 3, column + lane), c + 3 * strideC + lane);
        TLanes.Store(epilogue.Apply<TVector, TLanes>(c40, row + 4, column), c + 4 * strideC);
        TLanes.Store(epilogue.Apply<TVector, TLanes>(c41, row + 4, column + lane), c + 4 * strideC + lane);
        TLanes.Store(epilogue.Apply<TVector, TLanes>(c50, row + 5, column), c + 5 * strideC);
        TLanes.Store(epilogue.Apply<TVector, TLanes>(c51, row + 5, column + lane), c + 5 * strideC + lane);
    }

    /// <summary>C[6 rows × 1 vectors]: 6 accumulators in registers, one broadcast per row and term.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile6x1(float* a, nint rowStride, nint termStride, float* b, nint strideB, float* c, nint strideC, nint terms, bool resume, in TEpilogue epilogue, nint row, nint column)
    {
        nint lane = TLanes.Count;
        TVector c00 = resume ? TLanes.Load(c) : TLanes.Zero;
        TVector c10 = resume ? TLanes.Load(c + strideC) : TLanes.Zero;
        TVector c20 = resume ? TLanes.Load(c + 2 * strideC) : TLanes.Zero;
        TVector c30 = resume ? TLanes.Load(c + 3 * strideC) : TLanes.Zero;
        TVector c40 = resume ? TLanes.Load(c + 4 * strideC) : TLanes.Zero;
        TVector c50 = resume ? TLanes.Load(c + 5 * strideC) : TLanes.Zero;
        float* a3 = a + 3 * rowStride;
        for (nint term = 0; term < terms; term++)
        {
            var b0 = TLanes.Load(b);
            var t = TLanes.Broadcast(*a);
            c00 = TLanes.FusedMultiplyAdd(t, b0, c00);
            t = TLanes.Broadcast(a[rowStride]);
            c10 = TLanes.FusedMultiplyAdd(t, b0, c10);
            t = TLanes.Broadcast(a[2 * rowStride]);
            c20 = TLanes.FusedMultiplyAdd(t, b0, c20);
            t = TLanes.Broadcast(*a3);
            c30 = TLanes.FusedMultiplyAdd(t, b0, c30);
            t = TLanes.Broadcast(a3[rowStride]);
            c40 = TLanes.FusedMultiplyAdd(t, b0, c40);
            t = TLanes.Broadcast(a3[2 * rowStride]);
            c50 = TLanes.FusedMultiplyAdd(t, b0, c50);
            a += termStride;
            a3 += termStride;
            b += strideB;
        }

        TLanes.Store(epilogue.Apply<TVector, TLanes>(c00, row, column), c);
        TLanes.Store(epilogue.Apply<TVector, TLanes>(c10, row + 1, column), c + strideC);
        TLanes.Store(epilogue.Apply<TVector, TLanes>(c20, row + 2, column), c + 2 * strideC);
        TLanes.Store(epilogue.Apply<TVector, TLanes>(c30, row + 3, column), c + 3 * strideC);
        TLanes.Store(epilogue.Apply<TVector, TLanes>(c40, row + 4, column), c + 4 * strideC);
        TLanes.Store(epilogue.Apply<TVector, TLanes>(c50, row + 5, column), c + 5 * strideC);
    }

    /// <summary>C[1 rows × 4 vectors]: 4 accumulators in registers hide most of an addition's latency.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile1x4(float* a, nint rowStride, nint termStride, float* b, nint strideB, float* c, nint strideC, nint terms, bool resume, in TEpilogue epilogue, nint row, nint column)
    {
        nint lane = TLanes.Count;
        TVector c00 = resume ? TLanes.Load(c) : TLanes.Zero, c01 = resume ? TLanes.Load(c + lane) : TLanes.Zero;
        TVector c02 = resume ? TLanes.Load(c + 2 * lane) : TLanes.Zero, c03 = resume ? TLanes.Load(c + 3 * lane) : TLanes.Zero;
        for (nint term = 0; term < terms; term++)
        {
            var t = TLanes.Broadcast(*a);
            c00 = TLanes.FusedMultiplyAdd(t, TLanes.Load(b), c00);
            c01 = TLanes.FusedMultiplyAdd(t, TLanes.Load(b + lane), c01);
            c02 = TLanes.FusedMultiplyAdd(t, TLanes.Load(b + 2 * lane), c02);
            c03 = TLanes.FusedMultiplyAdd(t, TLanes.Load(b + 3 * lane), c03);
            a += termStride;
            b += strideB;
        }

        TLanes.Store(epilogue.Apply<TVector, TLanes>(c00, row, column), c);
        TLanes.Store(epilogue.Apply<TVector, TLanes>(c01, row, column + lane), c + lane);
        TLanes.Store(epilogue.Apply<TVector, TLanes>(c02, row, column + 2 * lane), c + 2 * lane);
        TLanes.Store(epilogue.Apply<TVector, TLanes>(c03, row, column + 3 * lane), c + 3 * lane);
    }

    /// <summary>C[1 rows × 1 vectors]: 1 accumulators in registers, one broadcast per row and term.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile1x1(float* a, nint rowStride, nint termStride, float* b, nint strideB, float* c, nint strideC, nint terms, bool resume, in TEpilogue epilogue, nint row, nint column)
    {
        nint lane = TLanes.Count;
        TVector c00 = resume ? TLanes.Load(c) : TLanes.Zero;
        for (nint term = 0; term < terms; term++)
        {
            var b0 = TLanes.Load(b);
            var t = TLanes.Broadcast(*a);
            c00 = TLanes.FusedMultiplyAdd(t, b0, c00);
            a += termStride;
            b += strideB;
        }

        TLanes.Store(epilogue.Apply<TVector, TLanes>(c00, row, column), c);
    }
}

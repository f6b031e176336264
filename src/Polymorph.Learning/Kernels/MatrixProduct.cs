using System.Runtime.Intrinsics;

namespace Polymorph.Learning.Kernels;

/// <summary>C[rows × columns] = epilogue(A[rows × terms]·B[terms × columns]) in single precision for the small, skinny shapes of dense networks.</summary>
/// <remarks>Nothing is packed: rows of B are whole cache lines, and A is read by broadcast only, so that a pair of strides
/// expresses both A and its transpose. Every element is one chain of fused multiply-adds in the order of the terms,
/// so its bits depend neither on the vector width nor on how rows or columns are split.</remarks>
internal static unsafe class MatrixProduct
{
    /// <summary>The definition, in double precision. Element (i, t) of A is <c>a[i*rowStride + t*termStride]</c>.</summary>
    public static void Reference(ReadOnlySpan<float> a, int rowStride, int termStride, ReadOnlySpan<float> b, int strideB, Span<double> c, int rows, int columns, int terms)
    {
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                double sum = 0;
                for (int t = 0; t < terms; t++)
                {
                    sum += (double)a[i * rowStride + t * termStride] * b[t * strideB + j];
                }

                c[i * columns + j] = sum;
            }
        }
    }

    /// <summary>The kernel. Columns must be a multiple of 16 (rows of B and C are padded). With <paramref name="resume"/> the sums start from C instead of 0.</summary>
    public static void Run<TEpilogue>(VectorWidth width, float* a, nint rowStride, nint termStride, float* b, nint strideB, float* c, nint strideC, int rows, int columns, int terms, in TEpilogue epilogue, bool resume = false)
        where TEpilogue : struct, IEpilogue
    {
        switch (width)
        {
            case VectorWidth.Avx512:
                MatrixProductTiles<Vector512<float>, Lanes512, TEpilogue>.Run(a, rowStride, termStride, b, strideB, c, strideC, rows, columns, terms, resume, epilogue);
                break;
            case VectorWidth.Avx2:
                MatrixProductTiles<Vector256<float>, Lanes256, TEpilogue>.Run(a, rowStride, termStride, b, strideB, c, strideC, rows, columns, terms, resume, epilogue);
                break;
            default:
                MatrixProductTiles<Vector128<float>, Lanes128, TEpilogue>.Run(a, rowStride, termStride, b, strideB, c, strideC, rows, columns, terms, resume, epilogue);
                break;
        }
    }
}

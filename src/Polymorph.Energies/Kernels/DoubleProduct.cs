using System.Numerics;
using System.Runtime.InteropServices;

namespace Polymorph.Energies.Kernels;

/// <summary>C[rows × columns] += A[rows × terms]·B[terms × columns] in double precision: the one inner loop of the reference networks.</summary>
internal static class DoubleProduct
{
    private const int Height = 4;

    /// <summary>The kernel; all matrices are dense and row-major.</summary>
    public static void Add(ReadOnlySpan<double> a, ReadOnlySpan<double> b, Span<double> c, int rows, int terms, int columns)
    {
        if (a.Length < rows * terms || b.Length < terms * columns || c.Length < rows * columns)
        {
            throw new ArgumentException("the shapes of a product do not match");
        }

        int row = 0;
        for (; row + Height <= rows; row += Height)
        {
            FourRows(a.Slice(row * terms), b, c.Slice(row * columns), terms, columns);
        }

        for (; row < rows; row++)
        {
            for (int t = 0; t < terms; t++)
            {
                double factor = a[row * terms + t];
                var from = b.Slice(t * columns, columns);
                var to = c.Slice(row * columns, columns);
                for (int j = 0; j < to.Length; j++)
                {
                    to[j] += factor * from[j];
                }
            }
        }
    }

    // Four rows share every load of B, which is what limits a single row.
    private static void FourRows(ReadOnlySpan<double> a, ReadOnlySpan<double> b, Span<double> c, int terms, int columns)
    {
        ref double b0 = ref MemoryMarshal.GetReference(b);
        ref double c0 = ref MemoryMarshal.GetReference(c);
        int lanes = Vector<double>.Count, column = 0;
        for (; column + lanes <= columns; column += lanes)
        {
            Vector<double> s0 = Vector.LoadUnsafe(ref c0, (nuint)column), s1 = Vector.LoadUnsafe(ref c0, (nuint)(columns + column));
            Vector<double> s2 = Vector.LoadUnsafe(ref c0, (nuint)(2 * columns + column)), s3 = Vector.LoadUnsafe(ref c0, (nuint)(3 * columns + column));
            for (int t = 0; t < terms; t++)
            {
                var term = Vector.LoadUnsafe(ref b0, (nuint)(t * columns + column));
                s0 = Vector.FusedMultiplyAdd(new Vector<double>(a[t]), term, s0);
                s1 = Vector.FusedMultiplyAdd(new Vector<double>(a[terms + t]), term, s1);
                s2 = Vector.FusedMultiplyAdd(new Vector<double>(a[2 * terms + t]), term, s2);
                s3 = Vector.FusedMultiplyAdd(new Vector<double>(a[3 * terms + t]), term, s3);
            }

            s0.StoreUnsafe(ref c0, (nuint)column);
            s1.StoreUnsafe(ref c0, (nuint)(columns + column));
            s2.StoreUnsafe(ref c0, (nuint)(2 * columns + column));
            s3.StoreUnsafe(ref c0, (nuint)(3 * columns + column));
        }

        for (; column < columns; column++)
        {
            for (int i = 0; i < Height; i++)
            {
                double sum = c[i * columns + column];
                for (int t = 0; t < terms; t++)
                {
                    sum += a[i * terms + t] * b[t * columns + column];
                }

                c[i * columns + column] = sum;
            }
        }
    }
}

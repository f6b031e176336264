using System.Runtime.Intrinsics;

namespace Polymorph.Selection.Kernels;

/// <summary>Adds the products of all pairs of columns of a block of rows: C += XᵀX, upper triangle. X: [rows × width]; C: [width × width].</summary>
internal static unsafe class SymmetricRankUpdate
{
    /// <summary>Widths must be a multiple of this: three vectors of 8 numbers.</summary>
    public const int WidthUnit = 24;

    private const int Lanes = 8;
    private const int TileRows = 4;

    /// <summary>The definition. The other version is tested against this one.</summary>
    /// <param name="x">[rows × width].</param>
    /// <param name="width">Columns.</param>
    /// <param name="c">[width × width]; entries on and above the diagonal are added to, others are undefined.</param>
    public static void Reference(ReadOnlySpan<double> x, int width, Span<double> c)
    {
        for (int row = 0; row < x.Length / width; row++)
        {
            for (int i = 0; i < width; i++)
            {
                for (int j = i; j < width; j++)
                {
                    c[i * width + j] += x[row * width + i] * x[row * width + j];
                }
            }
        }
    }

    /// <summary>Tiles of 4 × 24 results, each kept in registers through all rows of the block.</summary>
    /// <param name="x">[rows × width], width a multiple of <see cref="WidthUnit"/>; a block of about 64 rows stays in the second-level cache.</param>
    /// <param name="width">Columns.</param>
    /// <param name="c">As for the definition.</param>
    public static void Simd(ReadOnlySpan<double> x, int width, Span<double> c)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(width % WidthUnit, 0);
        ArgumentOutOfRangeException.ThrowIfLessThan(c.Length, width * width);
        int rows = x.Length / width;
        fixed (double* px = x, pc = c)
        {
            for (int j = 0; j < width; j += WidthUnit)
            {
                for (int i = 0; i < j + WidthUnit; i += TileRows)
                {
                    Tile(px + i, px + j, rows, width, pc + i * width + j);
                }
            }
        }
    }

    private static void Tile(double* a, double* b, int rows, int width, double* c)
    {
        Vector512<double> c00 = default, c01 = default, c02 = default, c10 = default, c11 = default, c12 = default;
        Vector512<double> c20 = default, c21 = default, c22 = default, c30 = default, c31 = default, c32 = default;
        for (int row = 0; row < rows; row++, a += width, b += width)
        {
            Vector512<double> b0 = Vector512.Load(b), b1 = Vector512.Load(b + Lanes), b2 = Vector512.Load(b + 2 * Lanes);
            var factor = Vector512.Create(a[0]);
            c00 = Vector512.FusedMultiplyAdd(factor, b0, c00);
            c01 = Vector512.FusedMultiplyAdd(factor, b1, c01);
            c02 = Vector512.FusedMultiplyAdd(factor, b2, c02);
            factor = Vector512.Create(a[1]);
            c10 = Vector512.FusedMultiplyAdd(factor, b0, c10);
            c11 = Vector512.FusedMultiplyAdd(factor, b1, c11);
            c12 = Vector512.FusedMultiplyAdd(factor, b2, c12);
            factor = Vector512.Create(a[2]);
            c20 = Vector512.FusedMultiplyAdd(factor, b0, c20);
            c21 = Vector512.FusedMultiplyAdd(factor, b1, c21);
            c22 = Vector512.FusedMultiplyAdd(factor, b2, c22);
            factor = Vector512.Create(a[3]);
            c30 = Vector512.FusedMultiplyAdd(factor, b0, c30);
            c31 = Vector512.FusedMultiplyAdd(factor, b1, c31);
            c32 = Vector512.FusedMultiplyAdd(factor, b2, c32);
        }

        AddTo(c, c00, c01, c02);
        AddTo(c + width, c10, c11, c12);
        AddTo(c + 2 * width, c20, c21, c22);
        AddTo(c + 3 * width, c30, c31, c32);
    }

    private static void AddTo(double* c, Vector512<double> v0, Vector512<double> v1, Vector512<double> v2)
    {
        (Vector512.Load(c) + v0).Store(c);
        (Vector512.Load(c + Lanes) + v1).Store(c + Lanes);
        (Vector512.Load(c + 2 * Lanes) + v2).Store(c + 2 * Lanes);
    }
}

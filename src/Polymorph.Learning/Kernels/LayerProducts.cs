namespace Polymorph.Learning.Kernels;

/// <summary>One thread's part of a product: some rows or, for few rows, some columns of the result.</summary>
/// <remarks>Pieces of the right operand of 64 columns are copied side by side, so that tiles stream them from the second cache without a page per row.
/// Sums longer than a piece go on where they stopped: the order of the terms, and so every bit, stays that of <see cref="MatrixProduct"/>.</remarks>
internal static unsafe class LayerProducts
{
    /// <summary>Most terms of a piece: 128 KiB with 64 columns.</summary>
    public const int Terms = 512;

    /// <summary>Columns of a piece.</summary>
    public const int Panel = 4 * AlignedMatrix.Lane;

    private const int Height = 6;

    // Below these rows a copy costs more than it saves.
    private const int WorthCopying = 48;

    /// <summary>c = x·w with a bias, a rectifier or a mask.</summary>
    public static void Run(VectorWidth width, in LayerWork work, AlignedMatrix scratch, int part, int parts)
    {
        AlignedMatrix x = work.X, w = work.Y!, c = work.Result;
        bool byColumns = work.Rows < w.Stride;
        var (firstRow, lastRow) = byColumns ? (0, work.Rows) : LayerKernels.Share(work.Rows, Height, part, parts);
        var (firstColumn, lastColumn) = byColumns ? LayerKernels.Share(w.Stride, Panel, part, parts) : (0, w.Stride);
        if (firstRow == lastRow)
        {
            return;
        }

        float* a = x.Pointer + (nint)firstRow * x.Stride;
        for (int column = firstColumn; column < lastColumn; column += Panel)
        {
            int columns = Math.Min(Panel, lastColumn - column);
            for (int term = 0; term < w.Rows; term += Terms)
            {
                var block = new Block(a + term, x.Stride, 1, w.Pointer + (nint)term * w.Stride + column, w.Stride, c.Pointer + (nint)firstRow * c.Stride + column, c.Stride,
                    lastRow - firstRow, columns, Math.Min(Terms, w.Rows - term), term > 0);
                Finish(width, work, block.Copied(scratch), term + Terms >= w.Rows, firstRow, column);
            }
        }
    }

    /// <summary>dw = xᵀ·u, or added to dw.</summary>
    public static void WeightGradient(VectorWidth width, in LayerWork work, AlignedMatrix scratch, int part, int parts)
    {
        AlignedMatrix x = work.X, u = work.Y!, dw = work.Result;
        var (first, last) = LayerKernels.Share(dw.Rows, Height, part, parts);
        if (first == last)
        {
            return;
        }

        for (int column = 0; column < dw.Stride; column += Panel)
        {
            for (int term = 0; term < work.Rows; term += Terms)
            {
                var block = new Block(x.Pointer + (nint)term * x.Stride + first, 1, x.Stride, u.Pointer + (nint)term * u.Stride + column, u.Stride,
                    dw.Pointer + (nint)first * dw.Stride + column, dw.Stride, last - first, Math.Min(Panel, dw.Stride - column), Math.Min(Terms, work.Rows - term), work.Flag || term > 0);
                block.Copied(scratch).Run(width, default(Plain));
            }
        }
    }

    private static void Finish(VectorWidth width, in LayerWork work, in Block block, bool last, int row, int column)
    {
        if (!last || (work.Operation == LayerOperation.Linear && work.Extra is null))
        {
            block.Run(width, default(Plain));
        }
        else if (work.Operation == LayerOperation.Masked)
        {
            block.Run(width, new RectifierMask(work.Extra!.Pointer + (nint)row * work.Extra!.Stride + column, work.Extra!.Stride, work.Slope));
        }
        else if (work.Operation == LayerOperation.Rectified)
        {
            block.Run(width, new BiasLeaky(work.Extra!.Pointer + column, work.Slope));
        }
        else
        {
            block.Run(width, new Bias(work.Extra!.Pointer + column));
        }
    }

    /// <summary>A product of some rows, columns and terms.</summary>
    private readonly struct Block(float* a, nint rowStride, nint termStride, float* b, nint strideB, float* c, nint strideC, int rows, int columns, int terms, bool resume)
    {
        /// <summary>The same with the right operand side by side, where that pays.</summary>
        public Block Copied(AlignedMatrix scratch)
        {
            if (rows < WorthCopying || strideB == columns)
            {
                return this;
            }

            float* target = scratch.Pointer;
            for (int term = 0; term < terms; term++)
            {
                new ReadOnlySpan<float>(b + term * strideB, columns).CopyTo(new Span<float>(target + term * columns, columns));
            }

            return new Block(a, rowStride, termStride, target, columns, c, strideC, rows, columns, terms, resume);
        }

        /// <summary>Computes it.</summary>
        public void Run<TEpilogue>(VectorWidth width, in TEpilogue epilogue)
            where TEpilogue : struct, IEpilogue =>
            MatrixProduct.Run(width, a, rowStride, termStride, b, strideB, c, strideC, rows, columns, terms, epilogue, resume);
    }
}

namespace Polymorph.Learning.Kernels;

/// <summary>One thread's part of a product: some rows or, for few rows, some columns of the result.</summary>
internal static unsafe class LayerProducts
{
    private const int Height = 6;
    private const int Panel = 4 * AlignedMatrix.Lane;

    /// <summary>c = x·w with a bias, a rectifier or a mask.</summary>
    public static void Run(VectorWidth width, AlignedMatrix x, int rows, AlignedMatrix w, AlignedMatrix c, AlignedMatrix? extra, bool rectified, bool masked, float slope, int part, int parts)
    {
        bool byColumns = rows < w.Stride;
        var (firstRow, lastRow) = byColumns ? (0, rows) : LayerKernels.Share(rows, Height, part, parts);
        var (firstColumn, lastColumn) = byColumns ? LayerKernels.Share(w.Stride, Panel, part, parts) : (0, w.Stride);
        if (firstRow == lastRow || firstColumn == lastColumn)
        {
            return;
        }

        float* from = x.Pointer + (nint)firstRow * x.Stride;
        float* weights = w.Pointer + firstColumn;
        float* to = c.Pointer + (nint)firstRow * c.Stride + firstColumn;
        int height = lastRow - firstRow, span = lastColumn - firstColumn;
        if (masked)
        {
            var mask = new RectifierMask(extra!.Pointer + (nint)firstRow * extra!.Stride + firstColumn, extra!.Stride, slope);
            MatrixProduct.Run(width, from, x.Stride, 1, weights, w.Stride, to, c.Stride, height, span, w.Rows, mask);
        }
        else if (rectified)
        {
            MatrixProduct.Run(width, from, x.Stride, 1, weights, w.Stride, to, c.Stride, height, span, w.Rows, new BiasRectified(extra!.Pointer + firstColumn, slope));
        }
        else if (extra is not null)
        {
            MatrixProduct.Run(width, from, x.Stride, 1, weights, w.Stride, to, c.Stride, height, span, w.Rows, new Bias(extra.Pointer + firstColumn));
        }
        else
        {
            MatrixProduct.Run(width, from, x.Stride, 1, weights, w.Stride, to, c.Stride, height, span, w.Rows, default(Plain));
        }
    }

    /// <summary>dw = xᵀ·u, or added to dw.</summary>
    public static void WeightGradient(VectorWidth width, AlignedMatrix x, AlignedMatrix u, int rows, AlignedMatrix dw, bool add, int part, int parts)
    {
        var (first, last) = LayerKernels.Share(dw.Rows, Height, part, parts);
        if (first < last)
        {
            MatrixProduct.Run(width, x.Pointer + first, 1, x.Stride, u.Pointer, u.Stride, dw.Pointer + (nint)first * dw.Stride, dw.Stride, last - first, dw.Stride, rows, default(Plain), add);
        }
    }
}

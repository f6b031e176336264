using System.Runtime.Intrinsics;

namespace Polymorph.Learning.Kernels;

/// <summary>The products and updates of dense layers on <see cref="AlignedMatrix"/> operands: the safe border of the kernels.</summary>
/// <param name="width">Instruction set; every choice gives the same bits.</param>
internal sealed unsafe class DenseKernels(VectorWidth width)
{
    /// <summary>c = x·w + bias for the first rows of x.</summary>
    public void Linear(AlignedMatrix x, int rows, AlignedMatrix w, AlignedMatrix bias, AlignedMatrix c)
    {
        Check(x, w, c, rows);
        Product(x, rows, w, c, new Bias(bias.Pointer));
    }

    /// <summary>c = leaky(x·w + bias).</summary>
    public void Leaky(AlignedMatrix x, int rows, AlignedMatrix w, AlignedMatrix bias, float slope, AlignedMatrix c)
    {
        Check(x, w, c, rows);
        Product(x, rows, w, c, new BiasLeaky(bias.Pointer, slope));
    }

    /// <summary>c = x·w.</summary>
    public void Plain(AlignedMatrix x, int rows, AlignedMatrix w, AlignedMatrix c)
    {
        Check(x, w, c, rows);
        Product(x, rows, w, c, default(Plain));
    }

    /// <summary>c = mask * (x·w), with slope 1 where the activation is at least 0, else <paramref name="slope"/>.</summary>
    public void Masked(AlignedMatrix x, int rows, AlignedMatrix w, AlignedMatrix activation, float slope, AlignedMatrix c)
    {
        Check(x, w, c, rows);
        Product(x, rows, w, c, new LeakyMask(activation.Pointer, activation.Stride, slope));
    }

    /// <summary>dw = xᵀ·u over the first rows.</summary>
    public void WeightGradient(AlignedMatrix x, AlignedMatrix u, int rows, AlignedMatrix dw)
    {
        if (dw.Rows != x.Columns || dw.Columns != u.Columns || rows > x.Rows || rows > u.Rows)
        {
            throw new ArgumentException("the shapes of a weight gradient do not match");
        }

        MatrixProduct.Run(width, x.Pointer, 1, x.Stride, u.Pointer, u.Stride, dw.Pointer, dw.Stride, dw.Rows, dw.Stride, rows, default(Plain));
    }

    /// <summary>result = sum of the first rows of u.</summary>
    public void ColumnSums(AlignedMatrix u, int rows, AlignedMatrix result)
    {
        switch (width)
        {
            case VectorWidth.Avx512: Elementwise<Vector512<float>, Lanes512>.ColumnSums(u.Pointer, u.Stride, rows, u.Stride, result.Pointer); break;
            case VectorWidth.Avx2: Elementwise<Vector256<float>, Lanes256>.ColumnSums(u.Pointer, u.Stride, rows, u.Stride, result.Pointer); break;
            default: Elementwise<Vector128<float>, Lanes128>.ColumnSums(u.Pointer, u.Stride, rows, u.Stride, result.Pointer); break;
        }
    }

    /// <inheritdoc cref="Elementwise{TVector, TLanes}.PenaltySeeds"/>
    public (double Penalty, double MeanNorm) PenaltySeeds(AlignedMatrix g, int rows) => width switch
    {
        VectorWidth.Avx512 => Elementwise<Vector512<float>, Lanes512>.PenaltySeeds(g.Pointer, g.Stride, rows, g.Stride),
        VectorWidth.Avx2 => Elementwise<Vector256<float>, Lanes256>.PenaltySeeds(g.Pointer, g.Stride, rows, g.Stride),
        _ => Elementwise<Vector128<float>, Lanes128>.PenaltySeeds(g.Pointer, g.Stride, rows, g.Stride),
    };

    /// <summary>Row of y becomes w x + (1 - w) y.</summary>
    public void MixRow(AlignedMatrix x, AlignedMatrix y, int row, float w)
    {
        float* from = x.Pointer + row * x.Stride;
        float* to = y.Pointer + row * y.Stride;
        switch (width)
        {
            case VectorWidth.Avx512: Elementwise<Vector512<float>, Lanes512>.MixRow(from, to, w, y.Stride); break;
            case VectorWidth.Avx2: Elementwise<Vector256<float>, Lanes256>.MixRow(from, to, w, y.Stride); break;
            default: Elementwise<Vector128<float>, Lanes128>.MixRow(from, to, w, y.Stride); break;
        }
    }

    /// <inheritdoc cref="Elementwise{TVector, TLanes}.RmsProp"/>
    public void RmsProp(AlignedMatrix p, AlignedMatrix g, AlignedMatrix v, float rate, float decay, float epsilon)
    {
        nint count = p.Rows * p.Stride;
        switch (width)
        {
            case VectorWidth.Avx512: Elementwise<Vector512<float>, Lanes512>.RmsProp(p.Pointer, g.Pointer, v.Pointer, count, rate, decay, epsilon); break;
            case VectorWidth.Avx2: Elementwise<Vector256<float>, Lanes256>.RmsProp(p.Pointer, g.Pointer, v.Pointer, count, rate, decay, epsilon); break;
            default: Elementwise<Vector128<float>, Lanes128>.RmsProp(p.Pointer, g.Pointer, v.Pointer, count, rate, decay, epsilon); break;
        }
    }

    /// <inheritdoc cref="Elementwise{TVector, TLanes}.Adam"/>
    public void Adam(AlignedMatrix p, AlignedMatrix g, AlignedMatrix m, AlignedMatrix v, float rate, float scale, float beta1, float beta2, float epsilon)
    {
        nint count = p.Rows * p.Stride;
        switch (width)
        {
            case VectorWidth.Avx512: Elementwise<Vector512<float>, Lanes512>.Adam(p.Pointer, g.Pointer, m.Pointer, v.Pointer, count, rate, scale, beta1, beta2, epsilon); break;
            case VectorWidth.Avx2: Elementwise<Vector256<float>, Lanes256>.Adam(p.Pointer, g.Pointer, m.Pointer, v.Pointer, count, rate, scale, beta1, beta2, epsilon); break;
            default: Elementwise<Vector128<float>, Lanes128>.Adam(p.Pointer, g.Pointer, m.Pointer, v.Pointer, count, rate, scale, beta1, beta2, epsilon); break;
        }
    }

    /// <summary>target = sourceᵀ.</summary>
    public static void Transpose(AlignedMatrix source, AlignedMatrix target) =>
        Transposition.Run(source.Pointer, source.Stride, target.Pointer, target.Stride, source.Rows, source.Columns);

    private void Product<TEpilogue>(AlignedMatrix x, int rows, AlignedMatrix w, AlignedMatrix c, TEpilogue epilogue)
        where TEpilogue : struct, IEpilogue =>
        MatrixProduct.Run(width, x.Pointer, x.Stride, 1, w.Pointer, w.Stride, c.Pointer, c.Stride, rows, w.Stride, w.Rows, epilogue);

    private static void Check(AlignedMatrix x, AlignedMatrix w, AlignedMatrix c, int rows)
    {
        if (x.Columns != w.Rows || c.Columns != w.Columns || rows > x.Rows || rows > c.Rows)
        {
            throw new ArgumentException("the shapes of a product do not match");
        }
    }
}

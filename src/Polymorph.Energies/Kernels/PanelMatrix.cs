using Polymorph.Learning;
using Polymorph.Learning.Kernels;

namespace Polymorph.Energies.Kernels;

/// <summary>Fixed weights [terms × columns] cut into panels of 64 columns, each contiguous: a product then reads them in the order of memory.</summary>
/// <remarks>With whole rows every term of a tile lies on another page; on the 1280 columns of ANI's first layer that costs half of the speed.</remarks>
internal sealed unsafe class PanelMatrix
{
    private const int PanelWidth = 64;
    private const int TileRows = 6;
    private readonly AlignedMatrix[] _panels;
    private readonly VectorWidth _width = VectorWidths.Best;

    /// <summary>A matrix.</summary>
    /// <param name="terms">Number of rows.</param>
    /// <param name="columns">Number of columns, a multiple of 16.</param>
    /// <param name="value">Element by row and column.</param>
    public PanelMatrix(int terms, int columns, Func<int, int, float> value)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(columns % AlignedMatrix.Lane, 0);
        (Terms, Columns) = (terms, columns);
        (_, _panels) = AlignedMatrix.Together([.. Enumerable.Range(0, (columns + PanelWidth - 1) / PanelWidth).Select(p => (terms, Math.Min(PanelWidth, columns - p * PanelWidth)))]);
        for (int p = 0; p < _panels.Length; p++)
        {
            for (int term = 0; term < terms; term++)
            {
                var row = _panels[p].Row(term);
                for (int i = 0; i < row.Length; i++)
                {
                    row[i] = value(term, p * PanelWidth + i);
                }
            }
        }
    }

    /// <summary>Number of rows.</summary>
    public int Terms { get; }

    /// <summary>Number of columns.</summary>
    public int Columns { get; }

    /// <summary>c = x·W + bias. Rows of c beyond those asked for may be overwritten, here and in the other products.</summary>
    /// <param name="x">[rows × terms], or columns of a wider matrix.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="bias">[columns].</param>
    /// <param name="c">[rows × columns], or columns of a wider matrix.</param>
    public void Linear(Columns x, int rows, Columns bias, Columns c)
    {
        Check(x, rows, c);
        for (int p = 0; p < _panels.Length; p++)
        {
            Run(p, x, rows, c, new Bias(bias.Start + p * PanelWidth));
        }
    }

    /// <summary>c = x·W.</summary>
    /// <param name="x">[rows × terms].</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="c">[rows × columns].</param>
    public void Plain(Columns x, int rows, Columns c)
    {
        Check(x, rows, c);
        for (int p = 0; p < _panels.Length; p++)
        {
            Run(p, x, rows, c, default(Plain));
        }
    }

    /// <summary>c = (x·W) times the derivative of CELU at the stored activations.</summary>
    /// <param name="x">[rows × terms].</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="activation">[rows × columns].</param>
    /// <param name="alpha">α of CELU.</param>
    /// <param name="c">[rows × columns].</param>
    public void Masked(Columns x, int rows, Columns activation, float alpha, Columns c)
    {
        Check(x, rows, c);
        for (int p = 0; p < _panels.Length; p++)
        {
            Run(p, x, rows, c, new CeluSlope(activation.Start + p * PanelWidth, activation.Stride, alpha));
        }
    }

    private void Run<TEpilogue>(int p, Columns x, int rows, Columns c, TEpilogue epilogue)
        where TEpilogue : struct, IEpilogue
    {
        var panel = _panels[p];
        float* target = c.Start + p * PanelWidth;
        int tiled = rows;
        if (_width == VectorWidth.Avx512)
        {
            tiled = rows / TileRows * TileRows;
            if (tiled < rows)
            {
                ShortProduct.Run(x.Start + tiled * (nint)x.Stride, x.Stride, panel.Pointer, panel.Stride, target + tiled * (nint)c.Stride, c.Stride, tiled, rows - tiled, panel.Columns, Terms, epilogue);
            }
        }
        else if (rows < TileRows && x.Rows >= TileRows && c.Rows >= TileRows)
        {
            // Single rows are slower than rows computed in vain.
            tiled = TileRows;
        }

        if (tiled > 0)
        {
            MatrixProduct.Run(_width, x.Start, x.Stride, 1, panel.Pointer, panel.Stride, target, c.Stride, tiled, panel.Columns, Terms, epilogue);
        }
    }

    private void Check(Columns x, int rows, Columns c)
    {
        if (x.Count != Terms || c.Count != Columns || rows > x.Rows || rows > c.Rows)
        {
            throw new ArgumentException("the shapes of a product do not match");
        }
    }
}

/// <summary>Neighbouring columns of a matrix.</summary>
internal readonly unsafe struct Columns
{
    /// <summary>Columns from a first one on.</summary>
    /// <param name="matrix">The matrix.</param>
    /// <param name="first">First column, a multiple of 16.</param>
    /// <param name="count">Number of columns.</param>
    public Columns(AlignedMatrix matrix, int first, int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first + count, matrix.Columns);
        Start = matrix.Pointer + first;
        (Stride, Rows, Count) = (matrix.Stride, matrix.Rows, count);
    }

    /// <summary>Address of the first number; the matrix must live on.</summary>
    public float* Start { get; }

    /// <summary>Distance of two rows.</summary>
    public int Stride { get; }

    /// <summary>Number of rows.</summary>
    public int Rows { get; }

    /// <summary>Number of columns.</summary>
    public int Count { get; }
}

using Polymorph.Learning.Layers;

namespace Polymorph.Models.CrystalGan;

/// <summary>The crystal of one image: its cell's vectors, its atoms, and the way back from gradients by vectors and positions to the image's numbers.</summary>
/// <remarks>Derivation: <c>docs/methods/crystal-gan.md</c>. One thread at a time.</remarks>
internal sealed class ImageGeometry
{
    /// <summary>Unit of the cell's lengths in an image, Å, and of its angles, radian.</summary>
    private const double LengthUnit = 30;
    private const double AngleUnit = Math.PI;

    /// <summary>Least z² of a cell, (volume / (a b c sin γ))²; training cells lie above about 0.05.</summary>
    public const double LeastHeight = 0.03;

    /// <summary>A row holds an atom when its scaled coordinates, each at least 1/6, sum to this or more: the published labels.</summary>
    public const double Threshold = 0.4;

    private readonly CrystalGanShape _shape;
    private readonly double[] _f;
    private readonly double[] _df;
    private readonly double[] _cell = new double[6];
    private readonly double[] _dCell = new double[6];
    private double _q;
    private double _z;
    private double _sinGamma;
    private double _cosGamma;

    /// <summary>Room for one image.</summary>
    public ImageGeometry(CrystalGanShape shape)
    {
        _shape = shape;
        (_f, _df, Element, Row) = (new double[3 * shape.Atoms], new double[3 * shape.Atoms], new int[shape.Atoms], new int[shape.Atoms]);
    }

    /// <summary>Atoms of the image.</summary>
    public int Atoms { get; private set; }

    /// <summary>Element of each atom.</summary>
    public int[] Element { get; }

    /// <summary>Image row of each atom.</summary>
    public int[] Row { get; }

    /// <summary>z² of the cell.</summary>
    public double Height { get; private set; }

    /// <summary>Volume of the cell, Å³.</summary>
    public double Volume => _cell[0] * _cell[2] * _cell[5];

    /// <summary>Vectors a (x), b (x, y), c (x, y, z) in Å: [ax, bx, by, cx, cy, cz].</summary>
    public ReadOnlySpan<double> Cell => _cell;

    /// <summary>Takes an image; its gradients start at zero.</summary>
    /// <returns>False where the angles hardly span a cell.</returns>
    public bool Read<TMatrix>(TMatrix images, int s)
        where TMatrix : class, IRowMatrix<TMatrix>
    {
        double cosAlpha = Math.Cos(AngleUnit * images[s, 3]), cosBeta = Math.Cos(AngleUnit * images[s, 4]);
        (_sinGamma, _cosGamma) = Math.SinCos(AngleUnit * images[s, 5]);
        _sinGamma = Math.Max(_sinGamma, 1e-3);
        _q = (cosAlpha - cosBeta * _cosGamma) / _sinGamma;
        Height = 1 - cosBeta * cosBeta - _q * _q;
        ReadAtoms(images, s);
        if (!(Height >= LeastHeight))
        {
            return false;
        }

        double a = LengthUnit * images[s, 0], b = LengthUnit * images[s, 1], c = LengthUnit * images[s, 2];
        _z = Math.Sqrt(Height);
        (_cell[0], _cell[1], _cell[2], _cell[3], _cell[4], _cell[5]) = (a, b * _cosGamma, b * _sinGamma, c * cosBeta, c * _q, c * _z);
        Array.Clear(_df);
        Array.Clear(_dCell);
        return true;
    }

    /// <summary>Fractional difference of two atoms along an axis, within half a cell.</summary>
    public double Difference(int i, int j, int axis)
    {
        double d = _f[3 * j + axis] - _f[3 * i + axis];
        return d - Math.Round(d);
    }

    /// <summary>Square of the length of a fractional vector, Å².</summary>
    public double Square(double u, double v, double w)
    {
        double x = u * _cell[0] + v * _cell[1] + w * _cell[3], y = v * _cell[2] + w * _cell[4], z = w * _cell[5];
        return x * x + y * y + z * z;
    }

    /// <summary>Adds the gradient of a function of the distance from atom i to an image of atom j.</summary>
    /// <param name="i">First atom.</param>
    /// <param name="j">Second atom.</param>
    /// <param name="u">The fractional vector between them.</param>
    /// <param name="v">Its second number.</param>
    /// <param name="w">Its third number.</param>
    /// <param name="factor">(dL/dd) / d, so that dL/d(vector) = factor · vector.</param>
    public void AddPair(int i, int j, double u, double v, double w, double factor)
    {
        double x = factor * (u * _cell[0] + v * _cell[1] + w * _cell[3]), y = factor * (v * _cell[2] + w * _cell[4]), z = factor * w * _cell[5];
        double du = x * _cell[0], dv = x * _cell[1] + y * _cell[2], dw = x * _cell[3] + y * _cell[4] + z * _cell[5];
        (_df[3 * j], _df[3 * j + 1], _df[3 * j + 2]) = (_df[3 * j] + du, _df[3 * j + 1] + dv, _df[3 * j + 2] + dw);
        (_df[3 * i], _df[3 * i + 1], _df[3 * i + 2]) = (_df[3 * i] - du, _df[3 * i + 1] - dv, _df[3 * i + 2] - dw);
        _dCell[0] += u * x;
        _dCell[1] += v * x;
        _dCell[2] += v * y;
        _dCell[3] += w * x;
        _dCell[4] += w * y;
        _dCell[5] += w * z;
    }

    /// <summary>Adds the gradient of a function of the volume.</summary>
    /// <param name="factor">dL/dV, 1/Å³.</param>
    public void AddVolume(double factor)
    {
        _dCell[0] += factor * _cell[2] * _cell[5];
        _dCell[2] += factor * _cell[0] * _cell[5];
        _dCell[5] += factor * _cell[0] * _cell[2];
    }

    /// <summary>Adds what was collected since <see cref="Read"/> to the gradient by the image: positions, then the chain rule from the cell's vectors to its lengths and angles.</summary>
    public void AddTo<TMatrix>(TMatrix images, int s, TMatrix gradient)
        where TMatrix : class, IRowMatrix<TMatrix>
    {
        for (int i = 0; i < 3 * Atoms; i++)
        {
            gradient[s, 3 * Row[i / 3] + i % 3] += _df[i] / ImageHead.Span;
        }

        var d = _dCell;
        double b = LengthUnit * images[s, 1], c = LengthUnit * images[s, 2];
        var (sinBeta, cosBeta) = Math.SinCos(AngleUnit * images[s, 4]);
        double sinAlpha = Math.Sin(AngleUnit * images[s, 3]);
        gradient[s, 0] += LengthUnit * d[0];
        gradient[s, 1] += LengthUnit * (d[1] * _cosGamma + d[2] * _sinGamma);
        gradient[s, 2] += LengthUnit * (d[3] * cosBeta + d[4] * _q + d[5] * _z);
        double byAlpha = -sinAlpha / _sinGamma, byBeta = sinBeta * _cosGamma / _sinGamma, byGamma = cosBeta - _q * _cosGamma / _sinGamma;
        gradient[s, 3] += AngleUnit * c * byAlpha * (d[4] - d[5] * _q / _z);
        gradient[s, 4] += AngleUnit * c * (-d[3] * sinBeta + d[4] * byBeta + d[5] * (cosBeta * sinBeta - _q * byBeta) / _z);
        gradient[s, 5] += AngleUnit * (b * (-d[1] * _sinGamma + d[2] * _cosGamma) + c * byGamma * (d[4] - d[5] * _q / _z));
    }

    /// <summary>Adds factor · d(z²)/d(angles), also where there is no cell.</summary>
    public void AddHeight<TMatrix>(TMatrix images, int s, double factor, TMatrix gradient)
        where TMatrix : class, IRowMatrix<TMatrix>
    {
        double sinAlpha = Math.Sin(AngleUnit * images[s, 3]);
        var (sinBeta, cosBeta) = Math.SinCos(AngleUnit * images[s, 4]);
        gradient[s, 3] += AngleUnit * factor * 2 * _q * sinAlpha / _sinGamma;
        gradient[s, 4] += AngleUnit * factor * (2 * cosBeta * sinBeta - 2 * _q * sinBeta * _cosGamma / _sinGamma);
        gradient[s, 5] += AngleUnit * factor * -2 * _q * (cosBeta - _q * _cosGamma / _sinGamma);
    }

    private void ReadAtoms<TMatrix>(TMatrix images, int s)
        where TMatrix : class, IRowMatrix<TMatrix>
    {
        Atoms = 0;
        for (int e = 0; e < _shape.Caps.Length; e++)
        {
            for (int row = _shape.FirstRows[e]; row < _shape.FirstRows[e] + _shape.Caps[e]; row++)
            {
                if (images[s, 3 * row] + images[s, 3 * row + 1] + images[s, 3 * row + 2] >= Threshold)
                {
                    (Element[Atoms], Row[Atoms]) = (e, row);
                    for (int k = 0; k < 3; k++)
                    {
                        double f = (images[s, 3 * row + k] - ImageHead.First) / ImageHead.Span;
                        _f[3 * Atoms + k] = f - Math.Floor(f);
                    }

                    Atoms++;
                }
            }
        }
    }
}

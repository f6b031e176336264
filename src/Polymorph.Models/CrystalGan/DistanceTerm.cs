using Polymorph.Learning.Layers;

namespace Polymorph.Models.CrystalGan;

/// <summary>A cost of pairs of atoms nearer than the training set's shortest distance of their elements, and of volumes outside the training set's, with its gradient by the image.</summary>
/// <remarks>Per image: (1 / atoms) Σ over pairs and the 27 nearest images of (1 - d / floor)² where d is below the floor, ln² of the volume per atom over the nearer bound where it is
/// outside the bounds (distances alone would blow up the cell), and (z0 - z²)² / z0² where the angles hardly span
/// a cell (z² below z0). Derivation: <c>docs/methods/crystal-gan.md</c>.</remarks>
internal sealed class DistanceTerm
{
    /// <summary>Unit of the cell's lengths in an image, Å, and of its angles, radian.</summary>
    private const double LengthUnit = 30;
    private const double AngleUnit = Math.PI;

    // z² of a cell is (volume / (a b c sin γ))²; training cells lie above about 0.05.
    private const double LeastHeight = 0.03;

    private readonly CrystalGanShape _shape;
    private readonly double[] _floors;
    private readonly double[] _f;
    private readonly int[] _element;
    private readonly int[] _row;
    private readonly double[] _df;
    private double _smallestVolume;
    private double _largestVolume = double.PositiveInfinity;

    /// <summary>A term without floors: it costs nothing.</summary>
    public DistanceTerm(CrystalGanShape shape)
    {
        (_shape, _floors) = (shape, new double[shape.Caps.Length * shape.Caps.Length]);
        (_f, _df, _element, _row) = (new double[3 * shape.Atoms], new double[3 * shape.Atoms], new int[shape.Atoms], new int[shape.Atoms]);
    }

    /// <summary>Floor of a pair of elements, Å.</summary>
    public double Floor(int a, int b) => _floors[a * _shape.Caps.Length + b];

    /// <summary>Sets the floor of a pair of elements, Å.</summary>
    public void SetFloor(int a, int b, double floor) =>
        _floors[a * _shape.Caps.Length + b] = _floors[b * _shape.Caps.Length + a] = floor;

    /// <summary>Sets the bounds of the volume per atom, Å³.</summary>
    public void SetVolumes(double smallest, double largest) => (_smallestVolume, _largestVolume) = (smallest, largest);

    /// <summary>Lowers the floors to the distances of an image and widens the bounds to its volume. Floors start at infinity, bounds at infinity and 0.</summary>
    public void Learn<TMatrix>(TMatrix images, int s)
        where TMatrix : class, IRowMatrix<TMatrix>
    {
        Span<double> cell = stackalloc double[10];
        if (!Cell(images, s, cell, out _))
        {
            return;
        }

        int atoms = Atoms(images, s);
        double volume = Volume(cell) / atoms;
        SetVolumes(Math.Min(_smallestVolume, volume), Math.Max(_largestVolume, volume));
        for (int i = 0; i < atoms; i++)
        {
            for (int j = i; j < atoms; j++)
            {
                for (int image = 0; image < 27; image++)
                {
                    double d = Math.Sqrt(Vector(cell, i, j, image, out _, out _, out _));
                    if ((i != j || image != 13) && d < Floor(_element[i], _element[j]))
                    {
                        SetFloor(_element[i], _element[j], d);
                    }
                }
            }
        }
    }

    /// <summary>The weighted mean cost of a batch; its gradient is added.</summary>
    public double Add<TMatrix>(TMatrix images, int batch, double weight, TMatrix gradient)
        where TMatrix : class, IRowMatrix<TMatrix>
    {
        double cost = 0;
        for (int s = 0; s < batch; s++)
        {
            cost += AddImage(images, s, weight / batch, gradient);
        }

        return cost;
    }

    private double AddImage<TMatrix>(TMatrix images, int s, double weight, TMatrix gradient)
        where TMatrix : class, IRowMatrix<TMatrix>
    {
        Span<double> cell = stackalloc double[10];
        Span<double> dCell = stackalloc double[9];
        if (!Cell(images, s, cell, out double height))
        {
            // The square of the missing height, differentiated by the angles.
            double lack = (LeastHeight - height) / LeastHeight;
            AddHeight(images, s, -2 * weight * lack / LeastHeight, gradient);
            return weight * lack * lack;
        }

        dCell.Clear();
        int atoms = Atoms(images, s);
        Array.Clear(_df);
        double share = weight / atoms, cost = 0;
        for (int i = 0; i < atoms; i++)
        {
            for (int j = i; j < atoms; j++)
            {
                double floor = Floor(_element[i], _element[j]);
                for (int image = 0; image < 27; image++)
                {
                    double square = Vector(cell, i, j, image, out double u, out double v, out double w);
                    if (square >= floor * floor || (i == j && image <= 13))
                    {
                        continue;
                    }

                    double d = Math.Sqrt(square), lack = 1 - d / floor;
                    cost += share * lack * lack;
                    AddPair(cell, i, j, (u, v, w), -2 * share * lack / (floor * Math.Max(d, 1e-6)), dCell);
                }
            }
        }

        double volume = Volume(cell), perAtom = volume / atoms, bound = Math.Clamp(perAtom, _smallestVolume, _largestVolume);
        if (perAtom != bound)
        {
            double off = Math.Log(perAtom / bound), factor = 2 * weight * off / volume;
            cost += weight * off * off;
            dCell[0] += factor * cell[2] * cell[5];
            dCell[2] += factor * cell[0] * cell[5];
            dCell[5] += factor * cell[0] * cell[2];
        }

        for (int i = 0; i < 3 * atoms; i++)
        {
            gradient[s, 3 * _row[i / 3] + i % 3] += _df[i] / ImageHead.Span;
        }

        AddCell(images, s, cell, dCell, gradient);
        return cost;
    }

    /// <summary>Vectors a (x), b (x, y), c (x, y, z) in Å: cell = [ax, bx, by, cx, cy, cz], then q, z, sin γ, cos γ. False where z² is below its least value.</summary>
    private static bool Cell<TMatrix>(TMatrix images, int s, Span<double> cell, out double height)
        where TMatrix : class, IRowMatrix<TMatrix>
    {
        double cosAlpha = Math.Cos(AngleUnit * images[s, 3]), cosBeta = Math.Cos(AngleUnit * images[s, 4]);
        var (sinGamma, cosGamma) = Math.SinCos(AngleUnit * images[s, 5]);
        sinGamma = Math.Max(sinGamma, 1e-3);
        double q = (cosAlpha - cosBeta * cosGamma) / sinGamma;
        height = 1 - cosBeta * cosBeta - q * q;
        if (!(height >= LeastHeight))
        {
            return false;
        }

        double a = LengthUnit * images[s, 0], b = LengthUnit * images[s, 1], c = LengthUnit * images[s, 2], z = Math.Sqrt(height);
        (cell[0], cell[1], cell[2], cell[3], cell[4], cell[5]) = (a, b * cosGamma, b * sinGamma, c * cosBeta, c * q, c * z);
        (cell[6], cell[7], cell[8], cell[9]) = (q, z, sinGamma, cosGamma);
        return true;
    }

    private static double Volume(ReadOnlySpan<double> cell) => cell[0] * cell[2] * cell[5];

    /// <summary>Collects the atoms of an image.</summary>
    private int Atoms<TMatrix>(TMatrix images, int s)
        where TMatrix : class, IRowMatrix<TMatrix>
    {
        int atoms = 0;
        for (int e = 0; e < _shape.Caps.Length; e++)
        {
            for (int row = _shape.FirstRows[e]; row < _shape.FirstRows[e] + _shape.Caps[e]; row++)
            {
                if (images[s, 3 * row] + images[s, 3 * row + 1] + images[s, 3 * row + 2] >= 0.4)
                {
                    (_element[atoms], _row[atoms]) = (e, row);
                    for (int k = 0; k < 3; k++)
                    {
                        double f = (images[s, 3 * row + k] - ImageHead.First) / ImageHead.Span;
                        _f[3 * atoms + k] = f - Math.Floor(f);
                    }

                    atoms++;
                }
            }
        }

        return atoms;
    }

    /// <summary>Square of the distance from atom i to an image of j; u, v, w are the fractional difference.</summary>
    private double Vector(ReadOnlySpan<double> cell, int i, int j, int image, out double u, out double v, out double w)
    {
        u = _f[3 * j] - _f[3 * i] + image % 3 - 1;
        v = _f[3 * j + 1] - _f[3 * i + 1] + image / 3 % 3 - 1;
        w = _f[3 * j + 2] - _f[3 * i + 2] + image / 9 - 1;
        double x = u * cell[0] + v * cell[1] + w * cell[3], y = v * cell[2] + w * cell[4], z = w * cell[5];
        return x * x + y * y + z * z;
    }

    /// <summary>factor = (dL/dd) / d, so that dL/d(vector) = factor · vector.</summary>
    private void AddPair(ReadOnlySpan<double> cell, int i, int j, (double U, double V, double W) difference, double factor, Span<double> dCell)
    {
        var (u, v, w) = difference;
        double x = factor * (u * cell[0] + v * cell[1] + w * cell[3]), y = factor * (v * cell[2] + w * cell[4]), z = factor * w * cell[5];
        double du = x * cell[0], dv = x * cell[1] + y * cell[2], dw = x * cell[3] + y * cell[4] + z * cell[5];
        (_df[3 * j], _df[3 * j + 1], _df[3 * j + 2]) = (_df[3 * j] + du, _df[3 * j + 1] + dv, _df[3 * j + 2] + dw);
        (_df[3 * i], _df[3 * i + 1], _df[3 * i + 2]) = (_df[3 * i] - du, _df[3 * i + 1] - dv, _df[3 * i + 2] - dw);
        dCell[0] += u * x;
        dCell[1] += v * x;
        dCell[2] += v * y;
        dCell[3] += w * x;
        dCell[4] += w * y;
        dCell[5] += w * z;
    }

    /// <summary>Chain rule from the cell's vectors to its lengths and angles.</summary>
    private static void AddCell<TMatrix>(TMatrix images, int s, ReadOnlySpan<double> cell, ReadOnlySpan<double> d, TMatrix gradient)
        where TMatrix : class, IRowMatrix<TMatrix>
    {
        double q = cell[6], z = cell[7], sinGamma = cell[8], cosGamma = cell[9];
        double b = LengthUnit * images[s, 1], c = LengthUnit * images[s, 2];
        var (sinBeta, cosBeta) = Math.SinCos(AngleUnit * images[s, 4]);
        double sinAlpha = Math.Sin(AngleUnit * images[s, 3]);
        gradient[s, 0] += LengthUnit * d[0];
        gradient[s, 1] += LengthUnit * (d[1] * cosGamma + d[2] * sinGamma);
        gradient[s, 2] += LengthUnit * (d[3] * cosBeta + d[4] * q + d[5] * z);
        double byAlpha = -sinAlpha / sinGamma, byBeta = sinBeta * cosGamma / sinGamma, byGamma = cosBeta - q * cosGamma / sinGamma;
        gradient[s, 3] += AngleUnit * c * byAlpha * (d[4] - d[5] * q / z);
        gradient[s, 4] += AngleUnit * c * (-d[3] * sinBeta + d[4] * byBeta + d[5] * (cosBeta * sinBeta - q * byBeta) / z);
        gradient[s, 5] += AngleUnit * (b * (-d[1] * sinGamma + d[2] * cosGamma) + c * byGamma * (d[4] - d[5] * q / z));
    }

    /// <summary>Adds factor · d(z²)/d(angles).</summary>
    private static void AddHeight<TMatrix>(TMatrix images, int s, double factor, TMatrix gradient)
        where TMatrix : class, IRowMatrix<TMatrix>
    {
        var (sinAlpha, cosAlpha) = Math.SinCos(AngleUnit * images[s, 3]);
        var (sinBeta, cosBeta) = Math.SinCos(AngleUnit * images[s, 4]);
        var (sinGamma, cosGamma) = Math.SinCos(AngleUnit * images[s, 5]);
        sinGamma = Math.Max(sinGamma, 1e-3);
        double q = (cosAlpha - cosBeta * cosGamma) / sinGamma;
        gradient[s, 3] += AngleUnit * factor * 2 * q * sinAlpha / sinGamma;
        gradient[s, 4] += AngleUnit * factor * (2 * cosBeta * sinBeta - 2 * q * sinBeta * cosGamma / sinGamma);
        gradient[s, 5] += AngleUnit * factor * -2 * q * (cosBeta - q * cosGamma / sinGamma);
    }
}

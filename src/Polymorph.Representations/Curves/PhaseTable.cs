using Polymorph.Structures;

namespace Polymorph.Representations.Curves;

/// <summary>Structure factors of a row of reflections: the phase of an atom is a product of one factor per axis, each from a table.</summary>
internal sealed class PhaseTable
{
    private readonly Element[] _elements;
    private readonly int[] _starts;
    private readonly int[] _reach;
    private readonly int _atoms;

    // [3][(2 reach + 1) × atoms]: exp(2πi n x), real and imaginary.
    private readonly double[][] _real = new double[3][];
    private readonly double[][] _imaginary = new double[3][];

    // [elements × row]: sums over the atoms of an element.
    private double[] _sumReal = [];
    private double[] _sumImaginary = [];
    private readonly double[] _rowReal;
    private readonly double[] _rowImaginary;
    private int _width;

    /// <summary>Tables for all reflections with reciprocal vectors no longer than a radius.</summary>
    public PhaseTable(Structure crystal, Lattice cell, double radius)
    {
        _atoms = crystal.AtomCount;
        // Atoms sorted by element, so that one factor serves a whole range.
        int[] order = [.. Enumerable.Range(0, _atoms).OrderBy(i => crystal.Species[i].Number)];
        _elements = [.. order.Select(i => crystal.Species[i]).Distinct()];
        _starts = [.. _elements.Select(e => Array.FindIndex(order, i => crystal.Species[i] == e)), _atoms];
        // h = g·a, so |h| is at most |g||a|.
        _reach = [.. Enumerable.Range(0, 3).Select(axis => (int)Math.Floor(radius * cell[axis].Length + 1e-9))];
        (_rowReal, _rowImaginary) = (new double[_atoms], new double[_atoms]);
        for (int axis = 0; axis < 3; axis++)
        {
            int reach = _reach[axis];
            (_real[axis], _imaginary[axis]) = (new double[(2 * reach + 1) * _atoms], new double[(2 * reach + 1) * _atoms]);
            for (int j = 0; j < _atoms; j++)
            {
                double x = cell.ToFractional(crystal.Positions[order[j]])[axis];
                x -= Math.Floor(x);
                for (int n = 0; n <= reach; n++)
                {
                    var (sine, cosine) = Math.SinCos(2 * Math.PI * n * x);
                    Set(axis, n, j, cosine, sine);
                    Set(axis, -n, j, cosine, -sine);
                }
            }
        }
    }

    /// <summary>Largest index along an axis.</summary>
    public int Reach(int axis) => _reach[axis];

    /// <summary>Sums the phases of the reflections (h, k, from..to) for every element.</summary>
    public void Column(int h, int k, int from, int to)
    {
        _width = to - from + 1;
        int size = _elements.Length * _width;
        if (_sumReal.Length < size)
        {
            (_sumReal, _sumImaginary) = (new double[2 * size], new double[2 * size]);
        }

        int atH = (h + _reach[0]) * _atoms, atK = (k + _reach[1]) * _atoms;
        for (int j = 0; j < _atoms; j++)
        {
            double hr = _real[0][atH + j], hi = _imaginary[0][atH + j], kr = _real[1][atK + j], ki = _imaginary[1][atK + j];
            (_rowReal[j], _rowImaginary[j]) = (hr * kr - hi * ki, hr * ki + hi * kr);
        }

        for (int l = 0; l < _width; l++)
        {
            int atL = (from + l + _reach[2]) * _atoms;
            ReadOnlySpan<double> lr = _real[2].AsSpan(atL, _atoms), li = _imaginary[2].AsSpan(atL, _atoms);
            for (int e = 0; e < _elements.Length; e++)
            {
                double real = 0, imaginary = 0;
                for (int j = _starts[e]; j < _starts[e + 1]; j++)
                {
                    real += _rowReal[j] * lr[j] - _rowImaginary[j] * li[j];
                    imaginary += _rowReal[j] * li[j] + _rowImaginary[j] * lr[j];
                }

                (_sumReal[e * _width + l], _sumImaginary[e * _width + l]) = (real, imaginary);
            }
        }
    }

    /// <summary>|F|² of one reflection of the row.</summary>
    /// <param name="at">Place in the row.</param>
    /// <param name="squaredS">(sin θ / λ)², Å⁻².</param>
    public double SquaredFactor(int at, double squaredS)
    {
        double real = 0, imaginary = 0;
        for (int e = 0; e < _elements.Length; e++)
        {
            double f = ScatteringFactor.At(_elements[e], squaredS);
            real += f * _sumReal[e * _width + at];
            imaginary += f * _sumImaginary[e * _width + at];
        }

        return real * real + imaginary * imaginary;
    }

    private void Set(int axis, int n, int atom, double real, double imaginary)
    {
        int at = (n + _reach[axis]) * _atoms + atom;
        (_real[axis][at], _imaginary[axis][at]) = (real, imaginary);
    }
}

using Polymorph.Structures.Cells;
using Polymorph.Structures.Matching.Kernels;

namespace Polymorph.Structures.Matching;

/// <summary>Fractional coordinates of the mapped crystal's sites in a new cell, in the order of the target's elements; several copies of a site follow one another.</summary>
internal sealed class SiteArrays
{
    private int[] _starts = [];
    private int _multiple = 1;

    public double[] X { get; private set; } = [];

    public double[] Y { get; private set; } = [];

    public double[] Z { get; private set; } = [];

    public Vector3D this[int site] => new(X[site], Y[site], Z[site]);

    /// <summary>Makes room for this many sites.</summary>
    public void Reserve(int count)
    {
        if (X.Length < count + MinimumImages.Padding)
        {
            int room = 2 * count + MinimumImages.Padding;
            (X, Y, Z) = (new double[room], new double[room], new double[room]);
        }
    }

    /// <summary>First site of the target's block.</summary>
    public int StartOf(int block) => _starts[block];

    /// <summary>Where the first copy of a mapped site stands.</summary>
    public int CopyOf(SearchTask task, int site)
    {
        for (int b = 0; b < task.BlockOf.Length; b++)
        {
            var block = task.Mapped.Blocks[task.BlockOf[b]];
            if (site >= block.Start && site < block.End)
            {
                return _starts[b] + (site - block.Start) * _multiple;
            }
        }

        throw new ArgumentOutOfRangeException(nameof(site));
    }

    /// <summary>Writes the mapped sites in the new cell.</summary>
    /// <param name="task">The crystals.</param>
    /// <param name="cell">The new cell in vectors of the mapped crystal's.</param>
    public void DrawIn(SearchTask task, in IntegerMatrix cell)
    {
        if (_starts.Length < task.BlockOf.Length)
        {
            _starts = new int[2 * task.BlockOf.Length];
        }

        _multiple = task.Multiple;
        var adjugate = cell.Adjugate;
        double scale = 1.0 / cell.Determinant;
        Span<Vector3D> points = _multiple <= 64 ? stackalloc Vector3D[_multiple] : new Vector3D[_multiple];
        SupercellPoints.List(cell, points);
        var mapped = task.Mapped;
        int at = 0;
        for (int b = 0; b < task.BlockOf.Length; b++)
        {
            _starts[b] = at;
            var block = mapped.Blocks[task.BlockOf[b]];
            for (int i = block.Start; i < block.End; i++)
            {
                var f = scale * adjugate.LeftMultiply(mapped[i]);
                foreach (var point in points)
                {
                    (X[at], Y[at], Z[at]) = (f.X + point.X, f.Y + point.Y, f.Z + point.Z);
                    at++;
                }
            }
        }
    }

    /// <summary>The same sites in a cell of the same volume.</summary>
    /// <param name="x">Fractional coordinates along a; so for y and z.</param>
    /// <param name="y">As x.</param>
    /// <param name="z">As x.</param>
    /// <param name="count">Number of sites.</param>
    /// <param name="cell">The new cell in vectors of the old one; determinant 1 or -1.</param>
    public void TransformFrom(double[] x, double[] y, double[] z, int count, in IntegerMatrix cell)
    {
        var adjugate = cell.Adjugate;
        double sign = cell.Determinant;
        for (int i = 0; i < count; i++)
        {
            var f = sign * adjugate.LeftMultiply(new Vector3D(x[i], y[i], z[i]));
            (X[i], Y[i], Z[i]) = (f.X, f.Y, f.Z);
        }
    }
}

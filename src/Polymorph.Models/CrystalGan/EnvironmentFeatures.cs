using Polymorph.Learning.Kernels;
using Polymorph.Learning.Layers;

namespace Polymorph.Models.CrystalGan;

/// <summary>What the critic reads of an image: for every atom how many atoms of each element are near each of some distances, for the cell its numbers.</summary>
/// <remarks>F(i, e, k) = scale · Σ over atoms j of element e and all images with d &lt; cutoff of exp(-(d - c_k)² / 2σ²) (1 + cos(π d / cutoff)) / 2. It changes neither with the origin nor with
/// the orientation nor with the choice of the cell. Atoms come first in each element's rows, in their order: a mixture of two crystals of one composition has whole atoms.
/// Source of the functions: Behler and Parrinello, Phys. Rev. Lett. 98, 146401 (2007), eq. 4. One caller at a time.</remarks>
/// <typeparam name="TMatrix">Matrices of the precision at hand.</typeparam>
internal sealed class EnvironmentFeatures<TMatrix>
    where TMatrix : class, IRowMatrix<TMatrix>
{
    /// <summary>Distances per element.</summary>
    public const int Radial = 12;

    private const double Cutoff = 5.5;
    private const double FirstCentre = 1.5;
    private const double Spacing = 0.32;
    private const double Width = 0.3;
    private const double Scale = 0.5;

    // A collapsed cell would have millions of neighbours: along each axis only so many images to each side are looked at.
    private const double MostImages = 3.5;

    private static readonly double[] Falls = [.. Enumerable.Range(0, Radial).Select(k => Math.Exp(-k * k * Spacing * Spacing / (2 * Width * Width)))];

    private readonly CrystalGanShape _shape;
    private readonly Scratch[] _scratch;
    private readonly WorkTeam _forward;
    private readonly WorkTeam _backward;
    private TMatrix _images;
    private TMatrix _features;
    private TMatrix _gradient;
    private int _batch;

    /// <summary>Features of images of a shape.</summary>
    public EnvironmentFeatures(CrystalGanShape shape, int threads)
    {
        _shape = shape;
        RowWidth = shape.Caps.Length * Radial;
        _forward = new WorkTeam(threads, (part, parts) => Each(part, parts, backward: false));
        _backward = new WorkTeam(threads, (part, parts) => Each(part, parts, backward: true));
        _scratch = [.. Enumerable.Range(0, _forward.Parts).Select(_ => new Scratch(shape))];
        _images = _features = _gradient = TMatrix.Create(1, 1);
    }

    /// <summary>Numbers of a row.</summary>
    public int RowWidth { get; }

    /// <summary>Features of images, [batch × row width · rows].</summary>
    public void Forward(TMatrix images, int batch, TMatrix features)
    {
        (_images, _features, _batch) = (images, features, batch);
        _forward.Run();
    }

    /// <summary>Adds the gradient by the features to that by the images.</summary>
    public void Backward(TMatrix images, TMatrix featureGradient, int batch, TMatrix imageGradient)
    {
        (_images, _features, _gradient, _batch) = (images, featureGradient, imageGradient, batch);
        _backward.Run();
    }

    private void Each(int part, int parts, bool backward)
    {
        for (int s = part; s < _batch; s += parts)
        {
            if (backward)
            {
                BackwardImage(_scratch[part], s);
            }
            else
            {
                ForwardImage(_scratch[part], s);
            }
        }
    }

    private void ForwardImage(Scratch scratch, int s)
    {
        for (int i = 0; i < _features.Columns; i++)
        {
            _features[s, i] = 0;
        }

        var g = scratch.Geometry;
        if (!g.Read(_images, s))
        {
            return;
        }

        scratch.Place(_shape);
        Array.Clear(scratch.Values);
        Pairs(scratch, backward: false);

        for (int i = 0; i < g.Atoms; i++)
        {
            for (int k = 0; k < RowWidth; k++)
            {
                _features[s, scratch.Rows[i] * RowWidth + k] = Scale * scratch.Values[i * RowWidth + k];
            }
        }
    }

    private void BackwardImage(Scratch scratch, int s)
    {
        var g = scratch.Geometry;
        if (!g.Read(_images, s))
        {
            return;
        }

        scratch.Place(_shape);
        for (int i = 0; i < g.Atoms; i++)
        {
            for (int k = 0; k < RowWidth; k++)
            {
                scratch.Values[i * RowWidth + k] = Scale * _features[s, scratch.Rows[i] * RowWidth + k];
            }
        }

        Pairs(scratch, backward: true);

        g.AddTo(_images, s, _gradient);
    }

    private void Pairs(Scratch scratch, bool backward)
    {
        for (int i = 0; i < scratch.Geometry.Atoms; i++)
        {
            for (int j = i; j < scratch.Geometry.Atoms; j++)
            {
                Pair(scratch, i, j, backward);
            }
        }
    }

    /// <summary>All images of atom j within the cutoff of atom i, both ways unless they are the same atom.</summary>
    private void Pair(Scratch scratch, int i, int j, bool backward)
    {
        var g = scratch.Geometry;
        var cell = g.Cell;
        double u0 = g.Difference(i, j, 0), v0 = g.Difference(i, j, 1), w0 = g.Difference(i, j, 2);
        var (firstW, lastW) = Range(w0, 0, Cutoff, cell[5]);
        for (int nw = firstW; nw <= lastW; nw++)
        {
            double w = w0 + nw, z = w * cell[5], inPlane = Cutoff * Cutoff - z * z;
            var (firstV, lastV) = Range(v0, w * cell[4], Math.Sqrt(Math.Max(0, inPlane)), cell[2]);
            for (int nv = firstV; nv <= lastV; nv++)
            {
                double v = v0 + nv, y = v * cell[2] + w * cell[4], inLine = inPlane - y * y;
                var (firstU, lastU) = Range(u0, v * cell[1] + w * cell[3], Math.Sqrt(Math.Max(0, inLine)), cell[0]);
                for (int nu = firstU; nu <= lastU; nu++)
                {
                    double u = u0 + nu, square = g.Square(u, v, w);
                    if (square >= Cutoff * Cutoff || (i == j && nu == 0 && nv == 0 && nw == 0))
                    {
                        continue;
                    }

                    if (backward)
                    {
                        AddSlope(scratch, i, j, u, v, w, Math.Sqrt(square));
                    }
                    else
                    {
                        AddValue(scratch, i, j, Math.Sqrt(square));
                    }
                }
            }
        }
    }

    /// <summary>Images n with |(x0 + n) length + offset| at most the reach.</summary>
    private static (int First, int Last) Range(double x0, double offset, double reach, double length)
    {
        double centre = -offset / length - x0, half = Math.Min(reach / length, MostImages);
        return ((int)Math.Ceiling(centre - half), (int)Math.Floor(centre + half));
    }

    private void AddValue(Scratch scratch, int i, int j, double d)
    {
        int elementI = scratch.Geometry.Element[i], elementJ = scratch.Geometry.Element[j];
        var ofI = scratch.Values.AsSpan(i * RowWidth + elementJ * Radial, Radial);
        var ofJ = scratch.Values.AsSpan(j * RowWidth + elementI * Radial, Radial);
        double x = d - FirstCentre, value = Math.Exp(-x * x / (2 * Width * Width)) * 0.5 * (1 + Math.Cos(Math.PI * d / Cutoff)), rise = Math.Exp(x * Spacing / (Width * Width));
        for (int k = 0; k < Radial; k++)
        {
            double f = value * Falls[k];
            ofI[k] += f;
            if (i != j)
            {
                ofJ[k] += f;
            }

            value *= rise;
        }
    }

    private void AddSlope(Scratch scratch, int i, int j, double u, double v, double w, double d)
    {
        int elementI = scratch.Geometry.Element[i], elementJ = scratch.Geometry.Element[j];
        var ofI = scratch.Values.AsSpan(i * RowWidth + elementJ * Radial, Radial);
        var ofJ = scratch.Values.AsSpan(j * RowWidth + elementI * Radial, Radial);
        var (sine, cosine) = Math.SinCos(Math.PI * d / Cutoff);
        double x = d - FirstCentre, value = Math.Exp(-x * x / (2 * Width * Width)), rise = Math.Exp(x * Spacing / (Width * Width));
        double fall = 0.5 * (1 + cosine), fallSlope = -0.5 * Math.PI / Cutoff * sine, slope = 0;
        for (int k = 0; k < Radial; k++)
        {
            double by = i == j ? ofI[k] : ofI[k] + ofJ[k];
            slope += by * value * Falls[k] * (fallSlope - fall * (x - k * Spacing) / (Width * Width));
            value *= rise;
        }

        scratch.Geometry.AddPair(i, j, u, v, w, slope / Math.Max(d, 1e-6));
    }

    /// <summary>Room of one thread.</summary>
    private sealed class Scratch(CrystalGanShape shape)
    {
        public ImageGeometry Geometry { get; } = new(shape);

        /// <summary>Features of the atoms, or the gradients by them.</summary>
        public double[] Values { get; } = new double[shape.Atoms * shape.Caps.Length * Radial];

        /// <summary>Feature row of each atom.</summary>
        public int[] Rows { get; } = new int[shape.Atoms];

        /// <summary>Atoms come first in each element's rows.</summary>
        public void Place(CrystalGanShape shape)
        {
            for (int i = 0, before = 0; i < Geometry.Atoms; i++)
            {
                before = i > 0 && Geometry.Element[i] == Geometry.Element[i - 1] ? before + 1 : 0;
                Rows[i] = shape.FirstRows[Geometry.Element[i]] + before;
            }
        }
    }
}

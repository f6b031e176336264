using Polymorph.Learning.Layers;

namespace Polymorph.Models.CrystalGan;

/// <summary>A cost of pairs of atoms nearer than the training set's shortest distance of their elements, and of volumes outside the training set's, with its gradient by the image.</summary>
/// <remarks>Per image: (1 / atoms) Σ over pairs and the 27 nearest images of (1 - d / floor)² where d is below the floor, ln² of the volume per atom over the nearer bound where it is
/// outside the bounds (distances alone would blow up the cell), and (z0 - z²)² / z0² where the angles hardly span
/// a cell (z² below z0). Derivation: <c>docs/methods/crystal-gan.md</c>.</remarks>
internal sealed class DistanceTerm
{
    private const int Images = 27;
    private const int Home = 13;

    private readonly int _elements;
    private readonly double[] _floors;
    private readonly ImageGeometry _geometry;
    private double _smallestVolume;
    private double _largestVolume = double.PositiveInfinity;

    /// <summary>A term without floors: it costs nothing.</summary>
    public DistanceTerm(CrystalGanShape shape)
    {
        _elements = shape.Caps.Length;
        (_floors, _geometry) = (new double[_elements * _elements], new ImageGeometry(shape));
    }

    /// <summary>Floor of a pair of elements, Å.</summary>
    public double Floor(int a, int b) => _floors[a * _elements + b];

    /// <summary>Sets the floor of a pair of elements, Å.</summary>
    public void SetFloor(int a, int b, double floor) => _floors[a * _elements + b] = _floors[b * _elements + a] = floor;

    /// <summary>Sets the bounds of the volume per atom, Å³.</summary>
    public void SetVolumes(double smallest, double largest) => (_smallestVolume, _largestVolume) = (smallest, largest);

    /// <summary>Lowers the floors to the distances of an image and widens the bounds to its volume. Floors start at infinity, bounds at infinity and 0.</summary>
    public void Learn<TMatrix>(TMatrix images, int s)
        where TMatrix : class, IRowMatrix<TMatrix>
    {
        var g = _geometry;
        if (!g.Read(images, s))
        {
            return;
        }

        double volume = g.Volume / g.Atoms;
        SetVolumes(Math.Min(_smallestVolume, volume), Math.Max(_largestVolume, volume));
        for (int i = 0; i < g.Atoms; i++)
        {
            for (int j = i; j < g.Atoms; j++)
            {
                var nearest = Difference(i, j);
                for (int image = 0; image < Images; image++)
                {
                    var (u, v, w) = Shifted(nearest, image);
                    double d = Math.Sqrt(g.Square(u, v, w));
                    if ((i != j || image != Home) && d < Floor(g.Element[i], g.Element[j]))
                    {
                        SetFloor(g.Element[i], g.Element[j], d);
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
        var g = _geometry;
        if (!g.Read(images, s))
        {
            // The square of the missing height, differentiated by the angles.
            double lack = (ImageGeometry.LeastHeight - g.Height) / ImageGeometry.LeastHeight;
            g.AddHeight(images, s, -2 * weight * lack / ImageGeometry.LeastHeight, gradient);
            return weight * lack * lack;
        }

        double cost = AddPairs(weight / g.Atoms), perAtom = g.Volume / g.Atoms, bound = Math.Clamp(perAtom, _smallestVolume, _largestVolume);
        if (perAtom != bound)
        {
            double off = Math.Log(perAtom / bound);
            cost += weight * off * off;
            g.AddVolume(2 * weight * off / g.Volume);
        }

        g.AddTo(images, s, gradient);
        return cost;
    }

    private double AddPairs(double share)
    {
        var g = _geometry;
        double cost = 0;
        for (int i = 0; i < g.Atoms; i++)
        {
            for (int j = i; j < g.Atoms; j++)
            {
                double floor = Floor(g.Element[i], g.Element[j]);
                var nearest = Difference(i, j);
                for (int image = i == j ? Home + 1 : 0; image < Images; image++)
                {
                    var (u, v, w) = Shifted(nearest, image);
                    double square = g.Square(u, v, w);
                    if (square < floor * floor)
                    {
                        double d = Math.Sqrt(square), lack = 1 - d / floor;
                        cost += share * lack * lack;
                        g.AddPair(i, j, u, v, w, -2 * share * lack / (floor * Math.Max(d, 1e-6)));
                    }
                }
            }
        }

        return cost;
    }

    private (double U, double V, double W) Difference(int i, int j) => (_geometry.Difference(i, j, 0), _geometry.Difference(i, j, 1), _geometry.Difference(i, j, 2));

    private static (double U, double V, double W) Shifted((double U, double V, double W) vector, int image) =>
        (vector.U + image % 3 - 1, vector.V + image / 3 % 3 - 1, vector.W + image / 9 - 1);
}

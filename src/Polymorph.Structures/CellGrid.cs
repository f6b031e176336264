using System.Runtime.InteropServices;

namespace Polymorph.Structures;

/// <summary>Receives every ordered pair of atoms (and images) closer than a cutoff; all pairs of one first atom come together.</summary>
internal interface IPairVisitor
{
    /// <summary>Takes one pair.</summary>
    /// <param name="first">Index of the first atom, which lies in the home cell.</param>
    /// <param name="second">Index of the second.</param>
    /// <param name="image">Image of the second.</param>
    /// <param name="offset">Second minus first, Å.</param>
    /// <param name="distance">Length of the offset, Å.</param>
    /// <returns>False to stop the search.</returns>
    bool Visit(int first, int second, CellImage image, Vector3D offset, double distance);
}

/// <summary>Sorts atoms into boxes at least one cutoff wide, so that all pairs are found in linear time.</summary>
/// <remarks>The boxes follow the reduced lattice vectors of the periodic axes and perpendicular directions for the others.
/// Skewed cells thus cost no more than straight ones, and cells narrower than the cutoff are searched by images.</remarks>
internal sealed class CellGrid
{
    // Three box indices share one 63-bit key.
    private const int MaxBoxes = 1 << 20;

    private readonly IReadOnlyList<Vector3D> _positions;
    private readonly Lattice? _lattice;
    private readonly double _cutoff;
    private readonly SearchBasis _basis;
    private readonly (int A, int B, int C)[] _wraps;
    private readonly int[] _boxes = [1, 1, 1];
    private readonly int[] _reach = [1, 1, 1];
    private readonly int[] _order;
    private readonly ulong[] _keys;
    private readonly Dictionary<ulong, (int Start, int End)> _contents = [];

    public CellGrid(IReadOnlyList<Vector3D> positions, Lattice? lattice, Periodicity periodicity, double cutoff)
    {
        (_positions, _lattice, _cutoff, _basis) = (positions, lattice, cutoff, new SearchBasis(lattice, periodicity));
        int count = positions.Count;
        _wraps = new (int, int, int)[count];
        _order = new int[count];
        _keys = new ulong[count];
        Fill(count);
    }

    /// <summary>Calls the visitor for every ordered pair closer than the cutoff, an atom's own images included.</summary>
    public void ForEachPair<TVisitor>(ref TVisitor visitor)
        where TVisitor : IPairVisitor
    {
        var near = new List<(int Start, int End, int A, int B, int C)>();
        for (int start = 0; start < _order.Length;)
        {
            int end = _contents[_keys[start]].End;
            Near(_keys[start], near);
            for (int a = start; a < end; a++)
            {
                foreach (var (from, to, shiftA, shiftB, shiftC) in CollectionsMarshal.AsSpan(near))
                {
                    for (int b = from; b < to; b++)
                    {
                        if (!VisitPair(ref visitor, _order[a], _order[b], shiftA, shiftB, shiftC))
                        {
                            return;
                        }
                    }
                }
            }

            start = end;
        }
    }

    private bool VisitPair<TVisitor>(ref TVisitor visitor, int i, int j, int shiftA, int shiftB, int shiftC)
        where TVisitor : IPairVisitor
    {
        var (wi, wj) = (_wraps[i], _wraps[j]);
        var image = _basis.ToImage(shiftA - wj.A + wi.A, shiftB - wj.B + wi.B, shiftC - wj.C + wi.C);
        if (i == j && image == CellImage.Home)
        {
            return true;
        }

        var offset = PairOffset(_positions[i], _positions[j], image, _lattice);
        double distance = offset.Length;
        return !(distance < _cutoff) || visitor.Visit(i, j, image, offset, distance);
    }

    /// <summary>The one formula for an offset: forward and backward pairs are then opposite to the last bit.</summary>
    private static Vector3D PairOffset(Vector3D from, Vector3D to, CellImage image, Lattice? lattice) =>
        lattice is null ? to - from : to - from + (image.A * lattice.A + image.B * lattice.B + image.C * lattice.C);

    private void Fill(int count)
    {
        var coordinates = new Vector3D[count];
        var (low, high) = (new Vector3D(double.MaxValue, double.MaxValue, double.MaxValue), new Vector3D(double.MinValue, double.MinValue, double.MinValue));
        double farthest = 0;
        for (int i = 0; i < count; i++)
        {
            (coordinates[i], _wraps[i]) = _basis.Wrap(_positions[i]);
            var q = coordinates[i];
            low = new(Math.Min(low.X, q.X), Math.Min(low.Y, q.Y), Math.Min(low.Z, q.Z));
            high = new(Math.Max(high.X, q.X), Math.Max(high.Y, q.Y), Math.Max(high.Z, q.Z));
            farthest = Math.Max(farthest, _positions[i].LengthSquared);
        }

        // A pair just inside the cutoff must not be lost to the rounding of its box coordinates.
        double width = _cutoff * (1 + 1e-9) + 1e-12 * Math.Sqrt(farthest);
        for (int axis = 0; axis < 3; axis++)
        {
            double face = _basis.FaceDistance(axis);
            bool periodic = axis < _basis.PeriodicCount;
            double extent = periodic ? face : (high[axis] - low[axis]) * face;
            _boxes[axis] = (int)Math.Clamp(Math.Floor(extent / width), 1, MaxBoxes);
            _reach[axis] = periodic ? (int)Math.Min(Math.Ceiling(width * _boxes[axis] / face), int.MaxValue / 4) : 1;
        }

        for (int i = 0; i < count; i++)
        {
            _order[i] = i;
            _keys[i] = Key(Box(coordinates[i], low, high, 0), Box(coordinates[i], low, high, 1), Box(coordinates[i], low, high, 2));
        }

        // Array.Sort is not stable, but the atoms' order inside a box has no influence on the set of pairs.
        Array.Sort(_keys, _order);
        for (int start = 0, at = 1; at <= count; at++)
        {
            if (at == count || _keys[at] != _keys[start])
            {
                _contents[_keys[start]] = (start, at);
                start = at;
            }
        }
    }

    private int Box(Vector3D coordinate, Vector3D low, Vector3D high, int axis)
    {
        bool periodic = axis < _basis.PeriodicCount;
        double part = periodic ? coordinate[axis] : (coordinate[axis] - low[axis]) / Math.Max(high[axis] - low[axis], double.Epsilon);
        return (int)Math.Clamp(part * _boxes[axis], 0, _boxes[axis] - 1);
    }

    private static ulong Key(int a, int b, int c) => ((ulong)a << 42) | ((ulong)b << 21) | (uint)c;

    private void Near(ulong key, List<(int Start, int End, int A, int B, int C)> near)
    {
        near.Clear();
        const ulong mask = (1 << 21) - 1;
        int a = (int)(key >> 42), b = (int)((key >> 21) & mask), c = (int)(key & mask);
        for (int i = a - _reach[0]; i <= a + _reach[0]; i++)
        {
            if (!Resolve(i, 0, out int boxA, out int shiftA))
            {
                continue;
            }

            for (int j = b - _reach[1]; j <= b + _reach[1]; j++)
            {
                if (!Resolve(j, 1, out int boxB, out int shiftB))
                {
                    continue;
                }

                for (int k = c - _reach[2]; k <= c + _reach[2]; k++)
                {
                    if (Resolve(k, 2, out int boxC, out int shiftC) && _contents.TryGetValue(Key(boxA, boxB, boxC), out var range))
                    {
                        near.Add((range.Start, range.End, shiftA, shiftB, shiftC));
                    }
                }
            }
        }
    }

    /// <summary>The box that a box index beyond the border stands for, and the image it lies in; false outside an axis that does not repeat.</summary>
    private bool Resolve(int index, int axis, out int box, out int shift)
    {
        int count = _boxes[axis];
        shift = axis < _basis.PeriodicCount ? (int)Math.Floor((double)index / count) : 0;
        box = index - shift * count;
        return (uint)box < (uint)count;
    }
}

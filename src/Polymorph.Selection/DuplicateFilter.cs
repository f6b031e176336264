using System.Runtime.InteropServices;
using Polymorph.Learning;

namespace Polymorph.Selection;

/// <summary>Recognises structures that came before: the same key (a molecule's SMILES, a crystal's formula) and descriptors within a distance.</summary>
/// <remarks>Candidates are found through projections on a few orthogonal unit vectors: points within the tolerance differ by no more than it in these coordinates
/// (Bessel's inequality), so they lie in neighbouring cells of the first three. The cost per structure does not grow with their number while they are spread out.
/// The descriptors themselves may lie in a file; 48 bytes of coordinates and about 50 of tables are held in memory per different structure.</remarks>
public sealed class DuplicateFilter
{
    private const int CellAxes = 3;
    private const int MostAxes = 12;

    private readonly IRowStore _rows;
    private readonly double[][] _axes;
    private readonly float[] _row;
    private readonly double[] _here;
    private readonly Dictionary<string, int> _keys = new(StringComparer.Ordinal);
    private readonly Dictionary<ulong, int> _lastOfCell = [];
    private readonly List<(int Key, int Before)> _entries = [];
    private readonly List<float> _coordinates = [];

    /// <summary>A filter that knows no structure.</summary>
    /// <param name="width">Numbers per descriptor; 0 to compare keys only.</param>
    /// <param name="tolerance">Largest Euclidean distance of descriptors of one structure; positive, may be infinite.</param>
    public DuplicateFilter(int width, double tolerance)
        : this(width, tolerance, new MemoryRows(), RandomVectors(width))
    {
    }

    /// <summary>A filter that keeps descriptors elsewhere.</summary>
    /// <param name="width">Numbers per descriptor.</param>
    /// <param name="tolerance">Largest Euclidean distance of descriptors of one structure.</param>
    /// <param name="rows">Takes and gives the descriptors.</param>
    /// <param name="axes">Orthogonal unit vectors, best those along which descriptors differ most; what is found does not depend on them.</param>
    internal DuplicateFilter(int width, double tolerance, IRowStore rows, IEnumerable<IReadOnlyList<double>> axes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(width);
        Tolerance = tolerance > 0 ? tolerance : throw new ArgumentOutOfRangeException(nameof(tolerance), tolerance, "must be positive");
        (Width, _rows, _row) = (width, rows, new float[width]);

        // Shortened by 1e-6 so that rounding never makes a difference of coordinates longer than the distance.
        _axes = [.. axes.Take(MostAxes).Select(axis => axis.Select(x => x * (1 - 1e-6)).ToArray())];
        _here = new double[_axes.Length];
    }

    /// <summary>Numbers per descriptor.</summary>
    public int Width { get; }

    /// <summary>Largest Euclidean distance of descriptors of one structure.</summary>
    public double Tolerance { get; }

    /// <summary>Number of different structures known.</summary>
    public int Count => _entries.Count;

    /// <summary>The first known structure that this one equals; null when there is none.</summary>
    /// <param name="key">What must be equal.</param>
    /// <param name="descriptor">What must be close, [width].</param>
    public int? Find(string key, ReadOnlySpan<float> descriptor)
    {
        Place(descriptor);
        if (!_keys.TryGetValue(key, out int keyIndex))
        {
            return null;
        }

        int? found = null;
        double reach = Reach();
        var (x, y, z) = Cell();
        for (int n = 0; n < 27; n++)
        {
            for (int index = _lastOfCell.GetValueOrDefault(Hash(keyIndex, x + n % 3 - 1, y + n / 3 % 3 - 1, z + n / 9 - 1), -1); index >= 0; index = _entries[index].Before)
            {
                if (_entries[index].Key == keyIndex && (found is null || index < found) && IsNear(index, reach))
                {
                    _rows.Read(index, _row);
                    if (Distance(_row, descriptor) <= Tolerance)
                    {
                        found = index;
                    }
                }
            }
        }

        return found;
    }

    /// <summary>The first known structure that this one equals; null when there is none, and then it is known from now on, under the index <see cref="Count"/> − 1.</summary>
    /// <param name="key">What must be equal.</param>
    /// <param name="descriptor">What must be close, [width]; copied.</param>
    public int? FindOrAdd(string key, ReadOnlySpan<float> descriptor)
    {
        if (Find(key, descriptor) is { } found)
        {
            return found;
        }

        Register(key, descriptor);
        _rows.Add(descriptor);
        return null;
    }

    /// <summary>Knows a structure whose descriptor is the next of the rows already.</summary>
    internal void Register(string key, ReadOnlySpan<float> descriptor)
    {
        Place(descriptor);
        ref int keyIndex = ref CollectionsMarshal.GetValueRefOrAddDefault(_keys, key, out bool known);
        keyIndex = known ? keyIndex : _keys.Count - 1;
        var (x, y, z) = Cell();
        ref int last = ref CollectionsMarshal.GetValueRefOrAddDefault(_lastOfCell, Hash(keyIndex, x, y, z), out bool taken);
        int before = taken ? last : -1;
        last = _entries.Count;
        _entries.Add((keyIndex, before));
        foreach (double coordinate in _here)
        {
            _coordinates.Add((float)coordinate);
        }
    }

    private void Place(ReadOnlySpan<float> descriptor)
    {
        if (descriptor.Length != Width)
        {
            throw new ArgumentException($"expected {Width} numbers, {descriptor.Length} came", nameof(descriptor));
        }

        for (int a = 0; a < _axes.Length; a++)
        {
            double sum = 0;
            double[] axis = _axes[a];
            for (int i = 0; i < descriptor.Length; i++)
            {
                sum += descriptor[i] * axis[i];
            }

            _here[a] = sum;
        }
    }

    private (long, long, long) Cell() => (Coordinate(0), Coordinate(1), Coordinate(2));

    private long Coordinate(int axis) => axis < _here.Length ? (long)Math.Floor(_here[axis] / Tolerance) : 0;

    // The coordinates are kept in single precision: two rounding errors of 6e-8 of their size on each axis may come on top of the tolerance.
    private double Reach()
    {
        double size = 0;
        foreach (double x in _here)
        {
            size = Math.Max(size, Math.Abs(x));
        }

        return Tolerance + 2.5e-7 * (size + Tolerance) * Math.Sqrt(_here.Length);
    }

    private bool IsNear(int index, double reach)
    {
        var there = CollectionsMarshal.AsSpan(_coordinates).Slice(index * _here.Length, _here.Length);
        double sum = 0;
        for (int a = 0; a < there.Length; a++)
        {
            double difference = there[a] - _here[a];
            sum += difference * difference;
        }

        return !(sum > reach * reach);
    }

    // Cells that share a number by chance only cost a look at their structures.
    private static ulong Hash(int key, long x, long y, long z)
    {
        ulong h = (ulong)(uint)key * 0x9E3779B97F4A7C15;
        foreach (long value in (ReadOnlySpan<long>)[x, y, z])
        {
            h = (h ^ (ulong)value) * 0xD6E8FEB86659FD93;
            h ^= h >> 32;
        }

        return h;
    }

    private static double Distance(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            double difference = (double)a[i] - b[i];
            sum += difference * difference;
        }

        return Math.Sqrt(sum);
    }

    /// <summary>Random orthogonal unit vectors (Gram and Schmidt), as many as serve and exist.</summary>
    internal static IReadOnlyList<double[]> RandomVectors(int width)
    {
        var vectors = new List<double[]>();
        float[] draw = new float[width];
        for (uint n = 0; n < Math.Min(MostAxes, width); n++)
        {
            var random = new CounterRandom(seed: 0, stream: 0x4455).Sequence(n);
            random.FillNormal(draw);
            double[] vector = [.. draw.Select(x => (double)x)];
            foreach (double[] other in vectors)
            {
                double overlap = vector.Zip(other, (a, b) => a * b).Sum();
                vector = [.. vector.Zip(other, (a, b) => a - overlap * b)];
            }

            double norm = Math.Sqrt(vector.Sum(x => x * x));
            vectors.Add([.. vector.Select(x => x / norm)]);
        }

        return vectors;
    }
}

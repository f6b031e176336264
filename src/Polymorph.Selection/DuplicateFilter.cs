using System.Runtime.InteropServices;
using Polymorph.Learning;

namespace Polymorph.Selection;

/// <summary>Recognises structures that came before: the same key (a molecule's SMILES, a crystal's formula) and descriptors within a distance.</summary>
/// <remarks>Candidates are found through three projections on fixed unit vectors: points within the tolerance differ by no more than it in each projection
/// (Cauchy and Schwarz), so they lie in neighbouring cells. The cost per structure does not grow with their number while they are spread out.</remarks>
public sealed class DuplicateFilter
{
    private const int Projections = 3;

    private readonly float[][] _directions;
    private readonly Dictionary<string, int> _keys = new(StringComparer.Ordinal);
    private readonly Dictionary<(int Key, long X, long Y, long Z), List<int>> _cells = [];
    private readonly List<float[]> _rows = [];

    /// <summary>A filter that knows no structure.</summary>
    /// <param name="width">Numbers per descriptor; 0 to compare keys only.</param>
    /// <param name="tolerance">Largest Euclidean distance of descriptors of one structure; positive, may be infinite.</param>
    public DuplicateFilter(int width, double tolerance)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(width);
        Tolerance = tolerance > 0 ? tolerance : throw new ArgumentOutOfRangeException(nameof(tolerance), tolerance, "must be positive");
        Width = width;
        _directions = [.. Enumerable.Range(0, Projections).Select(p => UnitVector(width, (uint)p))];
    }

    /// <summary>Numbers per descriptor.</summary>
    public int Width { get; }

    /// <summary>Largest Euclidean distance of descriptors of one structure.</summary>
    public double Tolerance { get; }

    /// <summary>Number of different structures known.</summary>
    public int Count => _rows.Count;

    /// <summary>The first known structure that this one equals; null when there is none.</summary>
    /// <param name="key">What must be equal.</param>
    /// <param name="descriptor">What must be close, [width].</param>
    public int? Find(string key, ReadOnlySpan<float> descriptor)
    {
        int? found = null;
        if (_keys.TryGetValue(key, out int keyIndex))
        {
            var (_, x, y, z) = Cell(keyIndex, descriptor);
            for (int n = 0; n < 27; n++)
            {
                if (_cells.TryGetValue((keyIndex, x + n % 3 - 1, y + n / 3 % 3 - 1, z + n / 9 - 1), out var near))
                {
                    foreach (int index in near)
                    {
                        if ((found is null || index < found) && Distance(_rows[index], descriptor) <= Tolerance)
                        {
                            found = index;
                        }
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

        ref int keyIndex = ref CollectionsMarshal.GetValueRefOrAddDefault(_keys, key, out bool known);
        keyIndex = known ? keyIndex : _keys.Count - 1;
        (CollectionsMarshal.GetValueRefOrAddDefault(_cells, Cell(keyIndex, descriptor), out _) ??= []).Add(_rows.Count);
        _rows.Add(descriptor.ToArray());
        return null;
    }

    private (int, long, long, long) Cell(int key, ReadOnlySpan<float> descriptor)
    {
        if (descriptor.Length != Width)
        {
            throw new ArgumentException($"expected {Width} numbers, {descriptor.Length} came", nameof(descriptor));
        }

        return (key, Coordinate(descriptor, 0), Coordinate(descriptor, 1), Coordinate(descriptor, 2));
    }

    private long Coordinate(ReadOnlySpan<float> descriptor, int projection)
    {
        double sum = 0;
        for (int i = 0; i < descriptor.Length; i++)
        {
            sum += (double)descriptor[i] * _directions[projection][i];
        }

        return (long)Math.Floor(sum / Tolerance);
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

    // Shortened by 1e-6 so that single-precision rounding never makes a projection longer than the distance.
    private static float[] UnitVector(int width, uint index)
    {
        var vector = new float[width];
        var random = new CounterRandom(seed: 0, stream: 0x4455).Sequence(index);
        random.FillNormal(vector);
        double norm = Math.Sqrt(vector.Sum(v => (double)v * v)) * (1 + 1e-6);
        return [.. vector.Select(v => (float)(v / norm))];
    }
}

using Polymorph.Learning.Kernels;
using Polymorph.Learning.Layers;

namespace Polymorph.Learning;

/// <summary>A row-major single-precision matrix whose rows start at 64-byte boundaries: the operand of every kernel.</summary>
/// <remarks>Rows are padded to a multiple of 16 numbers; the padding is zero and kernels keep it so.
/// The memory is pinned and never moves, so kernels may take its address.</remarks>
public sealed class AlignedMatrix : IRowMatrix<AlignedMatrix>
{
    /// <summary>Padding of rows: one 64-byte cache line of numbers.</summary>
    public const int Lane = 16;

    private readonly float[] _memory;
    private readonly int _offset;

    /// <summary>A zero matrix.</summary>
    /// <param name="rows">Number of rows, at least 1.</param>
    /// <param name="columns">Number of columns in use, at least 1.</param>
    public AlignedMatrix(int rows, int columns)
        : this(Allocate(checked(rows * Pad(columns))), 0, rows, columns)
    {
        _offset = MatrixAddress.AlignedOffset(_memory);
    }

    private AlignedMatrix(float[] memory, int offset, int rows, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        (_memory, _offset, Rows, Columns, Stride) = (memory, offset, rows, columns, Pad(columns));
    }

    /// <summary>Number of rows.</summary>
    public int Rows { get; }

    /// <summary>Number of columns in use.</summary>
    public int Columns { get; }

    /// <summary>Distance of two rows: the columns rounded up to a multiple of 16.</summary>
    public int Stride { get; }

    /// <summary>All numbers, padding included, [rows × stride].</summary>
    public Span<float> Span => _memory.AsSpan(_offset, Rows * Stride);

    /// <summary>The pinned array that holds the matrix, with <see cref="Offset"/>.</summary>
    internal float[] Memory => _memory;

    /// <summary>Index of the first number in <see cref="Memory"/>.</summary>
    internal int Offset => _offset;

    /// <inheritdoc/>
    double IRowMatrix<AlignedMatrix>.this[int row, int column]
    {
        get => Row(row)[column];
        set => Row(row)[column] = (float)value;
    }

    /// <inheritdoc/>
    static AlignedMatrix IRowMatrix<AlignedMatrix>.Create(int rows, int columns) => new(rows, columns);

    /// <inheritdoc/>
    public AlignedMatrix Reshape(int rows, int columns) => rows * columns == Rows * Stride && (columns % Lane == 0 || rows == Rows)
        ? new AlignedMatrix(_memory, _offset, rows, columns)
        : throw new ArgumentException($"a view of {rows} x {columns} does not fit {Rows} x {Columns} with rows of {Stride}");

    /// <inheritdoc/>
    public void Clear() => Span.Clear();

    /// <summary>The columns in use of one row, [columns].</summary>
    /// <param name="row">Zero-based row.</param>
    public Span<float> Row(int row)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)Rows, nameof(row));
        return _memory.AsSpan(_offset + row * Stride, Columns);
    }

    /// <inheritdoc/>
    public AlignedMatrix RowRange(int first, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first + count, Rows, nameof(count));
        return new AlignedMatrix(_memory, _offset + first * Stride, count, Columns);
    }

    /// <summary>Matrices of the given shapes, one behind the other in one block of memory, and that block as a single row.</summary>
    /// <param name="shapes">Rows and columns of each.</param>
    public static (AlignedMatrix Block, AlignedMatrix[] Parts) Together(IReadOnlyList<(int Rows, int Columns)> shapes)
    {
        ArgumentNullException.ThrowIfNull(shapes);
        int total = shapes.Sum(s => checked(s.Rows * Pad(s.Columns)));
        var block = new AlignedMatrix(1, total);
        var parts = new AlignedMatrix[shapes.Count];
        int offset = block._offset;
        for (int i = 0; i < parts.Length; i++)
        {
            parts[i] = new AlignedMatrix(block._memory, offset, shapes[i].Rows, shapes[i].Columns);
            offset += parts[i].Rows * parts[i].Stride;
        }

        return (block, parts);
    }

    private static int Pad(int columns) => (columns + Lane - 1) / Lane * Lane;

    private static float[] Allocate(int length) => GC.AllocateArray<float>(length + Lane, pinned: true);
}

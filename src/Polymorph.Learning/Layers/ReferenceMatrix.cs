namespace Polymorph.Learning.Layers;

/// <summary>A plain double-precision matrix: the operand of <see cref="LayerKernelsReference"/>.</summary>
/// <param name="values">Memory, possibly shared with other views.</param>
/// <param name="offset">Index of the first number.</param>
/// <param name="rows">Number of rows.</param>
/// <param name="columns">Number of columns.</param>
internal sealed class ReferenceMatrix(double[] values, int offset, int rows, int columns) : IRowMatrix<ReferenceMatrix>
{
    public int Rows => rows;

    public int Columns => columns;

    public double this[int row, int column]
    {
        get => values[Index(row, column)];
        set => values[Index(row, column)] = value;
    }

    public static ReferenceMatrix Create(int rows, int columns) => new(new double[rows * columns], 0, rows, columns);

    public static (ReferenceMatrix Block, ReferenceMatrix[] Parts) Together(IReadOnlyList<(int Rows, int Columns)> shapes)
    {
        var block = Create(1, shapes.Sum(s => s.Rows * s.Columns));
        var parts = new ReferenceMatrix[shapes.Count];
        for (int i = 0, offset = 0; i < parts.Length; offset += shapes[i].Rows * shapes[i].Columns, i++)
        {
            parts[i] = new ReferenceMatrix(block.Values, offset, shapes[i].Rows, shapes[i].Columns);
        }

        return (block, parts);
    }

    public ReferenceMatrix Reshape(int newRows, int newColumns) => newRows * newColumns == rows * columns
        ? new(values, offset, newRows, newColumns)
        : throw new ArgumentException($"a view of {newRows} x {newColumns} does not fit {rows} x {columns}");

    public ReferenceMatrix RowRange(int first, int count) => first >= 0 && count > 0 && first + count <= rows
        ? new(values, offset + first * columns, count, columns)
        : throw new ArgumentException($"rows {first} to {first + count} of {rows}");

    public void Clear() => Array.Clear(values, offset, rows * columns);

    private double[] Values => values;

    private int Index(int row, int column) => (uint)row < (uint)rows && (uint)column < (uint)columns
        ? offset + row * columns + column
        : throw new ArgumentOutOfRangeException(nameof(row), $"[{row}, {column}] of {rows} x {columns}");
}

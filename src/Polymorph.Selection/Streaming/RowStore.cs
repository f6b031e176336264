namespace Polymorph.Selection;

/// <summary>Descriptors of the structures kept so far, by their order.</summary>
internal interface IRowStore
{
    /// <summary>Rows so far.</summary>
    int Count { get; }

    /// <summary>Adds a row, [width]; copied.</summary>
    void Add(ReadOnlySpan<float> row);

    /// <summary>Reads a row back.</summary>
    /// <param name="index">0 to <see cref="Count"/> − 1.</param>
    /// <param name="row">[width], overwritten.</param>
    void Read(int index, Span<float> row);
}

/// <summary>Rows in memory.</summary>
internal sealed class MemoryRows : IRowStore
{
    private readonly List<float[]> _rows = [];

    /// <inheritdoc/>
    public int Count => _rows.Count;

    /// <inheritdoc/>
    public void Add(ReadOnlySpan<float> row) => _rows.Add(row.ToArray());

    /// <inheritdoc/>
    public void Read(int index, Span<float> row) => _rows[index].CopyTo(row);
}

namespace Polymorph.Learning.Layers;

/// <summary>A row-major matrix of some precision, so that a network is written once and runs on fast kernels and on the plain reference.</summary>
/// <typeparam name="TSelf">The implementing type.</typeparam>
public interface IRowMatrix<TSelf>
    where TSelf : class, IRowMatrix<TSelf>
{
    /// <summary>Number of rows.</summary>
    int Rows { get; }

    /// <summary>Number of columns in use.</summary>
    int Columns { get; }

    /// <summary>One number; single precision is rounded on writing.</summary>
    /// <param name="row">Zero-based row.</param>
    /// <param name="column">Zero-based column.</param>
    double this[int row, int column] { get; set; }

    /// <summary>A zero matrix.</summary>
    /// <param name="rows">Number of rows, at least 1.</param>
    /// <param name="columns">Number of columns, at least 1.</param>
    static abstract TSelf Create(int rows, int columns);

    /// <summary>Matrices of the given shapes, one behind the other in one block of memory, and that block as a single row.</summary>
    /// <param name="shapes">Rows and columns of each.</param>
    static abstract (TSelf Block, TSelf[] Parts) Together(IReadOnlyList<(int Rows, int Columns)> shapes);

    /// <summary>The same memory with other rows and columns; every column count must be a multiple of 16.</summary>
    /// <param name="rows">Rows of the view.</param>
    /// <param name="columns">Columns of the view.</param>
    TSelf Reshape(int rows, int columns);

    /// <summary>The same memory seen as a part of this matrix's rows.</summary>
    /// <param name="first">First row.</param>
    /// <param name="count">Number of rows.</param>
    TSelf RowRange(int first, int count);

    /// <summary>Sets every number to zero.</summary>
    void Clear();
}

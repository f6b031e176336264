using System.Collections.Immutable;

namespace Polymorph.Learning.Safetensors;

/// <summary>A named array of a file: single or double precision.</summary>
/// <param name="Shape">Lengths of its axes; their product is the number of values.</param>
/// <param name="Values">Row-major values.</param>
/// <param name="IsDouble">True when the file stores 8-byte numbers (F64), false for 4-byte ones (F32).</param>
public sealed record Tensor(ImmutableArray<int> Shape, double[] Values, bool IsDouble)
{
    /// <summary>True when the file stores 2-byte numbers (F16), which hold three digits up to 65504; goes before <see cref="IsDouble"/>.</summary>
    public bool IsHalf { get; init; }

    /// <summary>Name of the stored type in the file.</summary>
    internal string TypeName => IsHalf ? "F16" : IsDouble ? "F64" : "F32";

    /// <summary>Bytes per stored number.</summary>
    internal int ByteSize => IsHalf ? 2 : IsDouble ? 8 : 4;

    /// <summary>The used columns of a matrix as an F32 tensor.</summary>
    /// <param name="matrix">[rows × columns].</param>
    public static Tensor From(AlignedMatrix matrix)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        var values = new double[matrix.Rows * matrix.Columns];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = matrix.Row(i / matrix.Columns)[i % matrix.Columns];
        }

        return new Tensor([matrix.Rows, matrix.Columns], values, IsDouble: false);
    }

    /// <summary>Copies the values into a matrix of the same size.</summary>
    /// <param name="matrix">[rows × columns], overwritten.</param>
    /// <exception cref="ArgumentException">The number of values differs.</exception>
    public void CopyTo(AlignedMatrix matrix)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        if (Values.Length != matrix.Rows * matrix.Columns)
        {
            throw new ArgumentException($"expected {matrix.Rows} x {matrix.Columns} values, {Values.Length} came");
        }

        for (int i = 0; i < Values.Length; i++)
        {
            matrix.Row(i / matrix.Columns)[i % matrix.Columns] = (float)Values[i];
        }
    }
}

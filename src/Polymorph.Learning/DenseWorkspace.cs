namespace Polymorph.Learning;

/// <summary>The intermediate results of one network's passes over up to a fixed number of rows.</summary>
public sealed class DenseWorkspace
{
    /// <summary>Room for the passes of a network.</summary>
    /// <param name="shape">The network's shape.</param>
    /// <param name="rows">Largest number of rows of a pass.</param>
    public DenseWorkspace(DenseShape shape, int rows)
    {
        ArgumentNullException.ThrowIfNull(shape);
        AlignedMatrix[] Hidden() => [.. Enumerable.Range(1, shape.Layers - 1).Select(l => new AlignedMatrix(rows, shape.Widths[l]))];
        Activations = Hidden();
        Adjoints = Hidden();
        Tangents = Hidden();
        Output = new AlignedMatrix(rows, shape.Widths[^1]);
        OutputSeed = new AlignedMatrix(rows, shape.Widths[^1]);
        InputTangent = new AlignedMatrix(rows, shape.Widths[0]);
    }

    /// <summary>Outputs of the last forward pass, [rows × outputs].</summary>
    public AlignedMatrix Output { get; }

    /// <summary>dL/d(output), [rows × outputs]; written by the caller before an adjoint pass.</summary>
    public AlignedMatrix OutputSeed { get; }

    /// <summary>h of each hidden layer, [rows × width].</summary>
    internal AlignedMatrix[] Activations { get; }

    /// <summary>U of each hidden layer: dL/dz, [rows × width].</summary>
    internal AlignedMatrix[] Adjoints { get; }

    /// <summary>R of each hidden layer: the forward tangent, [rows × width].</summary>
    internal AlignedMatrix[] Tangents { get; }

    /// <summary>R of the input: dP/dG, [rows × inputs].</summary>
    internal AlignedMatrix InputTangent { get; }

    /// <summary>Writes one value into every output seed of some rows.</summary>
    /// <param name="first">First row.</param>
    /// <param name="count">Number of rows.</param>
    /// <param name="value">dL/d(output) of these rows.</param>
    public void SeedOutputs(int first, int count, float value)
    {
        for (int row = first; row < first + count; row++)
        {
            OutputSeed.Row(row).Fill(value);
        }
    }
}

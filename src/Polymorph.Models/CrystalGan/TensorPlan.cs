using System.Collections.Immutable;

namespace Polymorph.Models.CrystalGan;

/// <summary>A parameter as a file names and shapes it, in the layout of common frameworks, and where each of its numbers lies in ours.</summary>
/// <param name="Name">For example <c>c1.weight</c>.</param>
/// <param name="Shape">Linear [out, in]; convolution [out, in, 1, k]; transposed convolution [in, out, 1, k]; vectors [n].</param>
/// <param name="Place">Row and column of our matrix for a row-major index.</param>
internal sealed record PlacedTensor(string Name, ImmutableArray<int> Shape, Func<int, (int Row, int Column)> Place)
{
    /// <summary>Number of values.</summary>
    public int Length => Shape.Aggregate(1, (product, n) => product * n);

    /// <summary>Inputs plus outputs of the layer, kernels counted: the scale of Xavier's rule.</summary>
    public int Fans => (Shape[0] + Shape[1]) * Shape.Skip(2).Aggregate(1, (product, n) => product * n);
}

/// <summary>Collects the parameters of a network: our shapes, whose hidden widths are rounded up to 16, and the file's.</summary>
internal sealed class TensorPlan
{
    /// <summary>Name, rows and columns of our matrices.</summary>
    public List<(string Name, int Rows, int Columns)> Shapes { get; } = [];

    /// <summary>The same parameters as files have them.</summary>
    public List<PlacedTensor> Tensors { get; } = [];

    /// <summary>Names and widths of the normalisations, and the column of a channel where they are not in order.</summary>
    public List<(string Name, int Width, Func<int, int>? Column)> Norms { get; } = [];

    /// <summary>A width rounded up to whole cache lines; the padding's parameters are zero and stay zero.</summary>
    public static int Pad(int width) => (width + 15) / 16 * 16;

    /// <summary>A fully connected layer.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="inputs">True inputs.</param>
    /// <param name="outputs">True outputs.</param>
    /// <param name="rows">Columns of its input matrix.</param>
    /// <param name="columns">Columns of its output matrix.</param>
    /// <param name="input">Row of an input, if they are not in order.</param>
    /// <param name="output">Column of an output, if they are not in order.</param>
    public void Linear(string name, int inputs, int outputs, int rows, int columns, Func<int, int>? input = null, Func<int, int>? output = null)
    {
        Add($"{name}.weight", rows, columns, [outputs, inputs], t => (At(input, t % inputs), At(output, t / inputs)));
        Add($"{name}.bias", 1, columns, [outputs], t => (0, At(output, t)));
    }

    /// <summary>A convolution over a whole row of some numbers.</summary>
    public void FirstConvolution(string name, int outputs, int numbers = 3)
    {
        Add($"{name}.weight", numbers, Pad(outputs), [outputs, 1, 1, numbers], t => (t % numbers, t / numbers));
        Vector($"{name}.bias", outputs, Pad(outputs));
    }

    /// <summary>A convolution of one number.</summary>
    public void Convolution(string name, int inputs, int outputs, int columns)
    {
        Add($"{name}.weight", Pad(inputs), columns, [outputs, inputs, 1, 1], t => (t % inputs, t / inputs));
        Vector($"{name}.bias", outputs, columns);
    }

    /// <summary>A transposed convolution whose kernel of some numbers makes as many blocks of columns.</summary>
    public void TransposedConvolution(string name, int inputs, int outputs, int kernel, int columns)
    {
        Add($"{name}.weight", Pad(inputs), kernel * columns, [inputs, outputs, 1, kernel],
            t => (t / (outputs * kernel), t % kernel * columns + t / kernel % outputs));
        Vector($"{name}.bias", outputs, columns);
    }

    /// <summary>A normalisation.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="width">True channels.</param>
    /// <param name="columns">Columns of its matrices; by default the width rounded up.</param>
    /// <param name="column">Column of a channel, if they are not in order.</param>
    public void Norm(string name, int width, int? columns = null, Func<int, int>? column = null)
    {
        Vector($"{name}.weight", width, columns ?? Pad(width), column);
        Vector($"{name}.bias", width, columns ?? Pad(width), column);
        Norms.Add((name, width, column));
    }

    private void Vector(string name, int length, int columns, Func<int, int>? column = null) => Add(name, 1, columns, [length], t => (0, At(column, t)));

    private void Add(string name, int rows, int columns, ImmutableArray<int> shape, Func<int, (int, int)> place)
    {
        Shapes.Add((name, rows, columns));
        Tensors.Add(new PlacedTensor(name, shape, place));
    }

    private static int At(Func<int, int>? map, int index) => map is null ? index : map(index);
}

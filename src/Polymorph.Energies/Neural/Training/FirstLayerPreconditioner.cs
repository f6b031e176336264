using MathNet.Numerics.LinearAlgebra.Double;
using Polymorph.Energies.Neural.Kernels;
using Polymorph.Learning;
using Polymorph.Learning.Kernels;

namespace Polymorph.Energies.Neural.Training;

/// <summary>The first layer is trained as V with W = V·M, M = (C + ε)^(−1/2) and C the correlations of its inputs: in V all directions of the strongly correlated features are
/// equally easy to learn. Only training sees V.</summary>
/// <remarks>Decorrelated inputs: LeCun, Bottou, Orr, Müller, "Efficient BackProp" (1998), section 4.3.</remarks>
internal sealed class FirstLayerPreconditioner
{
    private readonly NeuralForm _form;
    private readonly DenseKernels _dense = new(VectorWidths.Best);
    private readonly AlignedMatrix[] _matrices;
    private readonly AlignedMatrix _input;
    private readonly AlignedMatrix _output;

    public FirstLayerPreconditioner(NeuralForm form, double[][,] correlations, double epsilon)
    {
        _form = form;
        int features = form.First.Widths[0], units = form.First.Widths[1];
        _matrices = [.. correlations.Select(c => InverseRoot(c, epsilon))];
        (_input, _output) = (new(units, features), new(units, features));
    }

    /// <summary>Copies all weights, the first layers' times M: from V to W, and, since M is symmetric, from dL/dW to dL/dV.</summary>
    /// <param name="from">[1 × weights].</param>
    /// <param name="to">[1 × weights], overwritten.</param>
    public void Apply(AlignedMatrix from, AlignedMatrix to)
    {
        from.Span.CopyTo(to.Span);
        int features = _input.Columns, units = _input.Rows;
        for (int element = 0; element < _matrices.Length; element++)
        {
            int at = element * _form.First.Stride + _form.First.Weights[0];
            for (int u = 0; u < units; u++)
            {
                from.Span.Slice(at + u * features, features).CopyTo(_input.Row(u));
            }

            _dense.Plain(_input, units, _matrices[element], _output);
            for (int u = 0; u < units; u++)
            {
                _output.Row(u).CopyTo(to.Span.Slice(at + u * features, features));
            }
        }
    }

    private static AlignedMatrix InverseRoot(double[,] correlations, double epsilon)
    {
        int features = correlations.GetLength(0);
        var evd = DenseMatrix.OfArray(correlations).Evd(MathNet.Numerics.LinearAlgebra.Symmetricity.Symmetric);
        double[] values = [.. evd.EigenValues.Select(v => Math.Max(0, v.Real))];
        // Hidden units begin with inputs of variance one.
        double variance = values.Sum(v => v / (v + epsilon)) / features, scale = 1 / Math.Sqrt(Math.Max(variance, 1e-6));
        var scaled = evd.EigenVectors * DenseMatrix.OfDiagonalArray([.. values.Select(v => scale / Math.Sqrt(v + epsilon))]) * evd.EigenVectors.Transpose();
        var result = new AlignedMatrix(features, features);
        for (int i = 0; i < features; i++)
        {
            for (int j = 0; j < features; j++)
            {
                result.Row(i)[j] = (float)scaled[i, j];
            }
        }

        return result;
    }
}

using Polymorph.Learning.Layers;

namespace Polymorph.Models.CrystalGan;

/// <summary>Maps latents and conditions to three numbers per atom row and six for the cell, before the head that makes an image of them.</summary>
/// <remarks>All kernels of the published layers act within a row, so that each layer is one product over batch × rows.
/// Shapes and derivations: <c>docs/methods/crystal-gan.md</c>.</remarks>
/// <typeparam name="TMatrix">Matrices of the precision at hand.</typeparam>
internal sealed class GeneratorNetwork<TMatrix> : RowNetwork<TMatrix>
    where TMatrix : class, IRowMatrix<TMatrix>
{
    // The published code passes 0.8 where it means a momentum; the framework reads it as epsilon.
    private const double WideEpsilon = 0.8;
    private const double Epsilon = 1e-5;

    private readonly CrystalGanShape _shape;
    private readonly RowLayer<TMatrix>[] _t;
    private readonly NormLayer<TMatrix>[] _b;
    private readonly RowLayer<TMatrix> _l1;
    private readonly RowLayer<TMatrix> _f1;
    private readonly NormLayer<TMatrix> _fb;
    private readonly RowLayer<TMatrix> _f2;
    private readonly TMatrix _a0;
    private readonly TMatrix _a0Rows;
    private readonly TMatrix _z1Wide;
    private readonly TMatrix[] _z;
    private readonly TMatrix[] _h;
    private readonly TMatrix[] _dh;
    private readonly TMatrix _dz1Wide;
    private readonly TMatrix _d0;
    private readonly TMatrix _d0Rows;
    private readonly TMatrix _column;
    private readonly TMatrix _fz;
    private readonly TMatrix _fh;
    private readonly TMatrix _dfh;
    private readonly TMatrix _dHead;

    /// <summary>A network with all parameters zero.</summary>
    /// <param name="kernels">Its passes.</param>
    /// <param name="shape">Elements' caps.</param>
    /// <param name="widths">Layer widths.</param>
    /// <param name="batch">Largest batch.</param>
    public GeneratorNetwork(ILayerKernels<TMatrix> kernels, CrystalGanShape shape, CrystalGanWidths widths, int batch)
        : base(kernels, MakePlan(shape, widths))
    {
        _shape = shape;
        int[] width = [TensorPlan.Pad(widths.Generator1), TensorPlan.Pad(widths.Generator2), TensorPlan.Pad(widths.Generator3)];
        int width0 = TensorPlan.Pad(widths.Generator0), rows = batch * shape.Atoms;
        _l1 = Layer("l1");
        _t = [Layer("t1"), Layer("t2"), Layer("t3"), Layer("t4")];
        _b = [.. Enumerable.Range(0, 3).Select(i => Norm($"b{i + 1}", _t[i], WideEpsilon, slope: 0))];
        _f1 = Layer("f1");
        _fb = Norm("fb", _f1, Epsilon, slope: 0);
        _f2 = Layer("f2");
        _a0 = TMatrix.Create(batch, shape.Atoms * width0);
        _a0Rows = _a0.Reshape(rows, width0);
        _d0 = TMatrix.Create(batch, shape.Atoms * width0);
        _d0Rows = _d0.Reshape(rows, width0);
        _z = [.. width.Select(w => TMatrix.Create(3 * rows, w))];
        _h = [.. width.Select(w => TMatrix.Create(3 * rows, w))];
        _dh = [.. width.Select(w => TMatrix.Create(3 * rows, w))];
        _z1Wide = _z[0].Reshape(rows, 3 * width[0]);
        _dz1Wide = _dh[0].Reshape(rows, 3 * width[0]);
        _column = TMatrix.Create(3 * rows, 1);
        int cell = TensorPlan.Pad(widths.Cell);
        (_fz, _fh, _dfh) = (TMatrix.Create(batch, cell), TMatrix.Create(batch, cell), TMatrix.Create(batch, cell));
        Head = TMatrix.Create(batch, 3 * shape.Atoms);
        _dHead = TMatrix.Create(batch, 3 * shape.Atoms);
        Cell = TMatrix.Create(batch, 6);
    }

    /// <summary>h: three numbers per atom row, [batch × 3 atoms].</summary>
    public TMatrix Head { get; }

    /// <summary>Six numbers of the cell, [batch × 6].</summary>
    public TMatrix Cell { get; }

    /// <summary>A forward pass.</summary>
    /// <param name="input">Latents, then conditions, [batch × inputs].</param>
    /// <param name="batch">Rows in use.</param>
    /// <param name="training">True for the statistics of this batch, which also move the running ones.</param>
    /// <param name="mask">Optional 0 or 1 per atom row, [batch × atoms]: what multiplies h.</param>
    public void Forward(TMatrix input, int batch, bool training, TMatrix? mask = null)
    {
        int rows = batch * _shape.Atoms;
        _l1.Rectified(input, batch, 0, _a0);
        _t[0].Product(_a0Rows, rows, _z1Wide);
        for (int i = 0; i < 3; i++)
        {
            Normalise(_b[i], _z[i], 3 * rows, _h[i], training);
            if (i < 2)
            {
                _t[i + 1].Product(_h[i], 3 * rows, _z[i + 1]);
            }
        }

        _t[3].Linear(_h[2], 3 * rows, _column);
        for (int s = 0; s < batch; s++)
        {
            for (int i = 0; i < 3 * _shape.Atoms; i++)
            {
                Head[s, i] = _column[s * 3 * _shape.Atoms + i, 0] * (mask?[s, i / 3] ?? 1);
            }
        }

        _f1.Product(Head, batch, _fz);
        Normalise(_fb, _fz, batch, _fh, training);
        _f2.Linear(_fh, batch, Cell);
    }

    /// <summary>Gradients of all parameters, after a training pass of the same input.</summary>
    /// <param name="input">The input of that pass.</param>
    /// <param name="batch">Rows in use.</param>
    /// <param name="headGradient">dL/dh by the head, [batch × 3 atoms].</param>
    /// <param name="cellGradient">dL/d(cell numbers), [batch × 6].</param>
    /// <param name="mask">That of the pass.</param>
    public void Backward(TMatrix input, int batch, TMatrix headGradient, TMatrix cellGradient, TMatrix? mask = null)
    {
        int rows = batch * _shape.Atoms;
        _f2.Gradient(_fh, cellGradient, batch);
        _f2.Adjoint(cellGradient, batch, _dfh);
        _fb.Adjoint(_dfh, _fz, batch);
        _f1.Gradient(Head, _dfh, batch, bias: false);
        _f1.Adjoint(_dfh, batch, _dHead);
        for (int s = 0; s < batch; s++)
        {
            for (int i = 0; i < 3 * _shape.Atoms; i++)
            {
                _column[s * 3 * _shape.Atoms + i, 0] = (headGradient[s, i] + _dHead[s, i]) * (mask?[s, i / 3] ?? 1);
            }
        }

        _t[3].Gradient(_h[2], _column, 3 * rows);
        _t[3].Adjoint(_column, 3 * rows, _dh[2]);
        for (int i = 2; i >= 1; i--)
        {
            _b[i].Adjoint(_dh[i], _z[i], 3 * rows);
            _t[i].Gradient(_h[i - 1], _dh[i], 3 * rows, bias: false);
            _t[i].Adjoint(_dh[i], 3 * rows, _dh[i - 1]);
        }

        _b[0].Adjoint(_dh[0], _z[0], 3 * rows);
        _t[0].Gradient(_a0Rows, _dz1Wide, rows, bias: false);
        _t[0].Adjoint(_dz1Wide, rows, _a0Rows, 0, _d0Rows);
        _l1.Gradient(input, _d0, batch);
    }

    private static void Normalise(NormLayer<TMatrix> norm, TMatrix z, int rows, TMatrix h, bool training)
    {
        if (training)
        {
            norm.ForwardTraining(z, rows, h);
        }
        else
        {
            norm.ForwardEvaluation(z, rows, h);
        }
    }

    private static TensorPlan MakePlan(CrystalGanShape shape, CrystalGanWidths widths)
    {
        int inputs = widths.Latent + shape.ConditionLength, width0 = TensorPlan.Pad(widths.Generator0), cell = TensorPlan.Pad(widths.Cell);
        var plan = new TensorPlan();
        // Published outputs are channel-major, ours row-major, so that the next layer reads rows.
        plan.Linear("l1", inputs, shape.Atoms * widths.Generator0, inputs, shape.Atoms * width0, output: o => o % shape.Atoms * width0 + o / shape.Atoms);
        plan.TransposedConvolution("t1", widths.Generator0, widths.Generator1, 3, TensorPlan.Pad(widths.Generator1));
        plan.Norm("b1", widths.Generator1);
        plan.TransposedConvolution("t2", widths.Generator1, widths.Generator2, 1, TensorPlan.Pad(widths.Generator2));
        plan.Norm("b2", widths.Generator2);
        plan.TransposedConvolution("t3", widths.Generator2, widths.Generator3, 1, TensorPlan.Pad(widths.Generator3));
        plan.Norm("b3", widths.Generator3);
        plan.TransposedConvolution("t4", widths.Generator3, 1, 1, 1);
        plan.Linear("f1", 3 * shape.Atoms, widths.Cell, 3 * shape.Atoms, cell);
        plan.Norm("fb", widths.Cell);
        plan.Linear("f2", widths.Cell, 6, cell, 6);
        return plan;
    }
}

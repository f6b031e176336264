using Polymorph.Learning.Layers;

namespace Polymorph.Models.CrystalGan;

/// <summary>The layers and intermediate results of the classifier for the rows of one element.</summary>
/// <typeparam name="TMatrix">Matrices of the precision at hand.</typeparam>
internal sealed class ClassifierBranch<TMatrix>
    where TMatrix : class, IRowMatrix<TMatrix>
{
    private readonly RowLayer<TMatrix>[] _c;
    private readonly NormLayer<TMatrix>[] _b;
    private readonly RowLayer<TMatrix>[] _l;
    private readonly NormLayer<TMatrix>[] _d;
    private readonly TMatrix _input;
    private readonly TMatrix _inputGradient;
    private readonly TMatrix[] _z;
    private readonly TMatrix[] _h;
    private readonly TMatrix[] _dh;
    private readonly TMatrix _flat;
    private readonly TMatrix _dFlat;
    private readonly TMatrix[] _y;
    private readonly TMatrix[] _k;
    private readonly TMatrix[] _dk;
    private readonly int _cap;
    private readonly int _firstRow;

    public ClassifierBranch(int cap, int firstRow, RowLayer<TMatrix>[] convolutions, NormLayer<TMatrix>[] norms, RowLayer<TMatrix>[] linear, NormLayer<TMatrix>[] linearNorms, int batch)
    {
        (_cap, _firstRow, _c, _b, _l, _d) = (cap, firstRow, convolutions, norms, linear, linearNorms);
        int rows = batch * cap;
        (_input, _inputGradient) = (TMatrix.Create(rows, 3), TMatrix.Create(rows, 3));
        int[] wide = [.. _c.Take(3).Select(c => c.Weights.Columns)], narrow = [.. _l.Take(2).Select(l => l.Weights.Columns)];
        (_z, _h, _dh) = (Make(rows, wide), Make(rows, wide), Make(rows, wide));
        (_y, _k, _dk) = (Make(batch, narrow), Make(batch, narrow), Make(batch, narrow));
        (Logits, LogitSeed) = (TMatrix.Create(rows, 2), TMatrix.Create(rows, 2));
        (_flat, _dFlat) = (TMatrix.Create(batch, 2 * cap), TMatrix.Create(batch, 2 * cap));
        (Counts, CountSeed) = (TMatrix.Create(batch, cap), TMatrix.Create(batch, cap));
    }

    /// <summary>Before the softmax: absent and present of each row, [batch · cap × 2].</summary>
    public TMatrix Logits { get; }

    /// <summary>dL/d(logit), written before the backward pass, which adds the part of the counts.</summary>
    public TMatrix LogitSeed { get; }

    /// <summary>Before the softmax: scores of the counts 1 to cap, [batch × cap].</summary>
    public TMatrix Counts { get; }

    /// <summary>dL/d(count score), written before the backward pass.</summary>
    public TMatrix CountSeed { get; }

    /// <summary>A forward pass over the element's rows of images [batch × 3 rows].</summary>
    public void Forward(TMatrix images, int batch, bool training)
    {
        int rows = batch * _cap;
        for (int i = 0; i < 3 * rows; i++)
        {
            _input[i / 3, i % 3] = images[i / (3 * _cap), 3 * _firstRow + i % (3 * _cap)];
        }

        var x = _input;
        for (int i = 0; i < 3; i++)
        {
            _c[i].Product(x, rows, _z[i]);
            Normalise(_b[i], _z[i], rows, _h[i], training);
            x = _h[i];
        }

        _c[3].Linear(x, rows, Logits);
        for (int row = 0; row < rows; row++)
        {
            _flat[row / _cap, row % _cap] = Logits[row, 0];
            _flat[row / _cap, _cap + row % _cap] = Logits[row, 1];
        }

        x = _flat;
        for (int i = 0; i < 2; i++)
        {
            _l[i].Product(x, batch, _y[i]);
            Normalise(_d[i], _y[i], batch, _k[i], training);
            x = _k[i];
        }

        _l[2].Linear(x, batch, Counts);
    }

    /// <summary>Gradients of the branch's parameters after a training pass and with both seeds written.</summary>
    public void Backward(int batch)
    {
        int rows = batch * _cap;
        _l[2].Gradient(_k[1], CountSeed, batch);
        _l[2].Adjoint(CountSeed, batch, _dk[1]);
        _d[1].Adjoint(_dk[1], _y[1], batch);
        _l[1].Gradient(_k[0], _dk[1], batch, bias: false);
        _l[1].Adjoint(_dk[1], batch, _dk[0]);
        _d[0].Adjoint(_dk[0], _y[0], batch);
        _l[0].Gradient(_flat, _dk[0], batch, bias: false);
        _l[0].Adjoint(_dk[0], batch, _dFlat);
        for (int row = 0; row < rows; row++)
        {
            LogitSeed[row, 0] += _dFlat[row / _cap, row % _cap];
            LogitSeed[row, 1] += _dFlat[row / _cap, _cap + row % _cap];
        }

        _c[3].Gradient(_h[2], LogitSeed, rows);
        _c[3].Adjoint(LogitSeed, rows, _dh[2]);
        for (int i = 2; i >= 0; i--)
        {
            _b[i].Adjoint(_dh[i], _z[i], rows);
            _c[i].Gradient(i == 0 ? _input : _h[i - 1], _dh[i], rows, bias: false);
            if (i > 0)
            {
                _c[i].Adjoint(_dh[i], rows, _dh[i - 1]);
            }
        }
    }

    /// <summary>Adds dL/d(image) of the element's rows after <see cref="Backward"/>.</summary>
    public void AddInputGradient(int batch, TMatrix result)
    {
        int rows = batch * _cap;
        _c[0].Adjoint(_dh[0], rows, _inputGradient);
        for (int i = 0; i < 3 * rows; i++)
        {
            result[i / (3 * _cap), 3 * _firstRow + i % (3 * _cap)] += _inputGradient[i / 3, i % 3];
        }
    }

    private static TMatrix[] Make(int rows, int[] widths) => [.. widths.Select(w => TMatrix.Create(rows, w))];

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
}

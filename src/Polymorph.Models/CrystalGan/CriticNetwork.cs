using Polymorph.Learning.Layers;

namespace Polymorph.Models.CrystalGan;

/// <summary>Intermediate results of the critic for one batch of images.</summary>
/// <typeparam name="TMatrix">Matrices of the precision at hand.</typeparam>
internal sealed class CriticWork<TMatrix>
    where TMatrix : class, IRowMatrix<TMatrix>
{
    public CriticWork(CrystalGanShape shape, CrystalGanWidths widths, int samples, bool share, bool tangents, int rowWidth = 3)
    {
        Images = new CriticRows<TMatrix>(shape, samples, rowWidth, share);
        int rows = samples * shape.Rows + 1;
        int[] width = [TensorPlan.Pad(widths.Critic1), TensorPlan.Pad(widths.Critic2), TensorPlan.Pad(widths.Critic3)];
        int[] hidden = [shape.Slots * width[2], TensorPlan.Pad(widths.CriticHidden1), TensorPlan.Pad(widths.CriticHidden2)];
        (H, U) = (Make(rows, width), Make(rows, width));
        (P, A) = (Make(samples, hidden), Make(samples, hidden));
        (Tangents, PooledTangents) = tangents ? (Make(rows, width), Make(samples, hidden)) : ([], []);
        (Output, Seed) = (TMatrix.Create(samples, widths.CriticOutputs), TMatrix.Create(samples, widths.CriticOutputs));
        InputGradient = TMatrix.Create(rows, rowWidth);
        Norms = new double[samples];
    }

    /// <summary>The images.</summary>
    public CriticRows<TMatrix> Images { get; }

    /// <summary>Outputs, [samples × outputs].</summary>
    public TMatrix Output { get; }

    /// <summary>dL/d(output), written before the adjoint pass.</summary>
    public TMatrix Seed { get; }

    /// <summary>dL/d(row), [rows × row width].</summary>
    public TMatrix InputGradient { get; }

    /// <summary>|dD/d(image)| of each sample, after a penalty.</summary>
    public double[] Norms { get; }

    /// <summary>Activations and adjoints of the row layers.</summary>
    public TMatrix[] H { get; }

    /// <inheritdoc cref="H"/>
    public TMatrix[] U { get; }

    /// <summary>Pooled means and activations of the hidden layers after them; their adjoints.</summary>
    public TMatrix[] P { get; }

    /// <inheritdoc cref="P"/>
    public TMatrix[] A { get; }

    /// <summary>Tangents of the row layers and after pooling.</summary>
    public TMatrix[] Tangents { get; }

    /// <inheritdoc cref="Tangents"/>
    public TMatrix[] PooledTangents { get; }

    /// <summary>Puts dL/d(row) into the rows of its image, [samples × row width · rows]; rows that are shared are left.</summary>
    public void CopyInputGradient(TMatrix gradient)
    {
        int width = Images.Input.Columns;
        for (int row = 0; row < Images.Rows; row++)
        {
            for (int k = 0; k < width && Images.Sample[row] >= 0; k++)
            {
                gradient[Images.Sample[row], width * Images.ImageRow[row] + k] = InputGradient[row, k];
            }
        }
    }

    private static TMatrix[] Make(int rows, int[] widths) => [.. widths.Select(w => TMatrix.Create(rows, w))];
}

/// <summary>Scores images: layers within rows, means over the rows of each element, three more layers. The score is the mean of the outputs.</summary>
/// <remarks>No normalisation, so rows of different images never meet and the penalty has a closed form: <c>docs/methods/crystal-gan.md</c>.</remarks>
/// <typeparam name="TMatrix">Matrices of the precision at hand.</typeparam>
internal sealed class CriticNetwork<TMatrix> : RowNetwork<TMatrix>
    where TMatrix : class, IRowMatrix<TMatrix>
{
    private const double Slope = 0.2;

    private readonly RowLayer<TMatrix>[] _c;
    private readonly RowLayer<TMatrix>[] _l;

    /// <summary>A network with all parameters zero.</summary>
    public CriticNetwork(ILayerKernels<TMatrix> kernels, CrystalGanShape shape, CrystalGanWidths widths, int rowWidth = 3)
        : base(kernels, MakePlan(shape, widths, rowWidth))
    {
        (Shape, Widths) = (shape, widths);
        _c = [Layer("c1"), Layer("c2"), Layer("c3")];
        _l = [Layer("l1"), Layer("l2"), Layer("l3")];
    }

    /// <summary>Elements' caps.</summary>
    public CrystalGanShape Shape { get; }

    /// <summary>Layer widths.</summary>
    public CrystalGanWidths Widths { get; }

    /// <summary>Outputs of the batch in <see cref="CriticWork{TMatrix}.Images"/>.</summary>
    public void Forward(CriticWork<TMatrix> work)
    {
        var images = work.Images;
        int rows = images.Rows, samples = images.Samples;
        _c[0].Rectified(images.Input, rows, Slope, work.H[0]);
        _c[1].Rectified(work.H[0], rows, Slope, work.H[1]);
        _c[2].Rectified(work.H[1], rows, Slope, work.H[2]);
        Kernels.Pool(work.H[2], images.Groups, work.P[0]);
        _l[0].Rectified(work.P[0], samples, Slope, work.P[1]);
        _l[1].Rectified(work.P[1], samples, Slope, work.P[2]);
        _l[2].Linear(work.P[2], samples, work.Output);
    }

    /// <summary>Mean score of some samples.</summary>
    public double MeanScore(CriticWork<TMatrix> work, int first, int count)
    {
        double sum = 0;
        for (int s = first; s < first + count; s++)
        {
            for (int j = 0; j < Widths.CriticOutputs; j++)
            {
                sum += work.Output[s, j];
            }
        }

        return sum / (count * Widths.CriticOutputs);
    }

    /// <summary>Writes one value into the seeds of some samples.</summary>
    public void Seed(CriticWork<TMatrix> work, int first, int count, double value)
    {
        for (int s = first; s < first + count; s++)
        {
            for (int j = 0; j < Widths.CriticOutputs; j++)
            {
                work.Seed[s, j] = value;
            }
        }
    }

    /// <summary>Chain rule from the seeds down to the first row layer.</summary>
    public void Adjoint(CriticWork<TMatrix> work)
    {
        int rows = work.Images.Rows, samples = work.Images.Samples;
        _l[2].Adjoint(work.Seed, samples, work.P[2], Slope, work.A[2]);
        _l[1].Adjoint(work.A[2], samples, work.P[1], Slope, work.A[1]);
        _l[0].Adjoint(work.A[1], samples, work.A[0]);
        Kernels.Unpool(work.A[0], work.H[2], work.Images.Groups, Slope, work.U[2]);
        _c[2].Adjoint(work.U[2], rows, work.H[1], Slope, work.U[1]);
        _c[1].Adjoint(work.U[1], rows, work.H[0], Slope, work.U[0]);
    }

    /// <summary>dL/d(row) after <see cref="Adjoint"/>.</summary>
    public void InputGradient(CriticWork<TMatrix> work) => _c[0].Adjoint(work.U[0], work.Images.Rows, work.InputGradient);

    /// <summary>Gradients of all parameters after <see cref="Forward"/> and <see cref="Adjoint"/>.</summary>
    public void ParameterGradient(CriticWork<TMatrix> work)
    {
        int rows = work.Images.Rows, samples = work.Images.Samples;
        _c[0].Gradient(work.Images.Input, work.U[0], rows);
        _c[1].Gradient(work.H[0], work.U[1], rows);
        _c[2].Gradient(work.H[1], work.U[2], rows);
        _l[0].Gradient(work.P[0], work.A[1], samples);
        _l[1].Gradient(work.P[1], work.A[2], samples);
        _l[2].Gradient(work.P[2], work.Seed, samples);
    }

    /// <summary>Adds the gradient of weight · mean (|d(sum of outputs)/d(image)| - 1)² to the parameters' gradients.</summary>
    /// <param name="work">Its images are the mixed ones, none shared.</param>
    /// <param name="weight">Published: 10.</param>
    /// <returns>The weighted penalty and the mean norm.</returns>
    /// <remarks>Biases do not occur in the slope, so their gradients are zero. Source: Gulrajani et al. 2017, eq. 3; closed form: <c>docs/methods/crystal-gan.md</c>.</remarks>
    public (double Penalty, double MeanNorm) AddPenaltyGradient(CriticWork<TMatrix> work, double weight)
    {
        int rows = work.Images.Rows, samples = work.Images.Samples;
        Forward(work);
        Seed(work, 0, samples, 1);
        Adjoint(work);
        InputGradient(work);
        var means = PenaltySeeds(work, weight);
        var r = work.InputGradient;
        for (int i = 0; i < 3; i++)
        {
            _c[i].Gradient(r, work.U[i], rows, bias: false, add: true);
            _c[i].Tangent(r, rows, work.H[i], Slope, work.Tangents[i]);
            r = work.Tangents[i];
        }

        Kernels.Pool(r, work.Images.Groups, work.PooledTangents[0]);
        r = work.PooledTangents[0];
        for (int i = 0; i < 2; i++)
        {
            _l[i].Gradient(r, work.A[i + 1], samples, bias: false, add: true);
            _l[i].Tangent(r, samples, work.P[i + 1], Slope, work.PooledTangents[i + 1]);
            r = work.PooledTangents[i + 1];
        }

        _l[2].Gradient(r, work.Seed, samples, bias: false, add: true);
        return means;
    }

    /// <summary>Each image's gradient G becomes (2 weight / samples)(1 - 1/|G|) G.</summary>
    private static (double Penalty, double MeanNorm) PenaltySeeds(CriticWork<TMatrix> work, double weight)
    {
        var images = work.Images;
        Array.Clear(work.Norms);
        for (int row = 0; row < images.Rows; row++)
        {
            for (int k = 0; k < work.InputGradient.Columns; k++)
            {
                double g = work.InputGradient[row, k];
                work.Norms[images.Sample[row]] += g * g;
            }
        }

        double penalty = 0, mean = 0;
        for (int s = 0; s < images.Samples; s++)
        {
            double norm = work.Norms[s] = Math.Sqrt(work.Norms[s]);
            penalty += weight * (norm - 1) * (norm - 1) / images.Samples;
            mean += norm / images.Samples;
        }

        for (int row = 0; row < images.Rows; row++)
        {
            double norm = work.Norms[images.Sample[row]], factor = norm > 0 ? 2 * weight / images.Samples * (1 - 1 / norm) : 0;
            for (int k = 0; k < work.InputGradient.Columns; k++)
            {
                work.InputGradient[row, k] *= factor;
            }
        }

        return (penalty, mean);
    }

    private static TensorPlan MakePlan(CrystalGanShape shape, CrystalGanWidths widths, int rowWidth)
    {
        int width3 = TensorPlan.Pad(widths.Critic3), hidden1 = TensorPlan.Pad(widths.CriticHidden1), hidden2 = TensorPlan.Pad(widths.CriticHidden2);
        var plan = new TensorPlan();
        plan.FirstConvolution("c1", widths.Critic1, rowWidth);
        plan.Convolution("c2", widths.Critic1, widths.Critic2, TensorPlan.Pad(widths.Critic2));
        plan.Convolution("c3", widths.Critic2, widths.Critic3, width3);
        plan.Linear("l1", widths.Critic3 * shape.Slots, widths.CriticHidden1, shape.Slots * width3, hidden1, input: i => i % shape.Slots * width3 + i / shape.Slots);
        plan.Linear("l2", widths.CriticHidden1, widths.CriticHidden2, hidden1, hidden2);
        plan.Linear("l3", widths.CriticHidden2, widths.CriticOutputs, hidden2, widths.CriticOutputs);
        return plan;
    }
}

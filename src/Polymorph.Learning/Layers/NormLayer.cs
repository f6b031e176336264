namespace Polymorph.Learning.Layers;

/// <summary>Batch normalisation over rows with a rectifier: h = rectifier(γ (z + b - mean) / sqrt(variance + ε) + β).</summary>
/// <remarks>z comes without the bias b of the layer before: it cancels in training and only shifts the running mean, so its gradient is exactly zero.
/// Running variances are unbiased. Source: Ioffe and Szegedy 2015, arXiv:1502.03167; backward: <c>docs/methods/crystal-gan.md</c>.</remarks>
/// <typeparam name="TMatrix">Matrices of the precision at hand.</typeparam>
internal sealed class NormLayer<TMatrix>
    where TMatrix : class, IRowMatrix<TMatrix>
{
    private const double Momentum = 0.1;

    private readonly ILayerKernels<TMatrix> _kernels;
    private readonly double _epsilon;
    private readonly double _slope;
    private readonly int _width;
    private readonly TMatrix _bias;
    private readonly TMatrix _gamma;
    private readonly TMatrix _beta;
    private readonly TMatrix _gammaGradient;
    private readonly TMatrix _betaGradient;
    private readonly TMatrix _mean;
    private readonly TMatrix _variance;
    private readonly TMatrix _scale;
    private readonly TMatrix _shift;
    private readonly TMatrix _sums;
    private readonly TMatrix _coefficients;

    /// <summary>The normalisation whose parameters are called name.weight and name.bias.</summary>
    public NormLayer(ILayerKernels<TMatrix> kernels, ParameterBlock<TMatrix> block, string name, TMatrix bias, double epsilon, double slope)
    {
        (_kernels, _bias, _epsilon, _slope) = (kernels, bias, epsilon, slope);
        (_gamma, _gammaGradient) = (block.Value($"{name}.weight"), block.Gradient($"{name}.weight"));
        (_beta, _betaGradient) = (block.Value($"{name}.bias"), block.Gradient($"{name}.bias"));
        _width = _gamma.Columns;
        (_mean, _variance, _scale, _shift) = (Row(1), Row(1), Row(1), Row(1));
        (_sums, _coefficients) = (Row(2), Row(3));
        (RunningMean, RunningVariance) = (Row(1), Row(1));
        for (int j = 0; j < _width; j++)
        {
            RunningVariance[0, j] = 1;
        }

        TMatrix Row(int rows) => TMatrix.Create(rows, _width);
    }

    /// <summary>[1 × width].</summary>
    public TMatrix RunningMean { get; }

    /// <summary>[1 × width], unbiased.</summary>
    public TMatrix RunningVariance { get; }

    /// <summary>Factor of z, [1 × width], as the last pass used it.</summary>
    public TMatrix Scale => _scale;

    /// <summary>What is added to the product, [1 × width].</summary>
    public TMatrix Shift => _shift;

    /// <summary>h from z, with the statistics of these rows in training, else with the running ones.</summary>
    public void Forward(TMatrix z, int rows, TMatrix h, bool training)
    {
        if (training)
        {
            UseStatisticsOf(z, rows);
        }
        else
        {
            UseRunningStatistics();
        }

        _kernels.Normalise(z, rows, _scale, _shift, _slope, h);
    }

    /// <summary>Sets scale and shift by the statistics of these rows, which also move the running ones.</summary>
    public void UseStatisticsOf(TMatrix z, int rows)
    {
        _kernels.Moments(z, rows, _mean, _variance);
        double unbiased = rows > 1 ? rows / (rows - 1.0) : 1;
        for (int j = 0; j < _width; j++)
        {
            double mean = _mean[0, j], variance = _variance[0, j];
            double scale = _gamma[0, j] / Math.Sqrt(variance + _epsilon);
            _scale[0, j] = scale;
            _shift[0, j] = _beta[0, j] - mean * scale;
            RunningMean[0, j] = (1 - Momentum) * RunningMean[0, j] + Momentum * (mean + _bias[0, j]);
            RunningVariance[0, j] = (1 - Momentum) * RunningVariance[0, j] + Momentum * variance * unbiased;
        }
    }

    /// <summary>Sets scale and shift by the running statistics.</summary>
    public void UseRunningStatistics()
    {
        for (int j = 0; j < _width; j++)
        {
            double scale = _gamma[0, j] / Math.Sqrt(RunningVariance[0, j] + _epsilon);
            _scale[0, j] = scale;
            _shift[0, j] = _beta[0, j] + (_bias[0, j] - RunningMean[0, j]) * scale;
        }
    }

    /// <summary>dL/dh becomes dL/dz in place, after a training pass of the same rows; the parameters' gradients are set.</summary>
    public void Adjoint(TMatrix dh, TMatrix z, int rows, bool add = false)
    {
        _kernels.NormaliseSums(dh, z, rows, _scale, _shift, _mean, _slope, _sums);
        for (int j = 0; j < _width; j++)
        {
            double inverse = 1 / Math.Sqrt(_variance[0, j] + _epsilon), gamma = _gamma[0, j], sum = _sums[0, j], product = _sums[1, j];
            _betaGradient[0, j] = sum + (add ? _betaGradient[0, j] : 0);
            _gammaGradient[0, j] = product * inverse + (add ? _gammaGradient[0, j] : 0);
            _coefficients[0, j] = gamma * inverse;
            _coefficients[1, j] = -gamma * inverse * inverse * inverse * product / rows;
            _coefficients[2, j] = -gamma * inverse * sum / rows;
        }

        _kernels.NormaliseAdjoint(dh, z, rows, _mean, _coefficients);
    }
}

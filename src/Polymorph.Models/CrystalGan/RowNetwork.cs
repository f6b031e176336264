using Polymorph.Learning;
using Polymorph.Learning.Layers;

namespace Polymorph.Models.CrystalGan;

/// <summary>What the three networks have in common: parameters by their published names, initial values, running statistics.</summary>
/// <typeparam name="TMatrix">Matrices of the precision at hand.</typeparam>
internal abstract class RowNetwork<TMatrix>
    where TMatrix : class, IRowMatrix<TMatrix>
{
    private readonly List<RowLayer<TMatrix>> _layers = [];
    private readonly Dictionary<string, NormLayer<TMatrix>> _norms = [];

    protected RowNetwork(ILayerKernels<TMatrix> kernels, TensorPlan plan)
    {
        (Kernels, Plan) = (kernels, plan);
        Block = new ParameterBlock<TMatrix>(plan.Shapes);
    }

    /// <summary>Parameters and gradients.</summary>
    public ParameterBlock<TMatrix> Block { get; }

    /// <summary>The parameters as files have them.</summary>
    public TensorPlan Plan { get; }

    protected ILayerKernels<TMatrix> Kernels { get; }

    /// <summary>To be called whenever parameters changed.</summary>
    public void ParametersChanged()
    {
        foreach (var layer in _layers)
        {
            layer.ParametersChanged();
        }
    }

    /// <summary>Xavier's uniform weights, zero biases, normalisations of scale 1 and shift 0.</summary>
    /// <param name="random">Source of the weights; tensor k reads step k.</param>
    /// <remarks>Source: Glorot and Bengio 2010.</remarks>
    public void Initialise(CounterRandom random)
    {
        Block.Values.Clear();
        for (int k = 0; k < Plan.Tensors.Count; k++)
        {
            var tensor = Plan.Tensors[k];
            var values = Block.Value(tensor.Name);
            bool weights = tensor.Shape.Length > 1, scale = !weights && tensor.Name.EndsWith(".weight", StringComparison.Ordinal);
            double bound = weights ? Math.Sqrt(6.0 / tensor.Fans) : 0;
            var sequence = random.Sequence((uint)k);
            for (int t = 0; t < tensor.Length; t++)
            {
                var (row, column) = tensor.Place(t);
                values[row, column] = weights ? bound * (2 * sequence.NextDouble() - 1) : scale ? 1 : 0;
            }
        }

        ParametersChanged();
    }

    /// <summary>All numbers that are not gradients or optimiser state: name, shape, matrix and place.</summary>
    public IEnumerable<(PlacedTensor Tensor, TMatrix Matrix)> State()
    {
        foreach (var tensor in Plan.Tensors)
        {
            yield return (tensor, Block.Value(tensor.Name));
        }

        foreach (var (name, width, column) in Plan.Norms)
        {
            Func<int, (int, int)> place = t => (0, column?.Invoke(t) ?? t);
            yield return (new PlacedTensor($"{name}.running_mean", [width], place), _norms[name].RunningMean);
            yield return (new PlacedTensor($"{name}.running_var", [width], place), _norms[name].RunningVariance);
        }
    }

    /// <summary>Writes a parameter or running statistic given in the file's layout; <see cref="ParametersChanged"/> must follow.</summary>
    public void Load(string name, IReadOnlyList<double> values)
    {
        var (tensor, matrix) = State().First(s => s.Tensor.Name == name);
        if (values.Count != tensor.Length)
        {
            throw new ArgumentException($"'{name}' has {tensor.Length} numbers, {values.Count} came");
        }

        Write(tensor, matrix, values);
    }

    /// <summary>Writes a matrix from values in the file's layout.</summary>
    public static void Write(PlacedTensor tensor, TMatrix matrix, IReadOnlyList<double> values)
    {
        for (int t = 0; t < tensor.Length; t++)
        {
            var (row, column) = tensor.Place(t);
            matrix[row, column] = values[t];
        }
    }

    /// <summary>A matrix of the parameters' layout in the file's.</summary>
    public static double[] Read(PlacedTensor tensor, TMatrix matrix)
    {
        var values = new double[tensor.Length];
        for (int t = 0; t < values.Length; t++)
        {
            var (row, column) = tensor.Place(t);
            values[t] = matrix[row, column];
        }

        return values;
    }

    protected RowLayer<TMatrix> Layer(string name)
    {
        var layer = new RowLayer<TMatrix>(Kernels, Block, name);
        _layers.Add(layer);
        return layer;
    }

    protected NormLayer<TMatrix> Norm(string name, RowLayer<TMatrix> before, double epsilon, double slope) => Norm(name, before.Bias, epsilon, slope);

    protected NormLayer<TMatrix> Norm(string name, TMatrix bias, double epsilon, double slope)
    {
        var norm = new NormLayer<TMatrix>(Kernels, Block, name, bias, epsilon, slope);
        _norms.Add(name, norm);
        return norm;
    }
}

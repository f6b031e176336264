using Polymorph.Learning;
using Polymorph.Learning.Layers;
using Polymorph.Models.CrystalGan;
using Polymorph.Representations.CrystalGraphs;
using Polymorph.Structures;

namespace Polymorph.Models.Cgcnn;

/// <summary>The network: embedding of elements, convolutions, mean over the atoms of a crystal, hidden layers, output.</summary>
/// <remarks>Source: T. Xie and J. C. Grossman, Phys. Rev. Lett. 120, 145301 (2018) and its public code, whose softplus before the first hidden layer is kept.</remarks>
/// <typeparam name="TMatrix">Matrices of the precision at hand.</typeparam>
internal sealed class CgcnnNetwork<TMatrix> : RowNetwork<TMatrix>
    where TMatrix : class, IRowMatrix<TMatrix>
{
    private const double NormEpsilon = 1e-5;
    private const double DropProbability = 0.5;

    private readonly IGraphKernels<TMatrix> _graphKernels;
    private readonly TMatrix _features;
    private readonly TMatrix _table;
    private readonly TMatrix _tableGradient;
    private readonly RowLayer<TMatrix> _embedding;
    private readonly GraphConvolution<TMatrix>[] _convolutions;
    private readonly RowLayer<TMatrix>[] _hidden;
    private readonly RowLayer<TMatrix> _output;
    private readonly TMatrix[] _states;
    private readonly TMatrix[] _activations;
    private ConvolutionWorkspace<TMatrix> _work;
    private TMatrix _gradient;
    private TMatrix _pooled;
    private TMatrix _crystalGradient;
    private TMatrix _hiddenGradient;
    private TMatrix _drop;
    private int _atoms;
    private int _edges;
    private int _crystals;
    private bool _tableIsOld = true;

    /// <summary>A network with all parameters zero.</summary>
    public CgcnnNetwork(ILayerKernels<TMatrix> kernels, IGraphKernels<TMatrix> graphKernels, CgcnnOptions options, int? edgeFeatures = null)
        : base(kernels, MakePlan(options, edgeFeatures ?? options.Graph.Centres))
    {
        (_graphKernels, Options) = (graphKernels, options);
        _features = TMatrix.Create(AtomFeatures.Elements, AtomFeatures.Count);
        for (int e = 0; e < AtomFeatures.Elements; e++)
        {
            foreach (int place in AtomFeatures.Of(new Element(e + 1)))
            {
                _features[e, place] = 1;
            }
        }

        (_table, _tableGradient) = (TMatrix.Create(AtomFeatures.Elements, options.AtomFeatures), TMatrix.Create(AtomFeatures.Elements, options.AtomFeatures));
        _embedding = Layer("embedding");
        var none = TMatrix.Create(1, options.AtomFeatures);
        _convolutions = [.. Enumerable.Range(0, options.Convolutions).Select(i => new GraphConvolution<TMatrix>(kernels, graphKernels, Block.Value($"convs.{i}.fc_full.weight"), Block.Gradient($"convs.{i}.fc_full.weight"), options.AtomFeatures,
            Norm($"convs.{i}.bn1", Block.Value($"convs.{i}.fc_full.bias"), NormEpsilon, slope: 1), Norm($"convs.{i}.bn2", none, NormEpsilon, slope: 1)))];
        _hidden = [Layer("conv_to_fc"), .. Enumerable.Range(0, options.HiddenLayers - 1).Select(i => Layer($"fcs.{i}"))];
        _output = Layer("fc_out");
        _states = new TMatrix[options.Convolutions + 1];
        _activations = new TMatrix[options.HiddenLayers + 1];
        Outputs = _drop = _pooled = _gradient = _crystalGradient = _hiddenGradient = none;
        _work = new ConvolutionWorkspace<TMatrix>(none, none, none, none, none);
    }

    /// <summary>Form of the network.</summary>
    public CgcnnOptions Options { get; }

    /// <summary>Numbers of the last layer, [crystals × 1 or 2].</summary>
    public TMatrix Outputs { get; private set; }

    /// <summary>Atoms' numbers behind the embedding (0) and each convolution, [atoms × F], of the last pass.</summary>
    public TMatrix State(int convolution) => _states[convolution];

    /// <summary>Uniform weights and biases between ±1/√(inputs), normalisations of scale 1 and shift 0, as common frameworks begin.</summary>
    /// <param name="random">Source; tensor k reads step k.</param>
    public void InitialiseUniformly(CounterRandom random)
    {
        double bound = 0;
        for (int k = 0; k < Plan.Tensors.Count; k++)
        {
            var tensor = Plan.Tensors[k];
            bool norm = tensor.Name.Contains(".bn", StringComparison.Ordinal);
            bound = tensor.Shape.Length > 1 ? 1 / Math.Sqrt(tensor.Shape[1]) : bound;
            var sequence = random.Sequence((uint)k);
            var values = new double[tensor.Length];
            for (int t = 0; t < values.Length; t++)
            {
                values[t] = norm ? tensor.Name.EndsWith(".weight", StringComparison.Ordinal) ? 1 : 0 : bound * (2 * sequence.NextDouble() - 1);
            }

            Write(tensor, Block.Value(tensor.Name), values);
        }

        Changed();
    }

    /// <summary>To be called whenever parameters changed.</summary>
    public void Changed()
    {
        ParametersChanged();
        foreach (var convolution in _convolutions)
        {
            convolution.ParametersChanged();
        }

        _tableIsOld = true;
    }

    /// <summary>A forward pass; <see cref="Outputs"/> are set.</summary>
    /// <param name="batch">Crystals.</param>
    /// <param name="training">True to normalise by this batch's statistics, and to drop numbers of a classifier.</param>
    /// <param name="drops">Which numbers to drop; read in training of a classifier.</param>
    public void Forward(GraphBatch batch, bool training, RandomSequence drops = default)
    {
        Embed(batch, training);
        for (int i = 0; i < _convolutions.Length; i++)
        {
            _convolutions[i].Forward(_states[i], batch, training, _work, _states[i + 1]);
        }

        Kernels.Pool(_states[^1], batch.Groups, _pooled);
        _graphKernels.Softplus(_pooled, null, batch.Crystals, _activations[0]);
        for (int i = 0; i < _hidden.Length; i++)
        {
            var next = _activations[i + 1];
            _hidden[i].Linear(_activations[i], batch.Crystals, next);
            _graphKernels.Softplus(next, null, batch.Crystals, next);
            if (i == 0 && training && Options.Task == CgcnnTask.Classification)
            {
                Drop(batch.Crystals, ref drops);
            }
        }

        _output.Linear(_activations[^1], batch.Crystals, Outputs);
    }

    /// <summary>The numbers of atoms given in place of an embedding; for one pass of a single convolution.</summary>
    public void ForwardFrom(TMatrix atoms, GraphBatch batch, bool training)
    {
        Resize(batch, training);
        _graphKernels.Copy(atoms, batch.Atoms, _states[0]);
        _convolutions[0].Forward(_states[0], batch, training, _work, _states[1]);
    }

    /// <summary>The backward pass of <see cref="ForwardFrom"/>: dL/dv' becomes dL/dv.</summary>
    public void BackwardFrom(TMatrix gradient, GraphBatch batch) => _convolutions[0].Backward(_states[0], _states[1], batch, _work, gradient);

    /// <summary>All gradients, after a training pass of the same crystals.</summary>
    /// <param name="batch">Crystals.</param>
    /// <param name="seeds">Gradient with respect to the outputs, [crystals × 1 or 2].</param>
    public void Backward(GraphBatch batch, TMatrix seeds)
    {
        int rows = batch.Crystals;
        _output.Gradient(_activations[^1], seeds, rows);
        _output.Adjoint(seeds, rows, _hiddenGradient);
        for (int i = _hidden.Length - 1; i >= 0; i--)
        {
            if (i == 0 && Options.Task == CgcnnTask.Classification)
            {
                UndoDrop(rows);
            }

            _graphKernels.SoftplusAdjoint(_activations[i + 1], rows, _hiddenGradient);
            _hidden[i].Gradient(_activations[i], _hiddenGradient, rows);
            if (i > 0)
            {
                // The activations above are done with and take the product.
                _hidden[i].Adjoint(_hiddenGradient, rows, _activations[i + 1]);
                _graphKernels.Copy(_activations[i + 1], rows, _hiddenGradient);
            }
            else
            {
                _hidden[i].Adjoint(_hiddenGradient, rows, _crystalGradient);
            }
        }

        _graphKernels.SoftplusAdjoint(_activations[0], rows, _crystalGradient);
        Kernels.Unpool(_crystalGradient, _states[^1], batch.Groups, 1, _gradient);
        for (int i = _convolutions.Length - 1; i >= 0; i--)
        {
            _convolutions[i].Backward(_states[i], _states[i + 1], batch, _work, _gradient);
        }

        _graphKernels.Scatter(_gradient, batch, _tableGradient);
        _embedding.Gradient(_features, _tableGradient, AtomFeatures.Elements);
    }

    private void Embed(GraphBatch batch, bool training)
    {
        Resize(batch, training);
        if (_tableIsOld)
        {
            _embedding.Linear(_features, AtomFeatures.Elements, _table);
            _tableIsOld = false;
        }

        _graphKernels.Gather(_table, batch, _states[0]);
    }

    private void Drop(int rows, ref RandomSequence drops)
    {
        // What is kept is doubled, so that the mean stays.
        var h = _activations[1];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < h.Columns; j++)
            {
                _drop[i, j] = drops.NextDouble() < DropProbability ? 0 : 1 / (1 - DropProbability);
                h[i, j] *= _drop[i, j];
            }
        }
    }

    private void UndoDrop(int rows)
    {
        var h = _activations[1];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < h.Columns; j++)
            {
                // A dropped activation no longer tells its slope, and its gradient is zero anyway.
                _hiddenGradient[i, j] *= _drop[i, j];
                h[i, j] = _drop[i, j] > 0 ? h[i, j] / _drop[i, j] : 0;
            }
        }
    }

    private void Resize(GraphBatch batch, bool training)
    {
        int f = Options.AtomFeatures, h = Options.HiddenFeatures;
        if (batch.Atoms > _atoms || (training && batch.Edges > _edges))
        {
            (_atoms, _edges) = (Math.Max(_atoms, batch.Atoms), training ? Math.Max(_edges, batch.Edges) : Math.Max(1, _edges));
            int wide = Block.Value("convs.0.fc_full.weight").Columns;
            _work = new ConvolutionWorkspace<TMatrix>(TMatrix.Create(_atoms, wide), TMatrix.Create(_atoms, wide), TMatrix.Create(_atoms, f), TMatrix.Create(_edges, wide), TMatrix.Create(_atoms, f));
            _gradient = TMatrix.Create(_atoms, f);
            for (int i = 0; i < _states.Length; i++)
            {
                _states[i] = TMatrix.Create(_atoms, f);
            }

            foreach (var convolution in _convolutions)
            {
                convolution.Resize(_atoms, _edges);
            }
        }

        if (batch.Crystals > _crystals)
        {
            _crystals = batch.Crystals;
            (_pooled, _crystalGradient) = (TMatrix.Create(_crystals, f), TMatrix.Create(_crystals, f));
            (_hiddenGradient, _drop) = (TMatrix.Create(_crystals, h), TMatrix.Create(_crystals, h));
            Outputs = TMatrix.Create(_crystals, Options.Outputs);
            for (int i = 0; i < _activations.Length; i++)
            {
                _activations[i] = TMatrix.Create(_crystals, i == 0 ? f : h);
            }
        }
    }

    private static TensorPlan MakePlan(CgcnnOptions options, int edgeFeatures)
    {
        var plan = new TensorPlan();
        int f = options.AtomFeatures, h = options.HiddenFeatures, half = TensorPlan.Pad(f);
        plan.Linear("embedding", Representations.CrystalGraphs.AtomFeatures.Count, f, Representations.CrystalGraphs.AtomFeatures.Count, f);
        for (int i = 0; i < options.Convolutions; i++)
        {
            // Gate and core each start a cache line of their own.
            plan.Linear($"convs.{i}.fc_full", 2 * f + edgeFeatures, 2 * f, 2 * f + edgeFeatures, 2 * half, output: Column);
            plan.Norm($"convs.{i}.bn1", 2 * f, 2 * half, Column);
            plan.Norm($"convs.{i}.bn2", f, f);
        }

        plan.Linear("conv_to_fc", f, h, f, h);
        for (int i = 0; i < options.HiddenLayers - 1; i++)
        {
            plan.Linear($"fcs.{i}", h, h, h, h);
        }

        plan.Linear("fc_out", h, options.Outputs, h, options.Outputs);
        return plan;

        int Column(int channel) => channel < f ? channel : half + channel - f;
    }
}

/// <summary>Stochastic gradient descent with momentum: b = μ b + g; p -= rate · b.</summary>
/// <typeparam name="TMatrix">Matrices of the precision at hand.</typeparam>
internal sealed class BlockMomentum<TMatrix>(IGraphKernels<TMatrix> kernels, ParameterBlock<TMatrix> block, double momentum)
    where TMatrix : class, IRowMatrix<TMatrix>
{
    /// <summary>b.</summary>
    public TMatrix Buffer { get; } = TMatrix.Create(1, block.Values.Columns);

    /// <summary>One update with the present gradients.</summary>
    public void Step(double rate) => kernels.Momentum(block.Values, block.Gradients, Buffer, rate, momentum);
}

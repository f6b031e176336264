using System.Collections.Immutable;
using Polymorph.Learning.Layers;

namespace Polymorph.Models.CrystalGan;

/// <summary>The three networks, their losses and their optimisers: what one iteration computes, without what it draws.</summary>
/// <typeparam name="TMatrix">Matrices of the precision at hand.</typeparam>
internal sealed class CrystalGanNetworks<TMatrix>
    where TMatrix : class, IRowMatrix<TMatrix>
{
    private const double Beta1 = 0.5;
    private const double Beta2 = 0.999;

    private readonly CrystalGanShape _shape;
    private readonly CrystalGanOptions _options;
    private readonly CrystalGanLosses _losses;
    private readonly EnvironmentFeatures<TMatrix>? _environments;
    private readonly CriticWork<TMatrix> _scores;
    private readonly CriticWork<TMatrix> _slopes;
    private readonly TMatrix _mixed;
    private readonly TMatrix _realFeatures;
    private readonly TMatrix _fakeFeatures;
    private readonly TMatrix _featureGradient;
    private readonly TMatrix _imageGradient;
    private readonly TMatrix _headGradient;
    private readonly TMatrix _cellGradient;

    /// <summary>Networks with all parameters zero.</summary>
    public CrystalGanNetworks(ILayerKernels<TMatrix> kernels, CrystalGanShape shape, CrystalGanOptions options, int batch, int threads = 1)
    {
        var widths = options.Widths;
        (_shape, _options, _losses) = (shape, options, options.Losses);
        _environments = options.Environments ? new EnvironmentFeatures<TMatrix>(shape, threads) : null;
        int rowWidth = _environments?.RowWidth ?? 3;
        Generator = new GeneratorNetwork<TMatrix>(kernels, shape, widths, batch);
        Critic = new CriticNetwork<TMatrix>(kernels, shape, widths, rowWidth);
        Classifier = new ClassifierNetwork<TMatrix>(kernels, shape, widths, batch);
        GeneratorOptimiser = new BlockAdam<TMatrix>(kernels, Generator.Block, Beta1, Beta2);
        CriticOptimiser = new BlockAdam<TMatrix>(kernels, Critic.Block, Beta1, Beta2);
        ClassifierOptimiser = new BlockAdam<TMatrix>(kernels, Classifier.Block, Beta1, Beta2);
        Stability = _environments is null ? null : new StabilityNetwork<TMatrix>(kernels, shape, widths, batch, rowWidth);
        _scores = new CriticWork<TMatrix>(shape, widths, 2 * batch, share: true, tangents: false, rowWidth);
        _slopes = new CriticWork<TMatrix>(shape, widths, batch, share: false, tangents: true, rowWidth);
        Fake = TMatrix.Create(batch, shape.ImageLength);
        _mixed = TMatrix.Create(batch, rowWidth * shape.Rows);
        _realFeatures = TMatrix.Create(batch, rowWidth * shape.Rows);
        _fakeFeatures = TMatrix.Create(batch, rowWidth * shape.Rows);
        _featureGradient = TMatrix.Create(batch, rowWidth * shape.Rows);
        Distances = new DistanceTerm(shape);
        _imageGradient = TMatrix.Create(batch, shape.ImageLength);
        _headGradient = TMatrix.Create(batch, 3 * shape.Atoms);
        _cellGradient = TMatrix.Create(batch, 6);
    }

    public GeneratorNetwork<TMatrix> Generator { get; }

    public CriticNetwork<TMatrix> Critic { get; }

    public ClassifierNetwork<TMatrix> Classifier { get; }

    public BlockAdam<TMatrix> GeneratorOptimiser { get; }

    public BlockAdam<TMatrix> CriticOptimiser { get; }

    public BlockAdam<TMatrix> ClassifierOptimiser { get; }

    /// <summary>Predicts energies above the hull; null where the critic reads no environments.</summary>
    public StabilityNetwork<TMatrix>? Stability { get; }

    /// <summary>Generated images of the last <see cref="Generate"/>, [batch × 3 rows].</summary>
    public TMatrix Fake { get; }

    /// <summary>The distance term of the generator.</summary>
    public DistanceTerm Distances { get; }

    /// <summary>Mean distance cost of the last generator update, without its weight.</summary>
    public double DistanceCost { get; private set; }

    /// <summary>Norms of the critic's slope at the mixed images.</summary>
    public double[] SlopeNorms => _slopes.Norms;

    /// <summary>Images of the batch's latents and conditions.</summary>
    public void Generate(CrystalGanBatch<TMatrix> batch, bool training)
    {
        var mask = _options.Masked ? batch.Mask : null;
        Generator.Forward(batch.GeneratorInput, batch.Size, training, mask);
        ImageHead.Forward(Generator, Fake, batch.Size, _options.Periodic, mask);
    }

    /// <summary>Gradients of the classifier on the noised real images.</summary>
    /// <returns>Sums over elements of the plain atom and count terms.</returns>
    public (double Atom, double Count) ClassifierGradient(CrystalGanBatch<TMatrix> batch)
    {
        Classifier.Forward(batch.Noised, batch.Size, training: true);
        var losses = ClassifierSeeds(batch, batch.RealAtoms, batch.RealCounts, 1, _losses.RealCount);
        Classifier.Backward(batch.Size);
        return losses;
    }

    /// <summary>Gradients of the critic on the batch's real images and the last generated ones, without the penalty.</summary>
    /// <returns>Mean scores of the real and of the generated images.</returns>
    public (double Real, double Fake) CriticGradient(CrystalGanBatch<TMatrix> batch)
    {
        int size = batch.Size;
        _scores.Images.Begin();
        _scores.Images.Add(Features(batch.Real, size, _realFeatures), size);
        _scores.Images.Add(Features(Fake, size, _fakeFeatures), size);
        _scores.Images.End();
        Critic.Forward(_scores);
        double share = 1.0 / (size * Critic.Widths.CriticOutputs);
        Critic.Seed(_scores, 0, size, -share);
        Critic.Seed(_scores, size, size, share);
        Critic.Adjoint(_scores);
        Critic.ParameterGradient(_scores);
        return (Critic.MeanScore(_scores, 0, size), Critic.MeanScore(_scores, size, size));
    }

    /// <summary>Adds the penalty's gradients, on the images of the last <see cref="CriticGradient"/>.</summary>
    /// <returns>The weighted penalty and the mean norm of the slope.</returns>
    public (double Penalty, double MeanNorm) AddPenaltyGradient(CrystalGanBatch<TMatrix> batch)
    {
        TMatrix real = _environments is null ? batch.Real : _realFeatures, fake = _environments is null ? Fake : _fakeFeatures;
        for (int s = 0; s < batch.Size; s++)
        {
            double a = batch.Mix[s];
            for (int i = 0; i < _mixed.Columns; i++)
            {
                _mixed[s, i] = a * real[s, i] + (1 - a) * fake[s, i];
            }
        }

        _slopes.Images.Begin();
        _slopes.Images.Add(_mixed, batch.Size);
        _slopes.Images.End();
        return Critic.AddPenaltyGradient(_slopes, _losses.Penalty);
    }

    /// <summary>Generates, and computes the gradients of the generator and of the classifier on what was generated.</summary>
    /// <returns>The mean score, and sums over elements of the plain atom and count terms.</returns>
    public (double Score, double Atom, double Count) GeneratorGradient(CrystalGanBatch<TMatrix> batch)
    {
        int size = batch.Size;
        Generate(batch, training: true);
        _imageGradient.Clear();
        double score = AddCriticGradient(size);
        var (atom, count) = _options.Masked ? (0, 0) : AddClassifierGradient(batch);
        if (_options.DistanceWeight > 0)
        {
            DistanceCost = Distances.Add(Fake, size, _options.DistanceWeight, _imageGradient) / _options.DistanceWeight;
        }

        var mask = _options.Masked ? batch.Mask : null;
        ImageHead.Backward(Fake, _imageGradient, size, _headGradient, _cellGradient, _options.Periodic, mask);
        Generator.Backward(batch.GeneratorInput, size, _headGradient, _cellGradient, mask);
        return (score, atom, count);
    }

    /// <summary>One step of the critic with the present gradients.</summary>
    public void StepCritic(double rate)
    {
        CriticOptimiser.Step(rate);
        Critic.ParametersChanged();
    }

    /// <summary>One step of the stability network, if there is one, on the images of the last <see cref="CriticGradient"/>.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="factor">What its step is multiplied by.</param>
    /// <returns>Its mean absolute error, eV/atom.</returns>
    public double StepStability(CrystalGanBatch<TMatrix> batch, double factor) => Stability?.Step(batch, _realFeatures, _fakeFeatures, factor) ?? 0;

    /// <summary>One step of the classifier.</summary>
    public void StepClassifier(double rate)
    {
        ClassifierOptimiser.Step(rate);
        Classifier.ParametersChanged();
    }

    /// <summary>One step of the generator.</summary>
    public void StepGenerator(double rate)
    {
        GeneratorOptimiser.Step(rate);
        Generator.ParametersChanged();
    }

    /// <summary>Mean score of the generated images; d(-score)/d(image) is added.</summary>
    private double AddCriticGradient(int size)
    {
        _slopes.Images.Begin();
        _slopes.Images.Add(Features(Fake, size, _fakeFeatures), size);
        _slopes.Images.End();
        Critic.Forward(_slopes);
        Critic.Seed(_slopes, 0, size, -1.0 / (size * Critic.Widths.CriticOutputs));
        Critic.Adjoint(_slopes);
        Critic.InputGradient(_slopes);
        _slopes.CopyInputGradient(_environments is null ? _imageGradient : _featureGradient);
        _environments?.Backward(Fake, _featureGradient, size, _imageGradient);
        return Critic.MeanScore(_slopes, 0, size);
    }

    private (double Atom, double Count) AddClassifierGradient(CrystalGanBatch<TMatrix> batch)
    {
        Classifier.Forward(Fake, batch.Size, training: true);
        var losses = ClassifierSeeds(batch, batch.WantedAtoms, batch.WantedCounts, _losses.FakeAtom, _losses.FakeCount);
        Classifier.Backward(batch.Size);
        foreach (var branch in Classifier.Branches)
        {
            branch.AddInputGradient(batch.Size, _imageGradient);
        }

        return losses;
    }

    /// <summary>What the critic reads of images: their environments, or they themselves.</summary>
    private TMatrix Features(TMatrix images, int size, TMatrix features)
    {
        _environments?.Forward(images, size, features);
        return _environments is null ? images : features;
    }

    private (double Atom, double Count) ClassifierSeeds(CrystalGanBatch<TMatrix> batch, ImmutableArray<int[]> atoms, ImmutableArray<int[]> counts, double atomWeight, double countWeight)
    {
        double atom = 0, count = 0;
        for (int e = 0; e < Classifier.Branches.Length; e++)
        {
            var branch = Classifier.Branches[e];
            atom += ClassifierLoss.CrossEntropy(branch.Logits, atoms[e].AsSpan(0, batch.Size * _shape.Caps[e]), _losses.DoubleSoftmax, atomWeight, branch.LogitSeed);
            count += ClassifierLoss.CrossEntropy(branch.Counts, counts[e].AsSpan(0, batch.Size), _losses.DoubleSoftmax, countWeight, branch.CountSeed);
        }

        return (atom, count);
    }
}

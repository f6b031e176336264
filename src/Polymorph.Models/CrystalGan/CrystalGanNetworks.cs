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
    private readonly CrystalGanLosses _losses;
    private readonly CriticWork<TMatrix> _scores;
    private readonly CriticWork<TMatrix> _slopes;
    private readonly TMatrix _mixed;
    private readonly TMatrix _imageGradient;
    private readonly TMatrix _headGradient;
    private readonly TMatrix _cellGradient;

    /// <summary>Networks with all parameters zero.</summary>
    public CrystalGanNetworks(ILayerKernels<TMatrix> kernels, CrystalGanShape shape, CrystalGanWidths widths, CrystalGanLosses losses, int batch)
    {
        (_shape, _losses) = (shape, losses);
        Generator = new GeneratorNetwork<TMatrix>(kernels, shape, widths, batch);
        Critic = new CriticNetwork<TMatrix>(kernels, shape, widths);
        Classifier = new ClassifierNetwork<TMatrix>(kernels, shape, widths, batch);
        GeneratorOptimiser = new BlockAdam<TMatrix>(kernels, Generator.Block, Beta1, Beta2);
        CriticOptimiser = new BlockAdam<TMatrix>(kernels, Critic.Block, Beta1, Beta2);
        ClassifierOptimiser = new BlockAdam<TMatrix>(kernels, Classifier.Block, Beta1, Beta2);
        _scores = new CriticWork<TMatrix>(shape, widths, 2 * batch, share: true, tangents: false);
        _slopes = new CriticWork<TMatrix>(shape, widths, batch, share: false, tangents: true);
        Fake = TMatrix.Create(batch, shape.ImageLength);
        _mixed = TMatrix.Create(batch, shape.ImageLength);
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

    /// <summary>Generated images of the last <see cref="Generate"/>, [batch × 3 rows].</summary>
    public TMatrix Fake { get; }

    /// <summary>Norms of the critic's slope at the mixed images.</summary>
    public double[] SlopeNorms => _slopes.Norms;

    /// <summary>Images of the batch's latents and conditions.</summary>
    public void Generate(CrystalGanBatch<TMatrix> batch, bool training)
    {
        Generator.Forward(batch.GeneratorInput, batch.Size, training);
        ImageHead.Forward(Generator, Fake, batch.Size);
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
        _scores.Images.Add(batch.Real, size);
        _scores.Images.Add(Fake, size);
        _scores.Images.End();
        Critic.Forward(_scores);
        double share = 1.0 / (size * Critic.Widths.CriticOutputs);
        Critic.Seed(_scores, 0, size, -share);
        Critic.Seed(_scores, size, size, share);
        Critic.Adjoint(_scores);
        Critic.ParameterGradient(_scores);
        return (Critic.MeanScore(_scores, 0, size), Critic.MeanScore(_scores, size, size));
    }

    /// <summary>Adds the penalty's gradients.</summary>
    /// <returns>The weighted penalty and the mean norm of the slope.</returns>
    public (double Penalty, double MeanNorm) AddPenaltyGradient(CrystalGanBatch<TMatrix> batch)
    {
        for (int s = 0; s < batch.Size; s++)
        {
            double a = batch.Mix[s];
            for (int i = 0; i < _shape.ImageLength; i++)
            {
                _mixed[s, i] = a * batch.Real[s, i] + (1 - a) * Fake[s, i];
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
        Classifier.Forward(Fake, size, training: true);
        var (atom, count) = ClassifierSeeds(batch, batch.WantedAtoms, batch.WantedCounts, _losses.FakeAtom, _losses.FakeCount);
        Classifier.Backward(size);
        foreach (var branch in Classifier.Branches)
        {
            branch.AddInputGradient(size, _imageGradient);
        }

        ImageHead.Backward(Fake, _imageGradient, size, _headGradient, _cellGradient);
        Generator.Backward(batch.GeneratorInput, size, _headGradient, _cellGradient);
        return (score, atom, count);
    }

    /// <summary>One step of the critic with the present gradients.</summary>
    public void StepCritic(double rate)
    {
        CriticOptimiser.Step(rate);
        Critic.ParametersChanged();
    }

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
        _slopes.Images.Add(Fake, size);
        _slopes.Images.End();
        Critic.Forward(_slopes);
        Critic.Seed(_slopes, 0, size, -1.0 / (size * Critic.Widths.CriticOutputs));
        Critic.Adjoint(_slopes);
        Critic.InputGradient(_slopes);
        var images = _slopes.Images;
        for (int row = 0; row < images.Rows; row++)
        {
            for (int k = 0; k < 3; k++)
            {
                _imageGradient[images.Sample[row], 3 * images.ImageRow[row] + k] += _slopes.InputGradient[row, k];
            }
        }

        return Critic.MeanScore(_slopes, 0, size);
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

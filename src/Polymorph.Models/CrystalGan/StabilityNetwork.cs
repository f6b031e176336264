using Polymorph.Learning.Layers;

namespace Polymorph.Models.CrystalGan;

/// <summary>Learns the energy above the hull of the training crystals from what the critic reads of them.</summary>
/// <remarks>A network of the critic's form whose mean output is the energy in units of <see cref="Unit"/>, trained on the mean squared error. It also sees slightly disturbed copies with the
/// energies of their originals, so that it tells of an imprecise crystal what it will be worth when relaxed.</remarks>
/// <typeparam name="TMatrix">Matrices of the precision at hand.</typeparam>
internal sealed class StabilityNetwork<TMatrix>
    where TMatrix : class, IRowMatrix<TMatrix>
{
    /// <summary>Unit of the outputs, eV/atom.</summary>
    public const double Unit = 0.1;

    // Adam's step in the first epoch.
    private const double Rate = 5e-4;

    // Crystals this unstable are all alike bad, eV/atom.
    private const double MostEnergy = 0.5;

    private const double Beta1 = 0.9;
    private const double Beta2 = 0.999;

    // Shifts of about 0.2 Å: a relaxation still takes the copy back to its original.
    private const double MostDisturbance = 0.25;

    private readonly CriticWork<TMatrix> _work;
    private readonly double[] _targets;

    /// <summary>A network with all parameters zero.</summary>
    public StabilityNetwork(ILayerKernels<TMatrix> kernels, CrystalGanShape shape, CrystalGanWidths widths, int batch, int rowWidth)
    {
        Network = new CriticNetwork<TMatrix>(kernels, shape, widths, rowWidth);
        Optimiser = new BlockAdam<TMatrix>(kernels, Network.Block, Beta1, Beta2);
        _targets = new double[2 * batch];
        _work = new CriticWork<TMatrix>(shape, widths, 2 * batch, share: true, tangents: false, rowWidth);
    }

    /// <summary>The network.</summary>
    public CriticNetwork<TMatrix> Network { get; }

    /// <summary>Its optimiser.</summary>
    public BlockAdam<TMatrix> Optimiser { get; }

    /// <summary>Gradients on the real images of known energy and on their slightly disturbed copies.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="real">What the critic reads of the real images.</param>
    /// <param name="fake">What it reads of the generated images, disturbed copies among them.</param>
    /// <returns>The mean squared loss, and the mean absolute error of the real images, eV/atom; 0 without such images.</returns>
    public (double Loss, double Error) Gradient(CrystalGanBatch<TMatrix> batch, TMatrix real, TMatrix fake)
    {
        int size = batch.Size, known = 0, used = 0;
        _work.Images.Begin();
        _work.Images.Add(real, size);
        _work.Images.Add(fake, size);
        _work.Images.End();
        Network.Forward(_work);
        for (int s = 0; s < size; s++)
        {
            bool copy = batch.Disturbance[s] is > 0 and <= MostDisturbance;
            double target = Math.Min(batch.Energy[s], MostEnergy) / Unit;
            (_targets[s], _targets[size + s]) = (target, copy ? target : double.NaN);
            (known, used) = double.IsNaN(target) ? (known, used) : (known + 1, used + (copy ? 2 : 1));
        }

        double loss = 0, error = 0;
        for (int s = 0; s < 2 * size; s++)
        {
            double off = double.IsNaN(_targets[s]) ? 0 : Network.MeanScore(_work, s, 1) - _targets[s];
            loss += off * off / Math.Max(1, used);
            error += s < size ? Unit * Math.Abs(off) / Math.Max(1, known) : 0;
            Network.Seed(_work, s, 1, 2 * off / (Math.Max(1, used) * Network.Widths.CriticOutputs));
        }

        Network.Adjoint(_work);
        Network.ParameterGradient(_work);
        return (loss, error);
    }

    /// <summary>One step.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="real">What the critic reads of the real images.</param>
    /// <param name="fake">What it reads of the generated images.</param>
    /// <param name="factor">What the rate of the first epoch is multiplied by.</param>
    /// <returns>The mean absolute error of the real images, eV/atom.</returns>
    public double Step(CrystalGanBatch<TMatrix> batch, TMatrix real, TMatrix fake, double factor)
    {
        double error = Gradient(batch, real, fake).Error;
        Optimiser.Step(factor * Rate);
        Network.ParametersChanged();
        return error;
    }
}

using System.Collections.Immutable;
using Polymorph.Learning;
using Polymorph.Learning.Layers;

namespace Polymorph.Models.CrystalGan;

/// <summary>How drawn crystals are refined before anybody sees them.</summary>
public sealed record CrystalRefinementOptions
{
    /// <summary>Steps of each draw.</summary>
    public int Steps { get; init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(Steps), value, "must not be negative"); }

    /// <summary>Distance below which a pair of elements is pushed apart, Å, [elements × elements].</summary>
    public required ImmutableArray<double> Distances { get; init; }

    /// <summary>Range to which the volume per atom is pulled, Å³.</summary>
    public required (double Smallest, double Largest) Volumes { get; init; }
}

/// <summary>Moves the atoms and cells of images uphill on the critic's score and out of each other's way, in steps that shrink and are blurred by noise.</summary>
/// <remarks>Minimises 10 · distance term - score by Adam's rule on the image's numbers. Images do not see each other.
/// The critic has learnt the way from disturbed crystals back to the crystals; noise keeps atoms from the first place that will do.</remarks>
/// <typeparam name="TMatrix">Matrices of the precision at hand.</typeparam>
internal sealed class CrystalRefinement<TMatrix>
    where TMatrix : class, IRowMatrix<TMatrix>
{
    private const double DistanceWeight = 10;
    private const double Beta1 = 0.8;
    private const double Beta2 = 0.95;
    private const double Epsilon = 1e-6;

    // Steps of a scaled coordinate: about 0.3 and 0.01 Å in a cell of 6 Å. The cell's numbers move a seventh as fast.
    private const double FirstStep = 0.03;
    private const double LastStep = 0.001;
    private const double CellShare = 0.15;

    private readonly CriticNetwork<TMatrix> _critic;
    private readonly EnvironmentFeatures<TMatrix> _environments;
    private readonly DistanceTerm _distances;
    private readonly CriticWork<TMatrix> _work;
    private readonly TMatrix _features;
    private readonly TMatrix _featureGradient;
    private readonly TMatrix _gradient;
    private readonly double[] _mean;
    private readonly double[] _square;

    /// <summary>A refinement of some images at once.</summary>
    /// <param name="critic">Reads environments.</param>
    /// <param name="environments">What it reads.</param>
    /// <param name="distances">The term of distances and volumes.</param>
    /// <param name="batch">Largest number of images.</param>
    public CrystalRefinement(CriticNetwork<TMatrix> critic, EnvironmentFeatures<TMatrix> environments, DistanceTerm distances, int batch)
    {
        (_critic, _environments, _distances) = (critic, environments, distances);
        var shape = critic.Shape;
        _work = new CriticWork<TMatrix>(shape, critic.Widths, batch, share: true, tangents: false, environments.RowWidth);
        _features = TMatrix.Create(batch, environments.RowWidth * shape.Rows);
        _featureGradient = TMatrix.Create(batch, environments.RowWidth * shape.Rows);
        _gradient = TMatrix.Create(batch, shape.ImageLength);
        (_mean, _square) = (new double[batch * shape.ImageLength], new double[batch * shape.ImageLength]);
    }

    /// <summary>Refines images in place.</summary>
    /// <param name="images">[batch × 3 rows].</param>
    /// <param name="batch">Images in use.</param>
    /// <param name="steps">Steps.</param>
    /// <param name="noise">The noise of each image.</param>
    public void Run(TMatrix images, int batch, int steps, Span<RandomSequence> noise)
    {
        Array.Clear(_mean);
        Array.Clear(_square);
        for (int step = 1; step <= steps; step++)
        {
            _gradient.Clear();
            AddScore(images, batch);
            _distances.Add(images, batch, DistanceWeight * batch, _gradient);
            double rate = FirstStep * Math.Pow(LastStep / FirstStep, (step - 1.0) / Math.Max(1, steps - 1));
            for (int s = 0; s < batch; s++)
            {
                Move(images, s, rate, step, ref noise[s]);
            }
        }
    }

    /// <summary>Predicted energies above the hull, eV/atom; infinite where an image is no crystal, so that nothing was read.</summary>
    /// <param name="network">The network of <see cref="StabilityNetwork{TMatrix}"/>.</param>
    /// <param name="images">[batch × 3 rows].</param>
    /// <param name="batch">Images in use.</param>
    /// <param name="energies">One number per image, overwritten.</param>
    public void Judge(CriticNetwork<TMatrix> network, TMatrix images, int batch, Span<double> energies)
    {
        Read(network, images, batch);
        for (int s = 0; s < batch; s++)
        {
            bool empty = true;
            for (int i = 0; empty && i < _features.Columns; i++)
            {
                empty = _features[s, i] == 0;
            }

            energies[s] = empty ? double.PositiveInfinity : StabilityNetwork<TMatrix>.Unit * network.MeanScore(_work, s, 1);
        }
    }

    private void Read(CriticNetwork<TMatrix> network, TMatrix images, int batch)
    {
        _environments.Forward(images, batch, _features);
        _work.Images.Begin();
        _work.Images.Add(_features, batch);
        _work.Images.End();
        network.Forward(_work);
    }

    private void AddScore(TMatrix images, int batch)
    {
        Read(_critic, images, batch);
        _critic.Seed(_work, 0, batch, -1.0 / _critic.Widths.CriticOutputs);
        _critic.Adjoint(_work);
        _critic.InputGradient(_work);
        _work.CopyInputGradient(_featureGradient);
        _environments.Backward(images, _featureGradient, batch, _gradient);
    }

    private void Move(TMatrix images, int s, double rate, int step, ref RandomSequence noise)
    {
        double meanShare = 1 - Math.Pow(Beta1, step), squareShare = 1 - Math.Pow(Beta2, step);
        int length = images.Columns;
        for (int i = 0; i < length; i++)
        {
            double value = images[s, i], g = _gradient[s, i];
            ref double mean = ref _mean[s * length + i], square = ref _square[s * length + i];
            mean = Beta1 * mean + (1 - Beta1) * g;
            square = Beta2 * square + (1 - Beta2) * g * g;
            double move = rate * (mean / meanShare / (Math.Sqrt(square / squareShare) + Epsilon) + noise.NextNormal());
            if (i < 6)
            {
                images[s, i] = Math.Clamp(value - CellShare * move, 0.01, 0.99);
            }
            else if (value != 0)
            {
                images[s, i] = ImageHead.Wrapped(value - move);
            }
        }
    }
}

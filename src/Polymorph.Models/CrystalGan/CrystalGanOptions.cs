using System.Runtime.CompilerServices;

namespace Polymorph.Models.CrystalGan;

/// <summary>Which compositions the generator is asked for in training.</summary>
public enum CrystalGanConditions
{
    /// <summary>Every count uniform and independent from 1 to its cap, as in the published code, whether such crystals exist or not.</summary>
    Uniform,

    /// <summary>The compositions of the training images of the same batch.</summary>
    Data,
}

/// <summary>Everything that fixes a crystal GAN but the training images and the seed.</summary>
/// <remarks>Defaults: the public code of Kim et al., ACS Cent. Sci. 6, 1412 (2020), doi 10.1021/acscentsci.0c00426.</remarks>
public sealed record CrystalGanOptions
{
    /// <summary>Widths of the networks.</summary>
    public CrystalGanWidths Widths { get; init; } = new();

    /// <summary>Weights of the losses.</summary>
    public CrystalGanLosses Losses { get; init; } = new();

    /// <summary>Images per batch.</summary>
    public int Batch { get; init => field = value is >= 2 and <= 4096 ? value : throw new ArgumentOutOfRangeException(nameof(Batch), value, "expected 2 to 4096 images"); } = 32;

    /// <summary>Batches from one generator update to the next.</summary>
    public int CriticUpdates { get; init => field = Positive(value); } = 5;

    /// <summary>Adam's step of the generator in the first epoch.</summary>
    public double GeneratorRate { get; init => field = Rate(value); } = 5e-5;

    /// <summary>Adam's step of the critic in the first epoch.</summary>
    public double CriticRate { get; init => field = Rate(value); } = 5e-5;

    /// <summary>Adam's step of the classifier in the first epoch.</summary>
    public double ClassifierRate { get; init => field = Rate(value); } = 2.5e-5;

    /// <summary>What all steps are multiplied by after every <see cref="DecayEpochs"/>.</summary>
    public double RateDecay { get; init => field = value is > 0 and <= 1 ? value : throw new ArgumentOutOfRangeException(nameof(RateDecay), value, "expected a factor in (0, 1]"); } = 0.95;

    /// <summary>Epochs of equal steps.</summary>
    public int DecayEpochs { get; init => field = Positive(value); } = 10;

    /// <summary>Epochs of a whole training.</summary>
    public int Epochs { get; init => field = Positive(value); } = 501;

    /// <summary>Which compositions the generator is asked for.</summary>
    public CrystalGanConditions Conditions { get; init; }

    /// <summary>Whether the classifier's real images get noise in their zeros, so that it does not learn to see exact zeros.</summary>
    public bool ClassifierNoise { get; init; } = true;

    /// <summary>Exact compositions: the first wanted rows of each element are atoms and all others zero, in training too; a classifier is not needed and not trained.</summary>
    public bool Masked { get; init; }

    /// <summary>Positions repeat with the cell: the generator's numbers are taken modulo 1.</summary>
    public bool Periodic { get; init; }

    /// <summary>The critic reads every atom's neighbours instead of its position, and half of what it is shown beside the real crystals are disturbed copies of them.</summary>
    public bool Environments { get; init; }

    /// <summary>Weight of the generator's term of distances and volumes; 0 for none. Pairs below the training set's shortest distance of their elements, and volumes outside the training set's, cost.</summary>
    public double DistanceWeight { get; init => field = value is >= 0 and < 1e6 ? value : throw new ArgumentOutOfRangeException(nameof(DistanceWeight), value, "expected a weight of at least 0"); }

    /// <summary>Ours: plain cross-entropies, compositions of the data, exact by masking, periodic positions, a distance term.</summary>
    public static CrystalGanOptions Polymorph() => new()
    {
        Conditions = CrystalGanConditions.Data,
        Masked = true,
        Periodic = true,
        Environments = true,
        DistanceWeight = 0.1,
        Losses = new CrystalGanLosses { FakeCount = 0 },
    };

    /// <summary>The public code's behaviour, its second softmax included.</summary>
    public static CrystalGanOptions Published() => new() { Losses = new CrystalGanLosses { DoubleSoftmax = true } };

    /// <summary>The losses and steps as the paper prints them: plain cross-entropies, weights 1 times 0.3 and 1, a constant rate of 1e-4.</summary>
    public static CrystalGanOptions Paper() => new()
    {
        Losses = new CrystalGanLosses { FakeAtom = 1 },
        GeneratorRate = 1e-4,
        CriticRate = 1e-4,
        ClassifierRate = 1e-4,
        RateDecay = 1,
    };

    /// <summary>What every step is multiplied by in an epoch.</summary>
    /// <param name="epoch">Zero-based epoch.</param>
    public double RateFactor(int epoch) => Math.Pow(RateDecay, epoch / DecayEpochs);

    private static int Positive(int value, [CallerMemberName] string name = "") =>
        value > 0 ? value : throw new ArgumentOutOfRangeException(name, value, "must be at least 1");

    private static double Rate(double value, [CallerMemberName] string name = "") =>
        value is > 0 and < 1 ? value : throw new ArgumentOutOfRangeException(name, value, "expected a step in (0, 1)");
}

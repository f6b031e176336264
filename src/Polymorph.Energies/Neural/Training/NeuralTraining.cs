namespace Polymorph.Energies.Neural.Training;

/// <summary>How a committee is trained.</summary>
public sealed record NeuralTraining
{
    /// <summary>Networks of the committee.</summary>
    public int Members { get; init => field = value is >= 1 and <= 64 ? value : throw new ArgumentOutOfRangeException(nameof(Members), value, "expected 1 to 64"); } = 4;

    /// <summary>Passes over the training frames.</summary>
    public int Epochs { get; init => field = Positive(value, nameof(Epochs)); } = 100;

    /// <summary>Frames per step.</summary>
    public int Batch { get; init => field = Positive(value, nameof(Batch)); } = 16;

    /// <summary>Largest step of Adam; reached after the warm-up and lowered along a half cosine to a hundredth.</summary>
    public double LearningRate { get; init => field = value is > 0 and < 1 ? value : throw new ArgumentOutOfRangeException(nameof(LearningRate), value, "expected a step in (0, 1)"); } = 2e-3;

    /// <summary>Share of all steps during which the step size grows from zero.</summary>
    public double WarmUp { get; init => field = value is >= 0 and < 1 ? value : throw new ArgumentOutOfRangeException(nameof(WarmUp), value, "expected a share in [0, 1)"); } = 0.02;

    /// <summary>Weight decay λ apart from the gradient: every step takes rate·λ of each weight.</summary>
    /// <remarks>Loshchilov, Hutter, arXiv:1711.05101.</remarks>
    public double WeightDecay { get; init => field = value is >= 0 and < 10 ? value : throw new ArgumentOutOfRangeException(nameof(WeightDecay), value, "expected 0 to 10"); } = 0.2;

    /// <summary>ε of the first layers' preconditioner (C + ε)^(−1/2), where C are the correlations of the first descriptor's features; the larger, the less it does.</summary>
    public double Whitening { get; init => field = value is > 0 and <= 1e6 ? value : throw new ArgumentOutOfRangeException(nameof(Whitening), value, "expected a positive number up to 10^6"); } = 0.01;

    /// <summary>Decay per step of the running average of the weights, which is what is validated and kept.</summary>
    public double AveragingDecay { get; init => field = value is >= 0 and < 1 ? value : throw new ArgumentOutOfRangeException(nameof(AveragingDecay), value, "expected a decay in [0, 1)"); } = 0.999;

    /// <summary>Epochs without a better validation error after which a member stops early; 0: never.</summary>
    public int Patience { get; init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(Patience), value, "must not be negative"); } = 30;

    /// <summary>Loss.</summary>
    public NeuralLoss Loss { get; init; } = new();

    /// <summary>Seed of the weights and of the order of the frames.</summary>
    public ulong Seed { get; init; } = 1;

    private static int Positive(int value, string name) => value > 0 ? value : throw new ArgumentOutOfRangeException(name, value, "must be at least 1");
}

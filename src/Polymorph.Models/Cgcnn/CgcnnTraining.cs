using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace Polymorph.Models.Cgcnn;

/// <summary>How parameters follow their gradients.</summary>
public enum CgcnnOptimiser
{
    /// <summary>Adam.</summary>
    Adam,

    /// <summary>Gradient descent with momentum.</summary>
    Sgd,
}

/// <summary>Training of a crystal graph convolutional network.</summary>
/// <remarks>The defaults suit sets of hundreds to thousands of crystals; <see cref="Published"/> has those of the public code.</remarks>
public sealed record CgcnnTraining
{
    /// <summary>Passes over the training crystals.</summary>
    public int Epochs { get; init => field = Positive(value); } = 100;

    /// <summary>Crystals per step.</summary>
    public int Batch { get; init => field = value is >= 2 and <= 4096 ? value : throw new ArgumentOutOfRangeException(nameof(Batch), value, "expected 2 to 4096 crystals"); } = 32;

    /// <summary>How parameters follow their gradients.</summary>
    public CgcnnOptimiser Optimiser { get; init; } = CgcnnOptimiser.Adam;

    /// <summary>First step.</summary>
    public double LearningRate { get; init => field = value is > 0 and < 1 ? value : throw new ArgumentOutOfRangeException(nameof(LearningRate), value, "expected a step in (0, 1)"); } = 0.005;

    /// <summary>Momentum of gradient descent.</summary>
    public double Momentum { get; init => field = value is >= 0 and < 1 ? value : throw new ArgumentOutOfRangeException(nameof(Momentum), value, "expected a momentum in [0, 1)"); } = 0.9;

    /// <summary>Epochs after which the step is a tenth of what it was; none given: once, after three quarters.</summary>
    public ImmutableArray<int> Milestones { get; init; } = [];

    /// <summary>The public code's settings.</summary>
    /// <remarks>Source: main.py of txie-93/cgcnn. Its published weights were trained for 500 or 1000 epochs.</remarks>
    public static CgcnnTraining Published() => new() { Epochs = 30, Batch = 256, Optimiser = CgcnnOptimiser.Sgd, LearningRate = 0.01, Milestones = [100] };

    /// <summary>The step of an epoch.</summary>
    /// <param name="epoch">Zero-based epoch.</param>
    public double RateOf(int epoch)
    {
        int passed = Milestones.IsDefaultOrEmpty ? (4 * epoch >= 3 * Epochs ? 1 : 0) : Milestones.Count(m => epoch >= m);
        return LearningRate * Math.Pow(0.1, passed);
    }

    private static int Positive(int value, [CallerMemberName] string name = "") =>
        value > 0 ? value : throw new ArgumentOutOfRangeException(name, value, "must be at least 1");
}

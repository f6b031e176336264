using System.Runtime.CompilerServices;

namespace Polymorph.Models.CrystalGan;

/// <summary>Weights of the loss terms.</summary>
/// <remarks>Names and values: Kim et al., ACS Cent. Sci. 6, 1412 (2020), and its public code; <c>docs/methods/crystal-gan.md</c> sets both side by side.</remarks>
public sealed record CrystalGanLosses
{
    /// <summary>True repeats the published code's slip: cross-entropies of probabilities that go through a second softmax.</summary>
    public bool DoubleSoftmax { get; init; }

    /// <summary>Count terms of real images in the classifier's loss.</summary>
    public double RealCount { get; init => field = NotNegative(value); } = 0.3;

    /// <summary>Count terms of generated images in the generator's loss.</summary>
    public double FakeCount { get; init => field = NotNegative(value); } = 0.3;

    /// <summary>Atom terms of generated images in the generator's loss.</summary>
    public double FakeAtom { get; init => field = NotNegative(value); }

    /// <summary>Gradient penalty of the critic.</summary>
    public double Penalty { get; init => field = NotNegative(value); } = 10;

    private static double NotNegative(double value, [CallerMemberName] string name = "") =>
        value is >= 0 and < 1e6 ? value : throw new ArgumentOutOfRangeException(name, value, "expected a weight of at least 0");
}

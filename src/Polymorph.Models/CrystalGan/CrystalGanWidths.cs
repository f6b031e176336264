using System.Runtime.CompilerServices;

namespace Polymorph.Models.CrystalGan;

/// <summary>Widths of the three networks; the defaults are those of the published code.</summary>
/// <remarks>Source: Kim et al., ACS Cent. Sci. 6, 1412 (2020), doi 10.1021/acscentsci.0c00426, and its public code.</remarks>
public sealed record CrystalGanWidths
{
    /// <summary>Normal numbers the generator starts from.</summary>
    public int Latent { get; init => field = Positive(value); } = 512;

    /// <summary>Channels per atom row after the generator's first layer, then of its three hidden row layers.</summary>
    public int Generator0 { get; init => field = Positive(value); } = 128;

    /// <inheritdoc cref="Generator0"/>
    public int Generator1 { get; init => field = Positive(value); } = 256;

    /// <inheritdoc cref="Generator0"/>
    public int Generator2 { get; init => field = Positive(value); } = 512;

    /// <inheritdoc cref="Generator0"/>
    public int Generator3 { get; init => field = Positive(value); } = 256;

    /// <summary>Hidden width of the generator's cell head.</summary>
    public int Cell { get; init => field = Positive(value); } = 30;

    /// <summary>Channels of the critic's three row layers.</summary>
    public int Critic1 { get; init => field = Positive(value); } = 512;

    /// <inheritdoc cref="Critic1"/>
    public int Critic2 { get; init => field = Positive(value); } = 512;

    /// <inheritdoc cref="Critic1"/>
    public int Critic3 { get; init => field = Positive(value); } = 256;

    /// <summary>Widths of the critic's layers after pooling.</summary>
    public int CriticHidden1 { get; init => field = Positive(value); } = 1000;

    /// <inheritdoc cref="CriticHidden1"/>
    public int CriticHidden2 { get; init => field = Positive(value); } = 200;

    /// <summary>Outputs of the critic; the score is their mean.</summary>
    public int CriticOutputs { get; init => field = Positive(value); } = 10;

    /// <summary>Channels of a classifier branch's row layers.</summary>
    public int Classifier1 { get; init => field = Positive(value); } = 512;

    /// <inheritdoc cref="Classifier1"/>
    public int Classifier2 { get; init => field = Positive(value); } = 256;

    /// <inheritdoc cref="Classifier1"/>
    public int Classifier3 { get; init => field = Positive(value); } = 256;

    /// <summary>Widths of a branch's count head.</summary>
    public int ClassifierHidden1 { get; init => field = Positive(value); } = 300;

    /// <inheritdoc cref="ClassifierHidden1"/>
    public int ClassifierHidden2 { get; init => field = Positive(value); } = 100;

    private static int Positive(int value, [CallerMemberName] string name = "") =>
        value is > 0 and <= 65536 ? value : throw new ArgumentOutOfRangeException(name, value, "expected a width of 1 to 65536");
}

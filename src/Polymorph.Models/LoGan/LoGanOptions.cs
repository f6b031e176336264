using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Polymorph.Representations.LocalDescriptors;

namespace Polymorph.Models.LoGan;

/// <summary>How training structures are displaced before they are described.</summary>
public enum RattleMode
{
    /// <summary>Every copy has its own displacements: what the paper's text means.</summary>
    Independent,

    /// <summary>All copies of a structure, and all structures with as many atoms, share one displacement field, as in the published code.</summary>
    Reference,
}

/// <summary>Which weights a finished training returns.</summary>
public enum FinalWeights
{
    /// <summary>Those of the last epoch.</summary>
    LastEpoch,

    /// <summary>Those of the last snapshot, which is taken before its epoch's update, as in the published code.</summary>
    Reference,
}

/// <summary>The rule that turns gradients into updates.</summary>
public enum OptimiserKind
{
    /// <summary>RMSProp, as published.</summary>
    RmsProp,

    /// <summary>Adam.</summary>
    Adam,
}

/// <summary>Everything that fixes a LoGAN model but the training structures, the task and the seed.</summary>
/// <remarks>Defaults: C5H12O study of Kovács, Heid, De Landsheere, Madsen, Mach. Learn.: Sci. Technol. 5 (2024) 035079 and its published code 2024.04.1.</remarks>
public sealed record LoGanOptions
{
    /// <summary>The local descriptor; published: Bessel, cutoff 5 or 6 Å, n_max 3 or 4, 12 neighbours.</summary>
    public PowerSpectrumOptions Descriptor { get; init; } = new();

    /// <summary>Width of the random input of the generator; published: 20.</summary>
    public int LatentSize { get; init => field = Positive(value); } = 20;

    /// <summary>Hidden widths of the generator; published: 512, 256, 128, 64, 32.</summary>
    public ImmutableArray<int> GeneratorWidths { get; init => field = Widths(value); } = [512, 256, 128, 64, 32];

    /// <summary>Hidden widths of the critic; published: 256, 128, 64, 32.</summary>
    public ImmutableArray<int> CriticWidths { get; init => field = Widths(value); } = [256, 128, 64, 32];

    /// <summary>Slope of the generator's leaky rectifier; published code: 0.1.</summary>
    public double GeneratorSlope { get; init => field = Within(value, 0, 1); } = 0.1;

    /// <summary>Slope of the critic's leaky rectifier; published code: 0.01.</summary>
    public double CriticSlope { get; init => field = Within(value, 0, 1); } = 0.01;

    /// <summary>Structures per batch; published code: 15.</summary>
    public int Batch { get; init => field = Positive(value); } = 15;

    /// <summary>Critic updates per generator update; published code: 5.</summary>
    public int CriticUpdates { get; init => field = Positive(value); } = 5;

    /// <summary>Gradient-penalty updates per critic update; published code: 2.</summary>
    public int PenaltyUpdates { get; init => field = Positive(value); } = 2;

    /// <summary>Learning rate of the generator; published: 1e-4 (molecules), 10^-3.5 (SiO2).</summary>
    public double GeneratorRate { get; init => field = Within(value, 0, 1); } = 1e-4;

    /// <summary>Learning rate of the critic; published: as the generator's.</summary>
    public double CriticRate { get; init => field = Within(value, 0, 1); } = 1e-4;

    /// <summary>Both rates fall linearly to this fraction of themselves at the last epoch; 1, as published, keeps them.</summary>
    public double FinalRateFraction { get; init => field = value is > 0 and <= 1 ? value : throw Range(value, "in (0, 1]"); } = 1;

    /// <summary>The update rule; published: RMSProp.</summary>
    public OptimiserKind Optimiser { get; init; } = OptimiserKind.RmsProp;

    /// <summary>Decay of RMSProp's squared gradients, or of Adam's; published: 0.9.</summary>
    public double SquareDecay { get; init => field = Within(value, 0, 1); } = 0.9;

    /// <summary>Epochs of one generator update and its critic updates; published: 60 001 (molecules), 45 001 (SiO2).</summary>
    public int Epochs { get; init => field = Positive(value); } = 60_001;

    /// <summary>Epochs between snapshots of the generator; published: 6 000 (molecules), 4 500 (SiO2).</summary>
    public int SnapshotStep { get; init => field = Positive(value); } = 6_000;

    /// <summary>Which weights a finished training returns.</summary>
    public FinalWeights FinalWeights { get; init; } = FinalWeights.LastEpoch;

    /// <summary>Displaced copies of each training structure; published: 20 (molecules), 10 (SiO2).</summary>
    public int RattleCopies { get; init => field = Positive(value); } = 20;

    /// <summary>Standard deviation of the displacements per coordinate, Å; published: 0.05 (molecules), 0.03 (SiO2).</summary>
    public double RattleDeviation { get; init => field = value is >= 0 and < 1 ? value : throw Range(value, "in [0, 1) Å"); } = 0.05;

    /// <summary>How the displacements of the copies differ.</summary>
    public RattleMode Rattle { get; init; } = RattleMode.Independent;

    /// <summary>Atoms per copy and element that enter the pool, drawn with replacement; 0 takes every atom. Published: 0 (molecules), 20 (SiO2).</summary>
    public int PoolSamplesPerElement { get; init => field = value >= 0 ? value : throw Range(value, "at least 0"); }

    /// <summary>Epochs whose updates the returned generator has seen.</summary>
    public int EffectiveEpochs => FinalWeights == FinalWeights.Reference ? (Epochs - 1) / SnapshotStep * SnapshotStep : Epochs;

    /// <summary>The published molecular study: 60 001 epochs at 1e-4.</summary>
    /// <param name="cutoffRadius">5 or 6 Å in the study.</param>
    /// <param name="maximumOrder">n_max, 3 or 4 in the study.</param>
    public static LoGanOptions C5H12O(double cutoffRadius = 5, int maximumOrder = 3) =>
        new() { Descriptor = new PowerSpectrumOptions { CutoffRadius = cutoffRadius, MaximumOrder = maximumOrder, NeighbourCount = 12 } };

    /// <summary>The published silica study: 45 001 epochs at 10^-3.5.</summary>
    /// <param name="radial">Bessel and Gaussian in the study.</param>
    /// <param name="neighbourCount">12 and 25 in the study.</param>
    public static LoGanOptions SiO2(RadialBasis radial = RadialBasis.Bessel, int neighbourCount = 12) => new()
    {
        Descriptor = new PowerSpectrumOptions { Radial = radial, CutoffRadius = 4, MaximumOrder = 4, NeighbourCount = neighbourCount },
        GeneratorRate = Math.Pow(10, -3.5),
        CriticRate = Math.Pow(10, -3.5),
        Epochs = 45_001,
        SnapshotStep = 4_500,
        RattleCopies = 10,
        RattleDeviation = 0.03,
        PoolSamplesPerElement = 20,
    };

    /// <summary>Our own short schedule for many models: two wide layers keep the generator from collapsing onto one isomer, small networks make epochs cheap.</summary>
    /// <remarks>Measured in <c>docs/benchmarks.md</c>.</remarks>
    public static LoGanOptions Fast() => new()
    {
        Descriptor = new PowerSpectrumOptions { CutoffRadius = 6, MaximumOrder = 3, NeighbourCount = 12 },
        GeneratorWidths = [256, 256],
        CriticWidths = [128, 64, 32],
        GeneratorRate = 2e-3,
        CriticRate = 2e-3,
        Epochs = 600,
        SnapshotStep = 100,
    };

    private static int Positive(int value, [CallerMemberName] string name = "") => value > 0 ? value : throw Range(value, "at least 1", name);

    private static double Within(double value, double low, double high, [CallerMemberName] string name = "") =>
        value > low && value < high ? value : throw Range(value, $"in ({low}, {high})", name);

    private static ImmutableArray<int> Widths(ImmutableArray<int> value, [CallerMemberName] string name = "") =>
        !value.IsDefaultOrEmpty && value.All(w => w is >= 1 and <= 16_384) ? value : throw Range(value.IsDefault ? "nothing" : string.Join(", ", value), "at least one width in 1..16384", name);

    private static ArgumentOutOfRangeException Range(object value, string expected, [CallerMemberName] string name = "") =>
        new(name, value, $"expected {expected}");
}

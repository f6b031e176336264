namespace Polymorph.Energies.Neural.Training;

/// <summary>What training makes small: mean over frames of energyWeight·ρ(ΔE/atoms; energyScale) + mean over the frame's atoms of w ρ(|ΔF|; forceScale), with
/// ρ(x; s) = s²(√(1 + x²/s²) − 1) and w = 1/(1 + |F|/largeForce) by the label's force.</summary>
/// <remarks>ρ is quadratic for small errors and linear for large ones, so that distorted frames do not dominate; NeuralIL's log-cosh serves the same end.</remarks>
public sealed record NeuralLoss
{
    /// <summary>Weight of the energy term.</summary>
    public double EnergyWeight { get; init => field = value >= 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(nameof(EnergyWeight), value, "must not be negative"); } = 10;

    /// <summary>Error of the energy at which its term becomes linear, eV/atom.</summary>
    public double EnergyScale { get; init => field = Positive(value, nameof(EnergyScale)); } = 0.02;

    /// <summary>Error of a force at which its term becomes linear, eV/Å.</summary>
    public double ForceScale { get; init => field = Positive(value, nameof(ForceScale)); } = 0.2;

    /// <summary>Force above which an atom counts less, eV/Å.</summary>
    public double LargeForce { get; init => field = Positive(value, nameof(LargeForce)); } = 20;

    private static double Positive(double value, string name) =>
        value > 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(name, value, "must be positive");
}

namespace Polymorph.Screening.Corrections;

/// <summary>A named term that was added to a computed energy.</summary>
/// <param name="Name">What it is, with its scheme.</param>
/// <param name="ValueEV">eV for the whole formula.</param>
/// <param name="UncertaintyEV">Standard deviation, eV for the whole formula.</param>
public sealed record EnergyCorrection(string Name, double ValueEV, double UncertaintyEV);

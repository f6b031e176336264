using Polymorph.Structures;

namespace Polymorph.Screening.Corrections;

/// <summary>How an energy was computed, as far as corrections depend on it.</summary>
/// <param name="RunType">GGA or GGA+U, as the Materials Project writes it.</param>
/// <param name="HubbardU">U of each element that has one, eV.</param>
/// <param name="OxidationStates">Guessed mean states; empty when no guess was found.</param>
/// <param name="Oxide">Class of the oxygen; null to tell it from the formula.</param>
public sealed record ComputedRun(string RunType, IReadOnlyDictionary<Element, double> HubbardU, IReadOnlyDictionary<Element, double> OxidationStates, OxideClass? Oxide = null);

using System.Globalization;
using Polymorph.Representations.Fingerprints;
using Polymorph.Structures;
using Polymorph.Structures.Matching;

namespace Polymorph.Selection.Metrics;

/// <summary>A crystal with all that the metrics ask of it, worked out once.</summary>
/// <param name="Structure">The crystal.</param>
/// <param name="Structural">Whether its atoms keep apart.</param>
/// <param name="Compositional">Whether its charges can balance.</param>
/// <param name="Fingerprints">Its fingerprints.</param>
/// <param name="Prepared">Its reduced form.</param>
/// <param name="ReducedFormula">Its formula divided by the greatest common divisor of the counts, elements by atomic number.</param>
public sealed record MetricCrystal(Structure Structure, StructuralValidity Structural, bool Compositional, FingerprintPair Fingerprints, PreparedCrystal Prepared, string ReducedFormula)
{
    /// <summary>Valid by the benchmarks' rule: in structure and composition, and with a fingerprint.</summary>
    public bool IsValid => Structural.Benchmark && Compositional && Fingerprints.Structure is not null;

    /// <summary>Works out everything.</summary>
    /// <param name="structure">A structure that repeats along all three axes.</param>
    /// <param name="table">Oxidation states.</param>
    /// <param name="options">Tolerances of the matcher; only those of the reduction matter here.</param>
    /// <param name="fingerprint">Makes structure fingerprints; used by one thread at a time.</param>
    /// <exception cref="ArgumentException">The structure does not repeat along all three axes.</exception>
    public static MetricCrystal Of(Structure structure, OxidationTable table, MatchOptions options, CrystalFingerprint fingerprint)
    {
        ArgumentNullException.ThrowIfNull(structure);
        ArgumentNullException.ThrowIfNull(fingerprint);
        var composition = structure.Composition;
        return new MetricCrystal(
            structure, StructuralValidity.Of(structure), CompositionalValidity.Of(composition, table),
            new FingerprintPair(fingerprint.Of(structure), CompositionFingerprint.Scaled(composition)), PreparedCrystal.Of(structure, options), Reduced(composition));
    }

    /// <summary>A formula divided by the greatest common divisor of its counts, such as <c>O2 Si1</c> by atomic number; equal for equal proportions.</summary>
    /// <param name="composition">Counts of the elements.</param>
    public static string Reduced(Composition composition)
    {
        ArgumentNullException.ThrowIfNull(composition);
        int divisor = composition.Counts.Values.Aggregate(0, (a, b) => (int)System.Numerics.BigInteger.GreatestCommonDivisor(a, b));
        return string.Join(' ', composition.Counts.Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.Key.Symbol}{c.Value / divisor}")));
    }
}

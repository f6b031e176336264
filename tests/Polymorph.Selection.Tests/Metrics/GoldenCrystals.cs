using Polymorph.Representations.Fingerprints;
using Polymorph.Selection.Metrics;
using Polymorph.Structures;

namespace Polymorph.Selection.Tests.Metrics;

/// <summary>Fingerprints of reference crystals.</summary>
internal static class GoldenCrystals
{
    public static FingerprintPair Fingerprints(Structure structure) => new(new CrystalFingerprint().Of(structure), CompositionFingerprint.Scaled(structure.Composition));
}

using Polymorph.Representations.Fingerprints;
using Polymorph.Structures;
using Polymorph.Structures.Matching;

namespace Polymorph.Studies.Stages;

/// <summary>A known structure beside another one.</summary>
/// <param name="Frame">Its place among the known ones, from 0.</param>
/// <param name="Rms">Root mean square distance of the sites over (V/N)^(1/3); null when they do not match.</param>
/// <param name="FingerprintDistance">Euclidean distance of the structures' mean coordination fingerprints; null where one has none.</param>
public sealed record KnownNeighbour(int Frame, double? Rms, double? FingerprintDistance);

/// <summary>The known structures of a run, prepared for the structure matcher. Instances may be used by many threads.</summary>
internal sealed class TrainingCrystals
{
    private readonly StructureMatcher _matcher = new(new MatchOptions());
    private readonly List<(int Frame, PreparedCrystal Crystal)> _known = [];

    /// <summary>Prepares the known structures; those that are no crystals are left out.</summary>
    public TrainingCrystals(IReadOnlyList<Structure> known)
    {
        for (int frame = 0; frame < known.Count; frame++)
        {
            if (known[frame].Periodicity == Periodicity.Full)
            {
                _known.Add((frame, _matcher.Prepare(known[frame])));
            }
        }
    }

    /// <summary>The matcher.</summary>
    public StructureMatcher Matcher => _matcher;

    /// <summary>The first known structure that matches; null when there is none, or the structure is no crystal.</summary>
    public int? FirstMatch(Structure structure)
    {
        if (structure.Periodicity != Periodicity.Full)
        {
            return null;
        }

        var crystal = _matcher.Prepare(structure);
        foreach (var (frame, other) in _known)
        {
            if (_matcher.RmsDistance(other, crystal).Verdict == MatchVerdict.Match)
            {
                return frame;
            }
        }

        return null;
    }

    /// <summary>Every known structure that matches.</summary>
    public IReadOnlyList<int> Matches(PreparedCrystal crystal) => [.. _known.Where(k => _matcher.RmsDistance(crystal, k.Crystal).Verdict == MatchVerdict.Match).Select(k => k.Frame)];

    /// <summary>The nearest known structure of the same proportions: the best match, or where none matches the one with the most similar surroundings of its atoms; null when there is none.</summary>
    public KnownNeighbour? Nearest(PreparedCrystal crystal)
    {
        var fingerprints = new CrystalFingerprint();
        double[]? own = fingerprints.Of(crystal.Source);
        return _known.Where(k => k.Crystal.HasProportionsOf(crystal))
            .Select(k => new KnownNeighbour(k.Frame, _matcher.RmsDistance(crystal, k.Crystal).Rms, Distance(own, fingerprints.Of(k.Crystal.Source))))
            .OrderBy(n => n.Rms ?? double.PositiveInfinity).ThenBy(n => n.FingerprintDistance ?? double.PositiveInfinity).ThenBy(n => n.Frame).FirstOrDefault();
    }

    private static double? Distance(double[]? a, double[]? b) => a is null || b is null ? null : Math.Sqrt(a.Zip(b, (x, y) => (x - y) * (x - y)).Sum());
}

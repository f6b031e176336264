using Polymorph.Structures;
using Polymorph.Structures.Matching;

namespace Polymorph.Studies.Stages;

/// <summary>A known structure beside another one.</summary>
/// <param name="Frame">Its place among the known ones, from 0.</param>
/// <param name="Rms">Root mean square distance of the sites over (V/N)^(1/3); null when they do not match.</param>
/// <param name="ShellDistance">Largest difference of the mean distances to the first sixteen neighbours over (V/N)^(1/3).</param>
public sealed record KnownNeighbour(int Frame, double? Rms, double ShellDistance);

/// <summary>The known structures of a run, prepared for the structure matcher. Instances may be used by many threads.</summary>
internal sealed class KnownCrystals
{
    private readonly StructureMatcher _matcher = new(new MatchOptions());
    private readonly List<(int Frame, PreparedCrystal Crystal, ShellSignature Shells)> _known = [];

    /// <summary>Prepares the known structures; those that are no crystals are left out.</summary>
    public KnownCrystals(IReadOnlyList<Structure> known)
    {
        for (int frame = 0; frame < known.Count; frame++)
        {
            if (known[frame].Periodicity == Periodicity.Full)
            {
                var crystal = _matcher.Prepare(known[frame]);
                _known.Add((frame, crystal, ShellSignature.Of(crystal)));
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
        foreach (var (frame, other, _) in _known)
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

    /// <summary>The nearest known structure of the same proportions: the best match, or where none matches the one with the most similar shells of neighbours; null when there is none.</summary>
    public KnownNeighbour? Nearest(PreparedCrystal crystal)
    {
        var shells = ShellSignature.Of(crystal);
        return _known.Where(k => k.Crystal.HasProportionsOf(crystal))
            .Select(k => new KnownNeighbour(k.Frame, _matcher.RmsDistance(crystal, k.Crystal).Rms, shells.DistanceTo(k.Shells)))
            .OrderBy(n => n.Rms ?? double.PositiveInfinity).ThenBy(n => n.ShellDistance).ThenBy(n => n.Frame).FirstOrDefault();
    }
}

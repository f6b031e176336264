using System.Collections.Immutable;
using Polymorph.Structures;

namespace Polymorph.Selection.Compositions;

/// <summary>When a sampled crystal is sound: volume per atom, cell and distances.</summary>
/// <param name="Cell">Limits of the cell.</param>
/// <param name="Geometry">Limits of the distances.</param>
/// <remarks>Neither the paper nor its code has such filters; these are ours.</remarks>
public sealed record SampleLimits(CellOptions Cell, GeometryOptions Geometry)
{
    /// <summary>A distance may be as short as this share of the shortest one of its pair of elements in the training set.</summary>
    /// <remarks>Relaxation lengthens what is a little short: in the Mg-Mn-O set this gives 1.39 Å for a cation and O (data 1.63), 1.17 Å for O-O (1.38) and 1.84 Å or more for two cations (2.16).</remarks>
    public const double DistanceShare = 0.85;

    /// <summary>The volume per atom may be this share of the smallest one of the training set, and the largest one divided by <see cref="LargeVolumeShare"/>.</summary>
    public const double SmallVolumeShare = 0.8;

    /// <summary>See <see cref="SmallVolumeShare"/>.</summary>
    public const double LargeVolumeShare = 0.9;

    /// <summary>Limits without a training set: 7 to 30 Å³ per atom, distances from covalent radii.</summary>
    public static SampleLimits Default { get; } = new(new CellOptions { SmallestVolumePerAtom = 7, LargestVolumePerAtom = 30 }, new GeometryOptions());

    /// <summary>Limits drawn from a training set; pairs of elements that it does not have keep those from covalent radii.</summary>
    /// <param name="statistics">What the training set shows.</param>
    public static SampleLimits Of(GeometryStatistics statistics)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        return new SampleLimits(
            new CellOptions { SmallestVolumePerAtom = SmallVolumeShare * statistics.SmallestVolume, LargestVolumePerAtom = statistics.LargestVolume / LargeVolumeShare },
            new GeometryOptions { MinimumDistances = statistics.ShortestDistances.ToImmutableDictionary(d => (d.Key.A, d.Key.B), d => DistanceShare * d.Value) });
    }

    /// <summary>Why a crystal is not sound; null when it is.</summary>
    /// <param name="crystal">A crystal.</param>
    public Loss? Check(Structure crystal)
    {
        ArgumentNullException.ThrowIfNull(crystal);
        if (CellCheck.Check(crystal.Lattice!, crystal.Composition, Cell) is { } loss)
        {
            return loss;
        }

        Span<float> positions = new float[3 * crystal.AtomCount];
        for (int atom = 0; atom < crystal.AtomCount; atom++)
        {
            for (int axis = 0; axis < 3; axis++)
            {
                positions[3 * atom + axis] = (float)crystal.Positions[atom][axis];
            }
        }

        return new GeometryCheck(crystal.Species, Geometry, crystal.Lattice, crystal.Periodicity).Loss(positions);
    }
}

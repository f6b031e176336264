using Polymorph.Structures;

namespace Polymorph.Selection;

/// <summary>Limits of what is still taken for the cell of a crystal.</summary>
/// <remarks>Our own. Volumes per atom of the elements' solids lie between 5.6 Å³ (carbon as diamond) and 117 Å³ (caesium); molecular crystals and zeolites stay below 100 Å³.</remarks>
public sealed record CellOptions
{
    /// <summary>Smallest volume per atom, Å³.</summary>
    public double SmallestVolumePerAtom { get; init; } = 2;

    /// <summary>Largest volume per atom, Å³.</summary>
    public double LargestVolumePerAtom { get; init; } = 500;

    /// <summary>Smallest angle between two lattice vectors, degrees; the largest is 180° less it.</summary>
    public double SmallestAngle { get; init; } = 10;

    /// <summary>Longest lattice vector over the smallest distance of two faces.</summary>
    public double LargestAspect { get; init; } = 50;

    /// <summary>Whether oxidation states of the elements can add up to zero; null does not ask.</summary>
    public Func<Composition, bool>? IsBalanced { get; init; }
}

/// <summary>Looks at the cell and the composition of a crystal, before its distances are looked at.</summary>
public static class CellCheck
{
    /// <summary>Why three lattice vectors are no cell of these atoms; null when they are one.</summary>
    /// <param name="a">First lattice vector, Å.</param>
    /// <param name="b">Second lattice vector, Å.</param>
    /// <param name="c">Third lattice vector, Å.</param>
    /// <param name="composition">The atoms of the cell.</param>
    /// <param name="options">Limits.</param>
    public static Loss? Check(Vector3D a, Vector3D b, Vector3D c, Composition composition, CellOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(composition);
        try
        {
            return Check(new Lattice(a, b, c), composition, options);
        }
        catch (ArgumentException)
        {
            // What a lattice refuses: not finite, flat or left-handed.
            return LossReason.BadCell;
        }
    }

    /// <summary>Why a cell is none of these atoms; null when it is one.</summary>
    /// <param name="lattice">The cell.</param>
    /// <param name="composition">Its atoms.</param>
    /// <param name="options">Limits.</param>
    public static Loss? Check(Lattice lattice, Composition composition, CellOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(lattice);
        ArgumentNullException.ThrowIfNull(composition);
        options ??= new CellOptions();
        double degrees = options.SmallestAngle * (Math.PI / 180);
        var (lengths, angles, faces) = (lattice.Lengths, lattice.Angles, lattice.FaceDistances);
        double smallest = Math.Min(angles.X, Math.Min(angles.Y, angles.Z)), largest = Math.Max(angles.X, Math.Max(angles.Y, angles.Z));
        double aspect = Math.Max(lengths.X, Math.Max(lengths.Y, lengths.Z)) / Math.Min(faces.X, Math.Min(faces.Y, faces.Z));
        if (!(smallest >= degrees && largest <= Math.PI - degrees && aspect <= options.LargestAspect))
        {
            return LossReason.BadCell;
        }

        double volume = lattice.Volume / composition.AtomCount;
        return !(volume >= options.SmallestVolumePerAtom && volume <= options.LargestVolumePerAtom) ? LossReason.Volume
            : options.IsBalanced?.Invoke(composition) == false ? LossReason.ChargeImbalance : null;
    }
}

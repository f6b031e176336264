using System.Collections.Immutable;
using System.Globalization;
using Polymorph.Foundation;
using Polymorph.Structures;

namespace Polymorph.Representations.CrystalImages;

/// <summary>A crystal as an image, [rows × 3]: lengths and angles of the cell, and scaled fractional coordinates; rows without an atom are zero.</summary>
/// <remarks>A fractional coordinate f in [0, 1) is stored as s = (10 f + 2.5)/15, so that a row with an atom sums to 0.5 or more. Source: see <see cref="CrystalImageLayout"/>.</remarks>
public static class CrystalImage
{
    /// <summary>A row holds an atom when its sum is above this.</summary>
    public const double PresenceThreshold = 0.4;

    // Flatter cells have no volume for Lattice either.
    private const double SmallestRelativeVolume = 1e-8;

    private const double DegreesPerRadian = 180 / Math.PI;

    /// <summary>The image of a crystal; within a block the atoms keep their order and come first.</summary>
    /// <param name="structure">Repeats along three axes.</param>
    /// <param name="layout">The layout.</param>
    /// <param name="image">[layout.Length], overwritten.</param>
    /// <exception cref="PolymorphException">PM2902: no crystal; PM2903, PM2904: its composition does not fit the layout; PM2905: its cell is longer than the length scale.</exception>
    public static void Encode(Structure structure, CrystalImageLayout layout, Span<double> image)
    {
        ArgumentNullException.ThrowIfNull(structure);
        ArgumentNullException.ThrowIfNull(layout);
        CheckLength(image.Length, layout);
        if (structure.Lattice is not { } lattice || structure.Periodicity != Periodicity.Full)
        {
            throw new PolymorphException("PM2902", "this structure does not repeat along all three axes", structure.Id, "A crystal image needs a cell: give a lattice and pbc=\"T T T\".");
        }

        layout.CountsOf(structure.Composition);
        var (lengths, angles) = (lattice.Lengths, lattice.Angles);
        double longest = Math.Max(lengths.X, Math.Max(lengths.Y, lengths.Z));
        if (longest > layout.LengthScale)
        {
            throw new PolymorphException("PM2905", string.Create(CultureInfo.InvariantCulture, $"a cell length of {longest:0.##} Å is beyond the length scale of {layout.LengthScale:0.##} Å"), structure.Id,
                "Use a smaller cell or a larger length scale.");
        }

        image.Clear();
        for (int axis = 0; axis < 3; axis++)
        {
            image[axis] = lengths[axis] / layout.LengthScale;
            image[3 + axis] = angles[axis] * DegreesPerRadian / layout.AngleScale;
        }

        Span<int> next = stackalloc int[layout.Blocks.Length];
        for (int block = 0; block < next.Length; block++)
        {
            next[block] = layout.FirstRow(block);
        }

        for (int atom = 0; atom < structure.AtomCount; atom++)
        {
            var f = lattice.ToFractional(structure.Positions[atom]);
            int row = next[layout.BlockOf(structure.Species[atom])]++;
            for (int axis = 0; axis < 3; axis++)
            {
                image[3 * row + axis] = Scaled(Wrapped(f[axis]));
            }
        }
    }

    /// <summary>Which rows of an image hold an atom by their sums.</summary>
    /// <param name="image">[layout.Length].</param>
    /// <param name="layout">The layout.</param>
    /// <param name="present">[layout.AtomRows], overwritten.</param>
    public static void PresenceBySum(ReadOnlySpan<double> image, CrystalImageLayout layout, Span<bool> present)
    {
        ArgumentNullException.ThrowIfNull(layout);
        CheckLength(image.Length, layout);
        for (int row = 0; row < layout.AtomRows; row++)
        {
            int at = 3 * (row + CrystalImageLayout.CellRows);
            present[row] = image[at] + image[at + 1] + image[at + 2] > PresenceThreshold;
        }
    }

    /// <summary>The crystal of an image, coordinates wrapped into the cell; no atom is made up where none is.</summary>
    /// <param name="image">[layout.Length].</param>
    /// <param name="layout">The layout.</param>
    /// <param name="present">Which rows hold an atom, [layout.AtomRows].</param>
    /// <param name="wanted">Atoms of each element that must come out; empty to take what comes.</param>
    /// <param name="id">Name of the structure.</param>
    public static DecodedImage Decode(ReadOnlySpan<double> image, CrystalImageLayout layout, ReadOnlySpan<bool> present, ReadOnlySpan<int> wanted = default, string id = "")
    {
        ArgumentNullException.ThrowIfNull(layout);
        CheckLength(image.Length, layout);
        for (int i = 0; i < 6; i++)
        {
            if (!double.IsFinite(image[i]))
            {
                return new DecodedImage(null, ImageFault.NotFinite);
            }
        }

        if (CellOf(image, layout) is not { } lattice)
        {
            return new DecodedImage(null, ImageFault.NoCell);
        }

        var species = ImmutableArray.CreateBuilder<Element>();
        var positions = ImmutableArray.CreateBuilder<Vector3D>();
        for (int block = 0; block < layout.Blocks.Length; block++)
        {
            int before = species.Count;
            for (int row = layout.FirstRow(block); row < layout.FirstRow(block + 1); row++)
            {
                if (!present[row - CrystalImageLayout.CellRows])
                {
                    continue;
                }

                var scaled = new Vector3D(image[3 * row], image[3 * row + 1], image[3 * row + 2]);
                if (!scaled.IsFinite)
                {
                    return new DecodedImage(null, ImageFault.NotFinite);
                }

                species.Add(layout.Blocks[block].Element);
                positions.Add(lattice.ToCartesian(new Vector3D(Wrapped(Fractional(scaled.X)), Wrapped(Fractional(scaled.Y)), Wrapped(Fractional(scaled.Z)))));
            }

            int count = species.Count - before;
            if (count == 0)
            {
                return new DecodedImage(null, ImageFault.ElementMissing);
            }

            if (!wanted.IsEmpty && count != wanted[block])
            {
                return new DecodedImage(null, ImageFault.CountsDiffer);
            }
        }

        return new DecodedImage(new Structure(species.ToImmutable(), positions.ToImmutable(), lattice, id: id), ImageFault.None);
    }

    /// <summary>The cell of an image, a along x and b in the xy plane; null when no cell has these lengths and angles.</summary>
    /// <param name="image">[layout.Length]; only the first two rows are looked at.</param>
    /// <param name="layout">The layout.</param>
    public static Lattice? CellOf(ReadOnlySpan<double> image, CrystalImageLayout layout)
    {
        ArgumentNullException.ThrowIfNull(layout);
        var lengths = layout.LengthScale * new Vector3D(image[0], image[1], image[2]);
        var angles = layout.AngleScale / DegreesPerRadian * new Vector3D(image[3], image[4], image[5]);
        bool sound = lengths.IsFinite && angles.IsFinite && lengths.X > 0 && lengths.Y > 0 && lengths.Z > 0
            && angles.X is > 0 and < Math.PI && angles.Y is > 0 and < Math.PI && angles.Z is > 0 and < Math.PI;
        if (!sound)
        {
            return null;
        }

        double cosAlpha = Math.Cos(angles.X), cosBeta = Math.Cos(angles.Y);
        var (sinGamma, cosGamma) = Math.SinCos(angles.Z);
        double cy = (cosAlpha - cosBeta * cosGamma) / sinGamma, cz2 = 1 - cosBeta * cosBeta - cy * cy;
        return cz2 > 0 && sinGamma * Math.Sqrt(cz2) > SmallestRelativeVolume ? Lattice.FromParameters(lengths, angles) : null;
    }

    /// <summary>The stored value of a fractional coordinate: (10 f + 2.5)/15.</summary>
    /// <param name="f">Fractional coordinate.</param>
    internal static double Scaled(double f) => (10 * f + 2.5) / 15;

    /// <summary>The fractional coordinate of a stored value; not wrapped.</summary>
    /// <param name="s">Stored value.</param>
    internal static double Fractional(double s) => (15 * s - 2.5) / 10;

    /// <summary>The coordinate in [0, 1).</summary>
    /// <param name="f">Fractional coordinate.</param>
    internal static double Wrapped(double f)
    {
        // A tiny negative number gives exactly 1.
        double wrapped = f - Math.Floor(f);
        return wrapped < 1 ? wrapped : 0;
    }

    internal static void CheckLength(int length, CrystalImageLayout layout)
    {
        if (length != layout.Length)
        {
            throw new ArgumentException($"expected an image of {layout.Length} numbers, {length} came", nameof(length));
        }
    }
}

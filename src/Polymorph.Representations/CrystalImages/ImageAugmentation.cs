using Polymorph.Learning;
using Polymorph.Structures;

namespace Polymorph.Representations.CrystalImages;

/// <summary>Other images of the same crystal: lattice vectors exchanged, origin moved, rows of an element in another order.</summary>
/// <remarks>Source: published code of the Composition-Conditioned Crystal GAN (see <see cref="CrystalImageLayout"/>).</remarks>
public static class ImageAugmentation
{
    /// <summary>Exchanges two lattice vectors: two columns in all rows, the angles among them. The crystal becomes its mirror image.</summary>
    /// <param name="image">Rows of three, changed in place.</param>
    /// <param name="first">Axis, 0 to 2.</param>
    /// <param name="second">Another axis.</param>
    public static void SwapAxes(Span<double> image, int first, int second)
    {
        for (int row = 0; row < image.Length; row += 3)
        {
            (image[row + first], image[row + second]) = (image[row + second], image[row + first]);
        }
    }

    /// <summary>Moves the origin by (u_x·|a|, u_y·|b|, u_z·|c|) along x, y and z, with a along x and b in the xy plane; rows without an atom stay zero.</summary>
    /// <param name="image">[layout.Length], changed in place; a valid cell.</param>
    /// <param name="layout">The layout.</param>
    /// <param name="u">Uniform in [0, 1) per axis.</param>
    /// <exception cref="ArgumentException">The image has no valid cell.</exception>
    public static void Translate(Span<double> image, CrystalImageLayout layout, Vector3D u)
    {
        ArgumentNullException.ThrowIfNull(layout);
        CrystalImage.CheckLength(image.Length, layout);
        var lattice = CrystalImage.CellOf(image, layout) ?? throw new ArgumentException("the image has no cell", nameof(image));
        var lengths = layout.LengthScale * new Vector3D(image[0], image[1], image[2]);
        var shift = lattice.ToFractional(new Vector3D(u.X * lengths.X, u.Y * lengths.Y, u.Z * lengths.Z));
        for (int row = CrystalImageLayout.CellRows; row < layout.Rows; row++)
        {
            var at = image.Slice(3 * row, 3);
            if (at[0] + at[1] + at[2] <= CrystalImage.PresenceThreshold)
            {
                continue;
            }

            for (int axis = 0; axis < 3; axis++)
            {
                at[axis] = CrystalImage.Scaled(CrystalImage.Wrapped(CrystalImage.Fractional(at[axis]) + shift[axis]));
            }
        }
    }

    /// <summary>Puts the rows of one element into another order, those without an atom included.</summary>
    /// <param name="image">[layout.Length], changed in place.</param>
    /// <param name="layout">The layout.</param>
    /// <param name="block">Block of the element.</param>
    /// <param name="order">For each row of the block the row that comes there, counted within the block, [cap].</param>
    public static void Reorder(Span<double> image, CrystalImageLayout layout, int block, ReadOnlySpan<int> order)
    {
        ArgumentNullException.ThrowIfNull(layout);
        CrystalImage.CheckLength(image.Length, layout);
        int length = 3 * order.Length;
        Span<double> before = stackalloc double[3 * CrystalImageLayout.LargestCap];
        var rows = image.Slice(3 * layout.FirstRow(block), length);
        rows.CopyTo(before);
        for (int row = 0; row < order.Length; row++)
        {
            before.Slice(3 * order[row], 3).CopyTo(rows[(3 * row)..]);
        }
    }

    /// <summary>A random order (Fisher and Yates).</summary>
    /// <param name="order">Overwritten with a permutation of 0 to its length - 1.</param>
    /// <param name="random">Random numbers; advanced.</param>
    public static void Permutation(Span<int> order, ref RandomSequence random)
    {
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        for (int i = order.Length - 1; i > 0; i--)
        {
            int j = random.NextIndex(i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }
    }
}

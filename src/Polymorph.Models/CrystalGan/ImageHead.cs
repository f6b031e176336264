using Polymorph.Learning.Layers;

namespace Polymorph.Models.CrystalGan;

/// <summary>Makes images of the generator's numbers: sigmoids, or positions that repeat, times a mask.</summary>
internal static class ImageHead
{
    /// <summary>Scaled coordinate of the fractional coordinate 0, and the span of the cell.</summary>
    public const double First = 1.0 / 6;

    /// <inheritdoc cref="First"/>
    public const double Span = 2.0 / 3;

    // A new network's numbers spread by about a quarter: times four they fill the cell, so that atoms need not first leave a heap.
    private const double Gain = 4;

    /// <summary>A scaled coordinate brought into the cell.</summary>
    public static double Wrapped(double scaled)
    {
        double f = (scaled - First) / Span;
        return First + Span * (f - Math.Floor(f));
    }

    /// <summary>Images, [batch × 3 rows].</summary>
    public static void Forward<TMatrix>(GeneratorNetwork<TMatrix> generator, TMatrix images, int batch, bool periodic = false, TMatrix? mask = null)
        where TMatrix : class, IRowMatrix<TMatrix>
    {
        for (int s = 0; s < batch; s++)
        {
            for (int i = 0; i < images.Columns; i++)
            {
                double h = i < 6 ? generator.Cell[s, i] : generator.Head[s, i - 6];
                double value = periodic && i >= 6 ? First + Span * (Gain * h - Math.Floor(Gain * h)) : 1 / (1 + Math.Exp(-h));
                images[s, i] = i < 6 || mask is null ? value : value * mask[s, (i - 6) / 3];
            }
        }
    }

    /// <summary>Gradients of the generator's numbers from those of the images.</summary>
    public static void Backward<TMatrix>(TMatrix images, TMatrix imageGradient, int batch, TMatrix headGradient, TMatrix cellGradient, bool periodic = false, TMatrix? mask = null)
        where TMatrix : class, IRowMatrix<TMatrix>
    {
        for (int s = 0; s < batch; s++)
        {
            for (int i = 0; i < images.Columns; i++)
            {
                double value = images[s, i], gradient = imageGradient[s, i] * (periodic && i >= 6 ? Gain * Span : value * (1 - value));
                if (i < 6)
                {
                    cellGradient[s, i] = gradient;
                }
                else
                {
                    headGradient[s, i - 6] = mask is null ? gradient : gradient * mask[s, (i - 6) / 3];
                }
            }
        }
    }
}

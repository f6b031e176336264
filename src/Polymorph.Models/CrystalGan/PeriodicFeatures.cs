using Polymorph.Learning.Layers;

namespace Polymorph.Models.CrystalGan;

/// <summary>What the critic reads of an image whose positions repeat: for every atom cos and sin of 2π f along each axis, for the cell its numbers.</summary>
/// <remarks>An atom that leaves the cell on one side comes in on the other without a jump. Absent rows stay zero.</remarks>
internal static class PeriodicFeatures
{
    /// <summary>Numbers of a row.</summary>
    public const int Width = 6;

    // f = (s - 1/6) / (2/3): 2π f for a scaled coordinate s.
    private const double Turn = 2 * Math.PI / ImageHead.Span;

    /// <summary>Features of images, [batch × 6 rows].</summary>
    public static void Forward<TMatrix>(TMatrix images, int batch, TMatrix features)
        where TMatrix : class, IRowMatrix<TMatrix>
    {
        for (int s = 0; s < batch; s++)
        {
            for (int i = 0; i < images.Columns; i++)
            {
                int row = i / 3, at = Width * row + i % 3;
                var (sine, cosine) = row < 2 ? (0, images[s, i]) : Absent(images, s, row) ? (0, 0) : Math.SinCos(Turn * (images[s, i] - ImageHead.First));
                (features[s, at], features[s, at + 3]) = (cosine, sine);
            }
        }
    }

    /// <summary>Adds the gradient by the features to that by the images.</summary>
    public static void Backward<TMatrix>(TMatrix images, TMatrix featureGradient, int batch, TMatrix imageGradient)
        where TMatrix : class, IRowMatrix<TMatrix>
    {
        for (int s = 0; s < batch; s++)
        {
            for (int i = 0; i < images.Columns; i++)
            {
                int row = i / 3, at = Width * row + i % 3;
                if (row < 2)
                {
                    imageGradient[s, i] += featureGradient[s, at];
                }
                else if (!Absent(images, s, row))
                {
                    var (sine, cosine) = Math.SinCos(Turn * (images[s, i] - ImageHead.First));
                    imageGradient[s, i] += Turn * (cosine * featureGradient[s, at + 3] - sine * featureGradient[s, at]);
                }
            }
        }
    }

    private static bool Absent<TMatrix>(TMatrix images, int s, int row)
        where TMatrix : class, IRowMatrix<TMatrix> =>
        images[s, 3 * row] == 0 && images[s, 3 * row + 1] == 0 && images[s, 3 * row + 2] == 0;
}

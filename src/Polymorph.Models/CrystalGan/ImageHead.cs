using Polymorph.Learning.Layers;

namespace Polymorph.Models.CrystalGan;

/// <summary>Makes images of the generator's numbers: a sigmoid of each, cell first.</summary>
internal static class ImageHead
{
    /// <summary>Images, [batch × 3 rows].</summary>
    public static void Forward<TMatrix>(GeneratorNetwork<TMatrix> generator, TMatrix images, int batch)
        where TMatrix : class, IRowMatrix<TMatrix>
    {
        for (int s = 0; s < batch; s++)
        {
            for (int i = 0; i < images.Columns; i++)
            {
                images[s, i] = 1 / (1 + Math.Exp(-(i < 6 ? generator.Cell[s, i] : generator.Head[s, i - 6])));
            }
        }
    }

    /// <summary>Gradients of the generator's numbers from those of the images.</summary>
    public static void Backward<TMatrix>(TMatrix images, TMatrix imageGradient, int batch, TMatrix headGradient, TMatrix cellGradient)
        where TMatrix : class, IRowMatrix<TMatrix>
    {
        for (int s = 0; s < batch; s++)
        {
            for (int i = 0; i < images.Columns; i++)
            {
                double value = images[s, i], gradient = imageGradient[s, i] * value * (1 - value);
                if (i < 6)
                {
                    cellGradient[s, i] = gradient;
                }
                else
                {
                    headGradient[s, i - 6] = gradient;
                }
            }
        }
    }
}

using System.Collections.Immutable;
using Polymorph.Learning.Layers;

namespace Polymorph.Models.CrystalGan;

/// <summary>The inputs of one iteration, written by whoever drives the training.</summary>
/// <typeparam name="TMatrix">Matrices of the precision at hand.</typeparam>
internal sealed class CrystalGanBatch<TMatrix>
    where TMatrix : class, IRowMatrix<TMatrix>
{
    public CrystalGanBatch(CrystalGanShape shape, CrystalGanWidths widths, int batch)
    {
        Real = TMatrix.Create(batch, shape.ImageLength);
        Noised = TMatrix.Create(batch, shape.ImageLength);
        GeneratorInput = TMatrix.Create(batch, widths.Latent + shape.ConditionLength);
        Mix = new double[batch];
        RealAtoms = [.. shape.Caps.Select(c => new int[batch * c])];
        RealCounts = [.. shape.Caps.Select(_ => new int[batch])];
        WantedAtoms = [.. shape.Caps.Select(c => new int[batch * c])];
        WantedCounts = [.. shape.Caps.Select(_ => new int[batch])];
        Size = batch;
    }

    /// <summary>Images in use.</summary>
    public int Size { get; set; }

    /// <summary>Training images, [batch × 3 rows].</summary>
    public TMatrix Real { get; }

    /// <summary>The same as the classifier sees them.</summary>
    public TMatrix Noised { get; }

    /// <summary>Latents and conditions, [batch × inputs].</summary>
    public TMatrix GeneratorInput { get; }

    /// <summary>Weight of the real image in each mixed one.</summary>
    public double[] Mix { get; }

    /// <summary>1 where a row of the real images holds an atom, per element [batch · cap].</summary>
    public ImmutableArray<int[]> RealAtoms { get; }

    /// <summary>Atoms of the real images less one, per element [batch].</summary>
    public ImmutableArray<int[]> RealCounts { get; }

    /// <summary>1 where a row of a generated image should hold an atom, per element [batch · cap].</summary>
    public ImmutableArray<int[]> WantedAtoms { get; }

    /// <summary>Wanted atoms less one, per element [batch].</summary>
    public ImmutableArray<int[]> WantedCounts { get; }
}

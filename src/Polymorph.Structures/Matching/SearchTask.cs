namespace Polymorph.Structures.Matching;

/// <summary>One comparison: which crystal is drawn in new cells, how often, and what is minimised.</summary>
internal sealed class SearchTask
{
    /// <summary>The crystal that is drawn in cells like the target's.</summary>
    public required PreparedCrystal Mapped { get; set; }

    /// <summary>The crystal that keeps its cell.</summary>
    public required PreparedCrystal Target { get; set; }

    /// <summary>The tolerances.</summary>
    public required MatchOptions Options { get; set; }

    /// <summary>For each element block of the target the block of the mapped crystal that is put on it.</summary>
    public int[] BlockOf { get; set; } = [];

    /// <summary>Cells of the mapped crystal that fill one of the target's.</summary>
    public int Multiple { get; set; } = 1;

    /// <summary>True when one site of the mapped crystal is put on all like it of the target; false the other way round.</summary>
    public bool AnchorIsMapped { get; set; }

    /// <summary>True to look for the least largest distance (and stop at the first below the tolerance), false for the least root mean square.</summary>
    public bool LeastMaximum { get; set; }

    /// <summary>What the mapped crystal's lengths are multiplied by.</summary>
    public double MappedScale { get; private set; }

    /// <summary>The target's cell, scaled.</summary>
    public CellShape TargetShape { get; private set; }

    /// <summary>Sets the scales: both crystals get the geometric mean of the volumes per cell of the target.</summary>
    public void SetScale()
    {
        double q = Options.Scale ? Math.Sqrt(Math.Cbrt(Target.Lattice.Volume / (Multiple * Mapped.Lattice.Volume))) : 1;
        MappedScale = q;
        TargetShape = Target.Shape.Scaled(1 / q);
    }
}

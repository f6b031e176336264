namespace Polymorph.Structures.Symmetry.Kernels;

/// <summary>What spglib returns, copied into arrays of ours. Matrices are row-major.</summary>
internal sealed record SpglibResult
{
    public required int SpaceGroupNumber { get; init; }

    public required int HallNumber { get; init; }

    public required string International { get; init; }

    public required string Hall { get; init; }

    public required string Choice { get; init; }

    public required string PointGroup { get; init; }

    /// <summary>[9]: fractional coordinates of the standard cell are this matrix times those given, plus the origin shift.</summary>
    public required double[] Transformation { get; init; }

    public required double[] OriginShift { get; init; }

    /// <summary>[operations × 9].</summary>
    public required int[] Rotations { get; init; }

    /// <summary>[operations × 3].</summary>
    public required double[] Translations { get; init; }

    /// <summary>[atoms]: 0 for the Wyckoff letter a.</summary>
    public required int[] Wyckoffs { get; init; }

    /// <summary>[atoms].</summary>
    public required string[] SiteSymmetries { get; init; }

    /// <summary>[atoms]: the first atom of the same class under the operations of the cell given.</summary>
    public required int[] EquivalentAtoms { get; init; }

    /// <summary>[atoms]: the first atom of the same class under the whole space group.</summary>
    public required int[] Orbits { get; init; }

    /// <summary>[atoms]: the atom of the primitive cell.</summary>
    public required int[] ToPrimitive { get; init; }

    /// <summary>[9]; columns are the vectors of the idealised conventional cell, Å.</summary>
    public required double[] StandardLattice { get; init; }

    /// <summary>[standard atoms].</summary>
    public required int[] StandardTypes { get; init; }

    /// <summary>[standard atoms × 3], fractional.</summary>
    public required double[] StandardPositions { get; init; }

    /// <summary>[standard atoms]: the atom of the primitive cell.</summary>
    public required int[] StandardToPrimitive { get; init; }
}

namespace Polymorph.Energies.Relaxation;

/// <summary>What of the cell may change during a relaxation.</summary>
public enum CellFreedom
{
    /// <summary>Nothing: atoms move in the given cell.</summary>
    Fixed,

    /// <summary>All six strains.</summary>
    Full,

    /// <summary>The volume; the shape stays.</summary>
    Volume,

    /// <summary>The shape; the volume stays.</summary>
    Shape,
}

namespace Polymorph.Screening.Hull;

/// <summary>What the energies of a file stand for.</summary>
public enum EnergyUnit
{
    /// <summary>Totals for the formula as written; refused where they look like energies per atom.</summary>
    Detect,

    /// <summary>Totals for the formula as written, unchecked.</summary>
    Total,

    /// <summary>Energies per atom.</summary>
    PerAtom,
}

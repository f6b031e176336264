namespace Polymorph.Energies;

/// <summary>Arithmetic of a potential's networks.</summary>
public enum Precision
{
    /// <summary>Single precision, vectorised: the everyday choice.</summary>
    Single,

    /// <summary>Double precision: the reference.</summary>
    Double,
}

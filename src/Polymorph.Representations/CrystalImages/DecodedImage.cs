using Polymorph.Structures;

namespace Polymorph.Representations.CrystalImages;

/// <summary>Why an image is no crystal.</summary>
public enum ImageFault
{
    /// <summary>It is one.</summary>
    None,

    /// <summary>A number of the cell or of an atom's row is not finite.</summary>
    NotFinite,

    /// <summary>No cell has these lengths and angles.</summary>
    NoCell,

    /// <summary>An element has no atom.</summary>
    ElementMissing,

    /// <summary>An element has other than the wanted number of atoms.</summary>
    CountsDiffer,
}

/// <summary>What an image decodes to.</summary>
/// <param name="Structure">The crystal, or null.</param>
/// <param name="Fault">Why there is none.</param>
public readonly record struct DecodedImage(Structure? Structure, ImageFault Fault);

using Polymorph.Foundation;
using Polymorph.Structures;

namespace Polymorph.Representations.Curves;

/// <summary>What structures must have for a curve.</summary>
internal static class CurveInput
{
    /// <summary>The cell of a crystal.</summary>
    /// <exception cref="PolymorphException">PM3101: the structure does not repeat along all three axes.</exception>
    public static Lattice Cell(Structure structure, string curve) => structure.Periodicity == Periodicity.Full && structure.Lattice is { } cell ? cell
        : throw new PolymorphException("PM3101", $"{curve} needs a crystal that repeats along all three axes", structure.Id.Length > 0 ? structure.Id : null,
            "Give crystals; bonds, angles and coordination numbers serve molecules too.");

    /// <summary>All neighbours within a cutoff.</summary>
    /// <exception cref="PolymorphException">PM3104: too many.</exception>
    public static NeighborList Neighbors(Structure structure, double cutoff)
    {
        try
        {
            return NeighborList.Build(structure, cutoff);
        }
        catch (ArgumentException e)
        {
            throw new PolymorphException("PM3104", e.Message, structure.Id.Length > 0 ? structure.Id : null, "Shorten the range, or check the cell: its atoms may be far too dense.", inner: e);
        }
    }
}

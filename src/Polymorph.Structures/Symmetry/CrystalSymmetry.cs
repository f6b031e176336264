using System.Collections.Immutable;
using Polymorph.Structures.Formats;

namespace Polymorph.Structures.Symmetry;

/// <summary>The symmetry of a crystal within a tolerance.</summary>
public sealed class CrystalSymmetry
{
    private const string Letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

    internal CrystalSymmetry(Structure structure, double symprec, Kernels.SpglibResult found)
    {
        Structure = structure;
        Symprec = symprec;
        Number = found.SpaceGroupNumber;
        International = found.International;
        HallNumber = found.HallNumber;
        Hall = found.Hall;
        Choice = found.Choice;
        PointGroup = found.PointGroup;
        Operations = SymmetryOperation.Many(found.Rotations, found.Translations);
        Wyckoff = [.. found.Wyckoffs.Select(w => (uint)w < Letters.Length ? Letters[w] : '?')];
        SiteSymmetries = [.. found.SiteSymmetries];
        EquivalentAtoms = [.. found.EquivalentAtoms];
        Orbits = [.. found.Orbits];
        Found = found;
    }

    /// <summary>The crystal.</summary>
    public Structure Structure { get; }

    /// <summary>The tolerance, Å.</summary>
    public double Symprec { get; }

    /// <summary>Number of the space group in the International Tables, 1 to 230.</summary>
    public int Number { get; }

    /// <summary>Short Hermann-Mauguin symbol with an underscore before screw axes' index: <c>P2_1/c</c>.</summary>
    public string International { get; }

    /// <summary>The Hermann-Mauguin symbol as CIF writes it: <c>P 21/c</c>, <c>R -3 m :H</c>.</summary>
    public string HermannMauguin => SpaceGroupSymbol.Spaced(International, Choice);

    /// <summary>Number of the setting, 1 to 530, in the order of S. R. Hall, Acta Cryst. A37 (1981) 517.</summary>
    public int HallNumber { get; }

    /// <summary>Hall symbol of the standard cell's setting: <c>-P 2ybc</c>.</summary>
    public string Hall { get; }

    /// <summary>Choice of axes or origin among the settings of the space group; may be empty.</summary>
    public string Choice { get; }

    /// <summary>Hermann-Mauguin symbol of the point group: <c>4/mmm</c>.</summary>
    public string PointGroup { get; }

    /// <summary>Operations on fractional coordinates of the cell given, the identity first.</summary>
    public ImmutableArray<SymmetryOperation> Operations { get; }

    /// <summary>Wyckoff letter of each atom, [atoms]; <c>A</c> follows <c>z</c>.</summary>
    public ImmutableArray<char> Wyckoff { get; }

    /// <summary>Oriented site symmetry of each atom, [atoms]: <c>-4m.2</c>.</summary>
    public ImmutableArray<string> SiteSymmetries { get; }

    /// <summary>The first atom that the operations map on this one, [atoms].</summary>
    public ImmutableArray<int> EquivalentAtoms { get; }

    /// <summary>As <see cref="EquivalentAtoms"/> under the whole space group; differs only where the cell given is a supercell without the symmetry of its crystal, [atoms].</summary>
    public ImmutableArray<int> Orbits { get; }

    /// <summary>The library's own answer.</summary>
    internal Kernels.SpglibResult Found { get; }

    /// <summary>The idealised conventional cell: its symmetry holds to rounding. Turned in space to the standard orientation.</summary>
    public Structure Refined => field ??= SymmetryFinder.ToStructure(Found.StandardLattice, Found.StandardPositions, Found.StandardTypes, Structure.Id, Structure.Properties);

    /// <summary>The atoms of the refined cell that stand for all others, with the operations that make the others of them.</summary>
    /// <exception cref="Foundation.PolymorphException">PM2808: operations and cell do not fit each other.</exception>
    public AsymmetricUnit AsymmetricUnit => field ??= AsymmetricUnit.Of(this);
}

using System.Collections.Immutable;
using Polymorph.Foundation;
using Polymorph.Structures.Formats;
using Polymorph.Structures.Symmetry.Kernels;

namespace Polymorph.Structures.Symmetry;

/// <summary>One atom of the asymmetric unit.</summary>
/// <param name="Element">Its element.</param>
/// <param name="Position">Fractional coordinates in the refined cell.</param>
/// <param name="Multiplicity">How many atoms of the refined cell it stands for.</param>
/// <param name="Wyckoff">Wyckoff letter.</param>
public readonly record struct AsymmetricSite(Element Element, Vector3D Position, int Multiplicity, char Wyckoff);

/// <summary>A crystal as tables of structures list it: the idealised conventional cell, the operations of its space group, and one atom per class of equivalent ones.</summary>
public sealed class AsymmetricUnit
{
    // Both sides are exact but for rounding; a wrong setting would miss by parts of an angstrom.
    private const double MatchDistance = 1e-3;

    private AsymmetricUnit(CrystalSymmetry symmetry, Lattice lattice, ImmutableArray<SymmetryOperation> operations, ImmutableArray<AsymmetricSite> sites) =>
        (Symmetry, Lattice, Operations, Sites) = (symmetry, lattice, operations, sites);

    /// <summary>The symmetry it belongs to.</summary>
    public CrystalSymmetry Symmetry { get; }

    /// <summary>The idealised conventional cell.</summary>
    public Lattice Lattice { get; }

    /// <summary>Operations of the space group in the setting of its Hall symbol, centring translations included; the identity first.</summary>
    public ImmutableArray<SymmetryOperation> Operations { get; }

    /// <summary>The atoms that stand for all others.</summary>
    public ImmutableArray<AsymmetricSite> Sites { get; }

    /// <summary>The asymmetric unit of a crystal whose symmetry is known.</summary>
    /// <exception cref="PolymorphException">PM2808: the operations do not map the refined cell on itself.</exception>
    internal static AsymmetricUnit Of(CrystalSymmetry symmetry)
    {
        var found = symmetry.Found;
        var refined = symmetry.Refined;
        var cell = refined.Lattice!;
        var (rotations, translations) = SpglibLibrary.Instance.Operations(found.HallNumber);
        var operations = SymmetryOperation.Many(rotations, translations);
        var images = Images(found);
        var sites = ImmutableArray.CreateBuilder<AsymmetricSite>();
        var taken = new bool[refined.AtomCount];
        for (int i = 0; i < taken.Length; i++)
        {
            if (taken[i])
            {
                continue;
            }

            int multiplicity = 0;
            var position = Site(found, i);
            foreach (var operation in operations)
            {
                int j = Find(found, cell, found.StandardTypes[i], operation.Apply(position));
                if (j < 0)
                {
                    throw Contradiction(symmetry);
                }

                multiplicity += taken[j] ? 0 : 1;
                taken[j] = true;
            }

            char letter = images.TryGetValue(found.StandardToPrimitive[i], out int original) ? symmetry.Wyckoff[original] : '?';
            sites.Add(new AsymmetricSite(refined.Species[i], position, multiplicity, letter));
        }

        // Atoms nearer than the tolerance of this comparison could be taken for one another.
        return sites.Sum(s => s.Multiplicity) == taken.Length && sites.All(s => s.Multiplicity > 0)
            ? new AsymmetricUnit(symmetry, cell, operations, sites.ToImmutable()) : throw Contradiction(symmetry);
    }

    private static PolymorphException Contradiction(CrystalSymmetry symmetry) => new("PM2808",
        $"the operations of {symmetry.International} do not map the refined cell on itself",
        symmetry.Structure.Id.Length > 0 ? symmetry.Structure.Id : null, "Lower the tolerance, or write the cell in P 1.");

    /// <summary>An atom of the cell given for each atom of the primitive cell.</summary>
    private static Dictionary<int, int> Images(SpglibResult found)
    {
        var images = new Dictionary<int, int>();
        for (int i = 0; i < found.ToPrimitive.Length; i++)
        {
            images.TryAdd(found.ToPrimitive[i], i);
        }

        return images;
    }

    /// <summary>The nearest atom of a type, or -1 when none is where it should be.</summary>
    private static int Find(SpglibResult found, Lattice cell, int type, Vector3D f)
    {
        var (nearest, least) = (-1, MatchDistance * MatchDistance);
        for (int j = 0; j < found.StandardTypes.Length; j++)
        {
            if (found.StandardTypes[j] == type)
            {
                var d = f - Site(found, j);
                double squared = cell.ToCartesian(new(d.X - Math.Round(d.X), d.Y - Math.Round(d.Y), d.Z - Math.Round(d.Z))).LengthSquared;
                (nearest, least) = squared < least ? (j, squared) : (nearest, least);
            }
        }

        return nearest;
    }

    private static Vector3D Site(SpglibResult found, int atom) => new(found.StandardPositions[3 * atom], found.StandardPositions[3 * atom + 1], found.StandardPositions[3 * atom + 2]);
}

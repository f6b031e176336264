using System.Collections.Immutable;
using System.Globalization;
using Polymorph.Foundation;
using Polymorph.Structures.Symmetry.Kernels;

namespace Polymorph.Structures.Symmetry;

/// <summary>Finds the symmetry of crystals with the library spglib, which must be installed; thread-safe.</summary>
/// <remarks>Source: A. Togo, I. Tanaka, arXiv:1808.01590. What the library cannot take is refused before it is called.</remarks>
public static class SymmetryFinder
{
    /// <summary>Tolerance where the user names none, Å; the databases' custom.</summary>
    public const double DefaultSymprec = 0.01;

    /// <summary>Tolerances must be larger than this, Å: coordinates of files have about six digits.</summary>
    public const double SmallestSymprec = 1e-6;

    /// <summary>Largest tolerance, Å.</summary>
    public const double LargestSymprec = 1;

    /// <summary>Most atoms of a cell: the search cannot be stopped and grows with the square of their number; a perfect supercell of 2000 atoms took half a minute.</summary>
    public const int MaxAtoms = 1500;

    /// <summary>Atoms and their images must be this many tolerances apart: each may lie a tolerance off its ideal place, and so may the image an operation makes of it.</summary>
    /// <remarks>Versions before 2.5 of the library end the process in rare cells whose shortest lattice vector is hardly longer than the tolerance
    /// (its issue 483: operations that form no group, and none left at a smaller tolerance).</remarks>
    public const double SmallestSeparation = 4;

    /// <summary>Version of the library.</summary>
    /// <exception cref="PolymorphException">PM2801: it is not installed.</exception>
    public static Version LibraryVersion => SpglibLibrary.Instance.Version;

    /// <summary>Refuses a tolerance that is out of range.</summary>
    /// <param name="symprec">Tolerance, Å.</param>
    /// <exception cref="PolymorphException">PM2802.</exception>
    public static void CheckTolerance(double symprec)
    {
        if (!(symprec > SmallestSymprec && symprec <= LargestSymprec))
        {
            throw new PolymorphException("PM2802", string.Create(CultureInfo.InvariantCulture, $"a symmetry tolerance of {symprec:g4} Å is out of range"), null,
                "Give more than 0.000001 and at most 1; 0.01 suits relaxed crystals, 0.1 distorted ones.", ExitCode.Usage);
        }
    }

    /// <summary>The symmetry of a crystal.</summary>
    /// <param name="structure">Periodic along all three axes.</param>
    /// <param name="symprec">Distance within which atoms count as mapped on each other, Å.</param>
    /// <exception cref="PolymorphException">PM2801 to PM2807: no library, a tolerance out of range, no crystal, a cell the library cannot take,
    /// atoms nearer than four tolerances, too many atoms, no symmetry found.</exception>
    public static CrystalSymmetry Find(Structure structure, double symprec = DefaultSymprec)
    {
        var (lattice, positions, types) = Checked(structure, symprec);
        var found = SpglibLibrary.Instance.Dataset(lattice, positions, types, symprec) ?? throw NotFound(structure, symprec);
        return new CrystalSymmetry(structure, symprec, found);
    }

    /// <summary>A standard cell of a crystal.</summary>
    /// <param name="structure">Periodic along all three axes.</param>
    /// <param name="cell">Which one.</param>
    /// <param name="symprec">Distance within which atoms count as mapped on each other, Å.</param>
    /// <returns>The crystal with its named texts, without its numbers: an energy or a stress belongs to the cell given.</returns>
    /// <exception cref="PolymorphException">As <see cref="Find"/>.</exception>
    public static Structure Standardize(Structure structure, StandardCell cell, double symprec = DefaultSymprec)
    {
        var (lattice, positions, types) = Checked(structure, symprec);
        var (rows, sites, kinds) = SpglibLibrary.Instance.Standardize(lattice, positions, types, cell == StandardCell.Primitive, cell != StandardCell.Conventional, symprec)
            ?? throw NotFound(structure, symprec);
        return ToStructure(rows, sites, kinds, structure.Id, structure.Properties);
    }

    /// <summary>A structure from the library's arrays: columns are lattice vectors, types are atomic numbers.</summary>
    internal static Structure ToStructure(double[] columns, double[] sites, int[] types, string id, ImmutableSortedDictionary<string, object> properties)
    {
        var cell = new Lattice(new(columns[0], columns[3], columns[6]), new(columns[1], columns[4], columns[7]), new(columns[2], columns[5], columns[8]));
        var positions = ImmutableArray.CreateBuilder<Vector3D>(types.Length);
        for (int i = 0; i < types.Length; i++)
        {
            positions.Add(cell.ToCartesian(new(sites[3 * i], sites[3 * i + 1], sites[3 * i + 2])));
        }

        return new Structure([.. types.Select(z => new Element(z))], positions.MoveToImmutable(), cell, Periodicity.Full, id,
            properties.RemoveRange(properties.Where(p => p.Value is not string).Select(p => p.Key)));
    }

    private static (double[] Lattice, double[] Positions, int[] Types) Checked(Structure structure, double symprec)
    {
        ArgumentNullException.ThrowIfNull(structure);
        string? place = structure.Id.Length > 0 ? structure.Id : null;
        CheckTolerance(symprec);
        if (structure.Lattice is not { } cell || structure.Periodicity != Periodicity.Full)
        {
            throw new PolymorphException("PM2803", "a space group needs a crystal that repeats along all three axes", place, "Give crystals; molecules and slabs have none.");
        }

        if (structure.AtomCount > MaxAtoms)
        {
            throw new PolymorphException("PM2806", string.Create(CultureInfo.InvariantCulture, $"the cell has {structure.AtomCount} atoms; the symmetry of at most {MaxAtoms} is sought"), place,
                "Give the primitive cell or a smaller supercell.");
        }

        var faces = cell.FaceDistances;
        double thinnest = Math.Min(faces.X, Math.Min(faces.Y, faces.Z));
        double longest = Math.Max(cell.A.Length, Math.Max(cell.B.Length, cell.C.Length));
        if (!(thinnest > 2 * symprec) || longest > 1e4 * thinnest)
        {
            throw new PolymorphException("PM2804", string.Create(CultureInfo.InvariantCulture,
                $"the cell is too thin or too long to have a symmetry within {symprec:g4} Å: its planes are {thinnest:g4} Å apart, its longest edge has {longest:g4} Å"), place,
                "Check the cell; its unit is Å. A smaller tolerance admits thinner cells.");
        }

        if (ClosePair.FindAny(structure, SmallestSeparation * symprec) is { } pair)
        {
            throw new PolymorphException("PM2805", string.Create(CultureInfo.InvariantCulture,
                $"atoms {pair.First + 1} and {pair.Second + 1} are {pair.Distance:0.####} Å apart, nearer than {SmallestSeparation:g} times the tolerance of {symprec:g4} Å"), place,
                "Lower the tolerance, or remove the doubled atom.");
        }

        return Arrays(structure, cell);
    }

    // The library rounds coordinates to integers of 32 bits: they go in wrapped into the cell.
    private static (double[] Lattice, double[] Positions, int[] Types) Arrays(Structure structure, Lattice cell)
    {
        double[] lattice = [cell.A.X, cell.B.X, cell.C.X, cell.A.Y, cell.B.Y, cell.C.Y, cell.A.Z, cell.B.Z, cell.C.Z];
        double[] positions = new double[3 * structure.AtomCount];
        int[] types = new int[structure.AtomCount];
        for (int i = 0; i < types.Length; i++)
        {
            var f = cell.ToFractional(structure.Positions[i]);
            for (int axis = 0; axis < 3; axis++)
            {
                positions[3 * i + axis] = f[axis] - Math.Floor(f[axis]);
            }

            types[i] = structure.Species[i].Number;
        }

        return (lattice, positions, types);
    }

    private static PolymorphException NotFound(Structure structure, double symprec) => new("PM2807",
        string.Create(CultureInfo.InvariantCulture, $"no space group was found within {symprec:g4} Å: atoms fit some operations of a group and not others"),
        structure.Id.Length > 0 ? structure.Id : null, "Lower the tolerance.");
}

using System.Runtime.InteropServices;
using System.Text;
using Polymorph.Foundation;

namespace Polymorph.Structures.Symmetry.Kernels;

/// <summary>The C library spglib, loaded when first needed; every array that crosses the border is sized here.</summary>
/// <remarks>Thread-safe: the functions called here keep their state on the stack and the heap. The one variable that threads share,
/// the code of the last error, is never read; a failure shows in the returned pointer or count.</remarks>
internal sealed unsafe class SpglibLibrary
{
    /// <summary>Names of the library on Linux (Debian, upstream), macOS and Windows.</summary>
    public static readonly string[] Names = ["libsymspg.so.1", "libsymspg.so.2", "libsymspg.so", "libsymspg.2.dylib", "libsymspg.dylib", "symspg.dll", "libsymspg.dll"];

    // The setting that widens an angle tolerance from the distance tolerance, spglib's default.
    private const double AngleFromDistance = -1;
    private const int LargestGroup = 192;

    private static readonly Lazy<SpglibLibrary> Loaded = new(() => Load(
        Environment.GetEnvironmentVariable("POLYMORPH_SPGLIB") is { Length: > 0 } path ? [path] : Names));

    private readonly delegate* unmanaged<double*, double*, int*, int, double, double, SpglibDataset*> _getDataset;
    private readonly delegate* unmanaged<SpglibDataset*, void> _freeDataset;
    private readonly delegate* unmanaged<double*, double*, int*, int, int, int, double, double, int> _standardize;
    private readonly delegate* unmanaged<int*, double*, int, int> _database;

    private SpglibLibrary(nint handle, string name)
    {
        var major = (delegate* unmanaged<int>)Export(handle, name, "spg_get_major_version");
        var minor = (delegate* unmanaged<int>)Export(handle, name, "spg_get_minor_version");
        var micro = (delegate* unmanaged<int>)Export(handle, name, "spg_get_micro_version");
        Version = new Version(major(), minor(), micro());
        if (Version < new Version(1, 16) || Version.Major > 2)
        {
            throw Missing($"the library spglib found ({name}) has the version {Version}; versions 1.16 to 2 serve");
        }

        _getDataset = (delegate* unmanaged<double*, double*, int*, int, double, double, SpglibDataset*>)Export(handle, name, "spgat_get_dataset");
        _freeDataset = (delegate* unmanaged<SpglibDataset*, void>)Export(handle, name, "spg_free_dataset");
        _standardize = (delegate* unmanaged<double*, double*, int*, int, int, int, double, double, int>)Export(handle, name, "spgat_standardize_cell");
        _database = (delegate* unmanaged<int*, double*, int, int>)Export(handle, name, "spg_get_symmetry_from_database");
    }

    /// <summary>The library of this process.</summary>
    /// <exception cref="PolymorphException">PM2801: it is not installed, or of another version.</exception>
    public static SpglibLibrary Instance => Loaded.Value;

    /// <summary>Version of the library.</summary>
    public Version Version { get; }

    /// <summary>Loads the first library of a list that exists.</summary>
    /// <param name="names">File names or paths.</param>
    /// <exception cref="PolymorphException">PM2801.</exception>
    public static SpglibLibrary Load(IEnumerable<string> names)
    {
        foreach (string name in names)
        {
            if (NativeLibrary.TryLoad(name, out nint handle))
            {
                return new SpglibLibrary(handle, name);
            }
        }

        throw Missing("the library spglib, which finds symmetries, is not installed");
    }

    /// <summary>Symmetry of a crystal.</summary>
    /// <param name="lattice">[9]; columns are the lattice vectors, Å.</param>
    /// <param name="positions">[atoms × 3], fractional.</param>
    /// <param name="types">[atoms], any numbers that tell species apart.</param>
    /// <param name="symprec">Tolerance, Å.</param>
    /// <returns>Null when none was found.</returns>
    public SpglibResult? Dataset(ReadOnlySpan<double> lattice, ReadOnlySpan<double> positions, ReadOnlySpan<int> types, double symprec)
    {
        SpglibDataset* dataset;
        fixed (double* l = lattice, p = positions)
        {
            fixed (int* t = types)
            {
                dataset = _getDataset(l, p, t, types.Length, symprec, AngleFromDistance);
            }
        }

        if (dataset == null)
        {
            return null;
        }

        try
        {
            return dataset->SpacegroupNumber > 0 && dataset->AtomCount == types.Length ? Copy(dataset) : null;
        }
        finally
        {
            _freeDataset(dataset);
        }
    }

    /// <summary>The standard cell of a crystal.</summary>
    /// <param name="lattice">[9]; columns are the lattice vectors, Å.</param>
    /// <param name="positions">[atoms × 3], fractional.</param>
    /// <param name="types">[atoms].</param>
    /// <param name="primitive">True for the primitive cell.</param>
    /// <param name="idealized">True to remove distortions within the tolerance.</param>
    /// <param name="symprec">Tolerance, Å.</param>
    /// <returns>Lattice (columns), positions and types, or null when there is none.</returns>
    public (double[] Lattice, double[] Positions, int[] Types)? Standardize(
        ReadOnlySpan<double> lattice, ReadOnlySpan<double> positions, ReadOnlySpan<int> types, bool primitive, bool idealized, double symprec)
    {
        // A face-centred cell holds four times the atoms of its primitive cell; the library writes in place.
        const int largestCentering = 4;
        double[] cell = lattice.ToArray(), sites = new double[largestCentering * positions.Length];
        int[] kinds = new int[largestCentering * types.Length];
        positions.CopyTo(sites);
        types.CopyTo(kinds);
        int count;
        fixed (double* l = cell, p = sites)
        {
            fixed (int* t = kinds)
            {
                count = _standardize(l, p, t, types.Length, primitive ? 1 : 0, idealized ? 0 : 1, symprec, AngleFromDistance);
            }
        }

        return count > 0 && count <= kinds.Length ? (cell, sites[..(3 * count)], kinds[..count]) : null;
    }

    /// <summary>The operations of a space group in its setting of the tables.</summary>
    /// <param name="hallNumber">1 to 530.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no setting of this number.</exception>
    public (int[] Rotations, double[] Translations) Operations(int hallNumber)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(hallNumber, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(hallNumber, 530);
        int[] rotations = new int[9 * LargestGroup];
        double[] translations = new double[3 * LargestGroup];
        int count;
        fixed (int* r = rotations)
        {
            fixed (double* t = translations)
            {
                count = _database(r, t, hallNumber);
            }
        }

        return (rotations[..(9 * count)], translations[..(3 * count)]);
    }

    private static SpglibResult Copy(SpglibDataset* p)
    {
        int atoms = p->AtomCount, standard = p->StandardAtomCount;
        var siteSymmetries = new string[atoms];
        for (int i = 0; i < atoms; i++)
        {
            siteSymmetries[i] = Text(p->SiteSymmetries + i * SpglibDataset.SiteSymmetryLength, SpglibDataset.SiteSymmetryLength);
        }

        return new SpglibResult
        {
            SpaceGroupNumber = p->SpacegroupNumber,
            HallNumber = p->HallNumber,
            International = Text(p->International, SpglibDataset.InternationalLength),
            Hall = Text(p->Hall, SpglibDataset.HallLength),
            Choice = Text(p->Choice, SpglibDataset.ChoiceLength),
            PointGroup = Text(p->PointGroup, SpglibDataset.PointGroupLength),
            Transformation = new ReadOnlySpan<double>(p->Transformation, 9).ToArray(),
            OriginShift = new ReadOnlySpan<double>(p->OriginShift, 3).ToArray(),
            Rotations = new ReadOnlySpan<int>(p->Rotations, 9 * p->OperationCount).ToArray(),
            Translations = new ReadOnlySpan<double>(p->Translations, 3 * p->OperationCount).ToArray(),
            Wyckoffs = new ReadOnlySpan<int>(p->Wyckoffs, atoms).ToArray(),
            SiteSymmetries = siteSymmetries,
            EquivalentAtoms = new ReadOnlySpan<int>(p->EquivalentAtoms, atoms).ToArray(),
            Orbits = new ReadOnlySpan<int>(p->CrystallographicOrbits, atoms).ToArray(),
            ToPrimitive = new ReadOnlySpan<int>(p->ToPrimitive, atoms).ToArray(),
            StandardLattice = new ReadOnlySpan<double>(p->StandardLattice, 9).ToArray(),
            StandardTypes = new ReadOnlySpan<int>(p->StandardTypes, standard).ToArray(),
            StandardPositions = new ReadOnlySpan<double>(p->StandardPositions, 3 * standard).ToArray(),
            StandardToPrimitive = new ReadOnlySpan<int>(p->StandardToPrimitive, standard).ToArray(),
        };
    }

    private static string Text(byte* start, int length)
    {
        var bytes = new ReadOnlySpan<byte>(start, length);
        int end = bytes.IndexOf((byte)0);
        return Encoding.ASCII.GetString(end < 0 ? bytes : bytes[..end]).Trim();
    }

    private static nint Export(nint handle, string library, string function) => NativeLibrary.TryGetExport(handle, function, out nint address) ? address
        : throw Missing($"the library {library} is not spglib: it has no {function}");

    private static PolymorphException Missing(string reason) => new("PM2801", reason, null,
        "Install it (Debian and Ubuntu: 'sudo apt-get install libsymspg1'; others: 'conda install spglib'), or name the file in POLYMORPH_SPGLIB.", ExitCode.EngineFailed);
}

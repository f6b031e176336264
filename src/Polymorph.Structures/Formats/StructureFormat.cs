namespace Polymorph.Structures.Formats;

/// <summary>File formats of structures.</summary>
public enum StructureFormat
{
    /// <summary>XYZ: atom count, comment, symbol and position per line. Read as extended XYZ where the comment says so.</summary>
    Xyz,

    /// <summary>Extended XYZ: XYZ with the cell, named values and named columns in the comment line.</summary>
    ExtendedXyz,

    /// <summary>VASP's POSCAR and CONTCAR.</summary>
    Poscar,

    /// <summary>Crystallographic Information File.</summary>
    Cif,

    /// <summary>VASP's XDATCAR: the configurations of a run. Read only.</summary>
    Xdatcar,

    /// <summary>JSON: answers of OPTIMADE, structures and molecules of pymatgen, records of benchmarks, alone, in lists or one per line. Read only.</summary>
    Json,

    /// <summary>JSON Lines; written as those of OPTIMADE, read as every <see cref="Json"/>.</summary>
    JsonLines,

    /// <summary>CSV. Read: a CIF per row, as benchmarks are published. Written: a row per structure with its cell and properties, without positions.</summary>
    Csv,

    /// <summary>Database of ASE in SQLite. Read only.</summary>
    AseDatabase,

    /// <summary>Trajectory of ASE. Read only.</summary>
    AseTrajectory,
}

/// <summary>Names of formats and of the files that hold them.</summary>
public static class StructureFormats
{
    /// <summary>The names a user may give, and what they mean.</summary>
    public static IReadOnlyDictionary<string, StructureFormat> Names { get; } = new SortedDictionary<string, StructureFormat>(StringComparer.OrdinalIgnoreCase)
    {
        ["xyz"] = StructureFormat.Xyz,
        ["extxyz"] = StructureFormat.ExtendedXyz,
        ["poscar"] = StructureFormat.Poscar,
        ["contcar"] = StructureFormat.Poscar,
        ["vasp"] = StructureFormat.Poscar,
        ["cif"] = StructureFormat.Cif,
        ["xdatcar"] = StructureFormat.Xdatcar,
        ["json"] = StructureFormat.Json,
        ["jsonl"] = StructureFormat.JsonLines,
        ["optimade"] = StructureFormat.JsonLines,
        ["csv"] = StructureFormat.Csv,
        ["db"] = StructureFormat.AseDatabase,
        ["traj"] = StructureFormat.AseTrajectory,
    };

    /// <summary>The format that a file's name stands for (<c>.gz</c> is looked through), or null.</summary>
    /// <param name="path">Path or name of a file: <c>a.extxyz</c>, <c>POSCAR</c>, <c>CONTCAR_12.gz</c>, <c>b.vasp</c>.</param>
    public static StructureFormat? FromName(string path)
    {
        string name = Path.GetFileName(path);
        if (name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase))
        {
            name = name[..^3];
        }

        string extension = Path.GetExtension(name).TrimStart('.');
        if (Names.TryGetValue(extension, out var format))
        {
            return format;
        }

        return name.StartsWith("POSCAR", StringComparison.Ordinal) || name.StartsWith("CONTCAR", StringComparison.Ordinal) ? StructureFormat.Poscar
            : name.StartsWith("XDATCAR", StringComparison.Ordinal) ? StructureFormat.Xdatcar
            : null;
    }

    /// <summary>True for formats that can be written.</summary>
    /// <param name="format">The format.</param>
    public static bool CanBeWritten(this StructureFormat format) =>
        format is StructureFormat.Xyz or StructureFormat.ExtendedXyz or StructureFormat.Poscar or StructureFormat.Cif or StructureFormat.JsonLines or StructureFormat.Csv;

    /// <summary>The format to write that a file's name stands for, or null.</summary>
    /// <param name="path">Path or name of a file.</param>
    public static StructureFormat? WrittenAs(string path) => FromName(path) is { } format && format.CanBeWritten() ? format : null;

    /// <summary>The name of a format in messages.</summary>
    /// <param name="format">The format.</param>
    public static string Title(this StructureFormat format) => format switch
    {
        StructureFormat.Xyz => "xyz",
        StructureFormat.ExtendedXyz => "extxyz",
        StructureFormat.Poscar => "POSCAR",
        StructureFormat.Xdatcar => "XDATCAR",
        StructureFormat.Json or StructureFormat.JsonLines => "JSON",
        StructureFormat.Csv => "CSV",
        StructureFormat.AseDatabase => "a database of ASE",
        StructureFormat.AseTrajectory => "a trajectory of ASE",
        _ => "CIF",
    };
}

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

        return name.StartsWith("POSCAR", StringComparison.Ordinal) || name.StartsWith("CONTCAR", StringComparison.Ordinal) ? StructureFormat.Poscar : null;
    }

    /// <summary>The name of a format in messages.</summary>
    /// <param name="format">The format.</param>
    public static string Title(this StructureFormat format) => format switch
    {
        StructureFormat.Xyz => "xyz",
        StructureFormat.ExtendedXyz => "extxyz",
        StructureFormat.Poscar => "POSCAR",
        _ => "CIF",
    };
}

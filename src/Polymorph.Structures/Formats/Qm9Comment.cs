using System.Collections.Immutable;

namespace Polymorph.Structures.Formats;

/// <summary>The comment line of a QM9 file: a tag, a number and fifteen properties of the molecule, B3LYP/6-31G(2df,p).</summary>
/// <remarks>The values are kept in the units of the data set, which their names tell; <c>energy</c> is the electronic energy U₀ - ZPVE in eV.
/// Source: Ramakrishnan, Dral, Rupp, von Lilienfeld, Sci. Data 1 (2014) 140022, tables 2 and 3.</remarks>
internal static class Qm9Comment
{
    private const int ColumnCount = 17;

    // CODATA 2018.
    private const double ElectronvoltsPerHartree = 27.211386245988;

    private static readonly string[] Names =
    [
        "rotational_constant_A_GHz", "rotational_constant_B_GHz", "rotational_constant_C_GHz", "dipole_moment_D", "polarizability_bohr3", "homo_Ha", "lumo_Ha", "gap_Ha",
        "spatial_extent_bohr2", "zpve_Ha", "U0_Ha", "U_Ha", "H_Ha", "G_Ha", "heat_capacity_cal_per_mol_K",
    ];

    /// <summary>Symbol, position, Mulliken charge.</summary>
    public static PropertyColumns Columns { get; } = PropertyColumns.Parse("species:S:1:pos:R:3:mulliken_charges:R:1", 0);

    /// <summary>True when a comment line begins as those of QM9 do.</summary>
    public static bool IsOne(string comment) => comment.StartsWith("gdb ", StringComparison.Ordinal);

    /// <summary>The properties; null when this is another comment.</summary>
    public static ImmutableSortedDictionary<string, object>? Parse(string comment)
    {
        if (!IsOne(comment))
        {
            return null;
        }

        var words = comment.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        if (words.Length != ColumnCount || !NumberText.TryLong(words[1], out _))
        {
            return null;
        }

        var properties = ImmutableSortedDictionary.CreateBuilder<string, object>(StringComparer.Ordinal);
        properties["id"] = $"{words[0]}_{words[1]}";
        for (int k = 0; k < Names.Length; k++)
        {
            if (!NumberText.TryDouble(words[k + 2], out double value))
            {
                return null;
            }

            properties[Names[k]] = value;
        }

        properties["energy"] = ElectronvoltsPerHartree * ((double)properties["U0_Ha"] - (double)properties["zpve_Ha"]);
        properties["method"] = "b3lyp-6-31g-2df-p";
        return properties.ToImmutable();
    }

    /// <summary>What the three lines after the atoms say: frequencies, cm⁻¹; SMILES and InChI of the relaxed geometry (the first of the pair is that of the database it began from).</summary>
    public static IEnumerable<KeyValuePair<string, object>> ParseEnd(string frequencies, string smiles, string inchi)
    {
        var numbers = frequencies.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries).Select(w => NumberText.TryDouble(w, out double value) ? value : double.NaN).ToArray();
        if (numbers.Length > 0 && !Array.Exists(numbers, double.IsNaN))
        {
            yield return new("frequencies_per_cm", numbers);
        }

        if (Last(smiles) is { } text)
        {
            yield return new("smiles", text);
        }

        if (Last(inchi) is { } identifier)
        {
            yield return new("inchi", identifier);
        }
    }

    private static string? Last(string line) => line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries).LastOrDefault();
}

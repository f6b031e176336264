using System.Globalization;
using Polymorph.Structures.Symmetry;

namespace Polymorph.Structures.Formats;

/// <summary>Writes CIF: the whole cell in P 1, or the asymmetric unit with the operations of its space group. The cell's orientation in space is lost, as CIF has none.</summary>
internal static class CifWriter
{
    private const string SiteColumns = """
        loop_
        _atom_site_label
        _atom_site_type_symbol
        _atom_site_fract_x
        _atom_site_fract_y
        _atom_site_fract_z
        _atom_site_occupancy

        """;

    /// <summary>Every atom of the cell, in P 1.</summary>
    public static void Write(TextWriter writer, Structure structure, long index)
    {
        var cell = FormatLimits.FullCell(structure, "CIF");
        WriteHead(writer, structure, structure.Composition, cell, index);
        writer.Write("""
            _space_group_name_H-M_alt 'P 1'
            _space_group_IT_number 1
            loop_
            _space_group_symop_operation_xyz
            'x, y, z'

            """);
        writer.Write(SiteColumns);
        for (int i = 0; i < structure.AtomCount; i++)
        {
            WriteSite(writer, structure.Species[i].Symbol, i + 1, cell.ToFractional(structure.Positions[i]));
            writer.Write(" 1\n");
        }
    }

    /// <summary>The asymmetric unit of the refined cell, with Hermann-Mauguin and Hall symbols and all operations.</summary>
    public static void Write(TextWriter writer, AsymmetricUnit unit, long index)
    {
        var symmetry = unit.Symmetry;
        WriteHead(writer, symmetry.Structure, symmetry.Refined.Composition, unit.Lattice, index);
        writer.Write(string.Create(CultureInfo.InvariantCulture, $"""
            _space_group_name_H-M_alt '{symmetry.HermannMauguin}'
            _space_group_name_Hall {Quoted(symmetry.Hall)}
            _space_group_IT_number {symmetry.Number}
            loop_
            _space_group_symop_operation_xyz

            """));
        foreach (var operation in unit.Operations)
        {
            writer.Write('\'');
            writer.Write(operation.ToString());
            writer.Write("'\n");
        }

        writer.Write(SiteColumns);
        writer.Write("""
            _atom_site_site_symmetry_multiplicity
            _atom_site_Wyckoff_symbol

            """);
        for (int i = 0; i < unit.Sites.Length; i++)
        {
            var site = unit.Sites[i];
            WriteSite(writer, site.Element.Symbol, i + 1, site.Position);
            writer.Write(" 1 ");
            writer.Write(site.Multiplicity);
            writer.Write(' ');
            writer.Write(site.Wyckoff);
            writer.Write('\n');
        }
    }

    private static void WriteHead(TextWriter writer, Structure structure, Composition composition, Lattice cell, long index)
    {
        string name = structure.Properties.GetValueOrDefault("data_block") as string ?? structure.Id;
        name = string.Concat(name.Select(c => c is > ' ' and < '\u007f' ? c : '_'));
        var (lengths, angles) = (cell.Lengths, 180 / Math.PI * cell.Angles);
        writer.Write(string.Create(CultureInfo.InvariantCulture, $"""
            {(index > 0 ? "\n" : "")}data_{(name.Length == 0 ? structure.Composition.Formula : name)}
            _chemical_formula_sum '{string.Join(' ', composition.Counts.Select(c => c.Key.Symbol + c.Value.ToString(CultureInfo.InvariantCulture)))}'
            _cell_length_a {NumberText.Write(lengths.X)}
            _cell_length_b {NumberText.Write(lengths.Y)}
            _cell_length_c {NumberText.Write(lengths.Z)}
            _cell_angle_alpha {NumberText.Write(angles.X)}
            _cell_angle_beta {NumberText.Write(angles.Y)}
            _cell_angle_gamma {NumberText.Write(angles.Z)}
            _cell_volume {NumberText.Write(cell.Volume)}

            """));
    }

    // Hall symbols have primes, single or double, for diagonal axes.
    private static string Quoted(string symbol) => symbol.Contains('\'', StringComparison.Ordinal) ? $"\"{symbol}\"" : $"'{symbol}'";

    private static void WriteSite(TextWriter writer, string symbol, int number, Vector3D f)
    {
        writer.Write(symbol);
        writer.Write(number);
        writer.Write(' ');
        writer.Write(symbol);
        for (int axis = 0; axis < 3; axis++)
        {
            writer.Write(' ');
            writer.Write(NumberText.Write(f[axis]));
        }
    }
}

using System.Globalization;

namespace Polymorph.Structures.Formats;

/// <summary>Writes CIF in P 1: cell parameters and fractional coordinates of every atom. The cell's orientation in space is lost, as CIF has none.</summary>
internal static class CifWriter
{
    public static void Write(TextWriter writer, Structure structure, long index)
    {
        var cell = FormatLimits.FullCell(structure, "CIF");
        string name = structure.Properties.GetValueOrDefault("data_block") as string ?? structure.Id;
        name = string.Concat(name.Select(c => c is > ' ' and < '\u007f' ? c : '_'));
        var (lengths, angles) = (cell.Lengths, 180 / Math.PI * cell.Angles);
        writer.Write($"""
            {(index > 0 ? "\n" : "")}data_{(name.Length == 0 ? structure.Composition.Formula : name)}
            _chemical_formula_sum '{string.Join(' ', structure.Composition.Counts.Select(c => c.Key.Symbol + c.Value.ToString(CultureInfo.InvariantCulture)))}'
            _cell_length_a {NumberText.Write(lengths.X)}
            _cell_length_b {NumberText.Write(lengths.Y)}
            _cell_length_c {NumberText.Write(lengths.Z)}
            _cell_angle_alpha {NumberText.Write(angles.X)}
            _cell_angle_beta {NumberText.Write(angles.Y)}
            _cell_angle_gamma {NumberText.Write(angles.Z)}
            _cell_volume {NumberText.Write(cell.Volume)}
            _space_group_name_H-M_alt 'P 1'
            _space_group_IT_number 1
            loop_
            _space_group_symop_operation_xyz
            'x, y, z'
            loop_
            _atom_site_label
            _atom_site_type_symbol
            _atom_site_fract_x
            _atom_site_fract_y
            _atom_site_fract_z
            _atom_site_occupancy

            """);
        var fractional = structure.FractionalPositions;
        for (int i = 0; i < structure.AtomCount; i++)
        {
            string symbol = structure.Species[i].Symbol;
            writer.Write(string.Create(CultureInfo.InvariantCulture, $"{symbol}{i + 1} {symbol} {NumberText.Write(fractional[i].X)} {NumberText.Write(fractional[i].Y)} {NumberText.Write(fractional[i].Z)} 1\n"));
        }
    }
}

namespace Polymorph.Structures.Formats;

/// <summary>A site of the asymmetric unit.</summary>
internal sealed record CifSite(string Label, Element Element, Vector3D Position, long Line);

/// <summary>Reads the loop of atom sites and refuses what is no definite atom.</summary>
internal static class CifSites
{
    public static List<CifSite> Read(CifBlock block, ReadOptions options)
    {
        var (x, y, z) = (block.Column("_atom_site_fract_x"), block.Column("_atom_site_fract_y"), block.Column("_atom_site_fract_z"));
        if (x is null || y is null || z is null)
        {
            throw block.Column("_atom_site_cartn_x") is [var cartesian, ..]
                ? new InputProblemException("PM2417", cartesian.Line, "the atoms have Cartesian coordinates, whose axes the file does not tie to the cell", "Convert them to _atom_site_fract_x, _y and _z.")
                : new InputProblemException("PM2416", block.Line, $"the data block '{StructureChecks.Shown(block.Name)}' has no atoms (_atom_site_fract_x, _y, _z)", "Look for the block with the refined structure.");
        }

        var (labels, types) = (block.Column("_atom_site_label"), block.Column("_atom_site_type_symbol"));
        var (occupancies, groups) = (block.Column("_atom_site_occupancy"), block.Column("_atom_site_disorder_group"));
        var (hydrogens, flags) = (block.Column("_atom_site_attached_hydrogens"), block.Column("_atom_site_calc_flag"));
        var formula = block.Value("_chemical_formula_sum")?.Text;
        var sites = new List<CifSite>();
        for (int row = 0; row < x.Count; row++)
        {
            string label = At(labels, row)?.Text ?? At(types, row)?.Text ?? "?";
            long line = x[row].Line;
            if (At(flags, row)?.Text == "dum")
            {
                continue;
            }

            RefuseDisorder(label, At(occupancies, row), At(groups, row), At(hydrogens, row), options);
            var element = At(types, row) is { IsMissing: false } type ? CifElements.FromType(type.Text, line) : CifElements.FromLabel(label, formula, line);
            if (At(y, row) is not { } fy || At(z, row) is not { } fz)
            {
                throw new InputProblemException("PM2409", line, "the columns of the atom sites are not equally long", "Put them in one loop.");
            }

            sites.Add(new CifSite(label, element, new Vector3D(Number(x[row], "x", options), Number(fy, "y", options), Number(fz, "z", options)), line));
        }

        return sites.Count > 0 ? sites : throw new InputProblemException("PM2416", block.Line, $"the data block '{StructureChecks.Shown(block.Name)}' has no atoms", "Look for the block with the refined structure.");
    }

    /// <summary>A number with or without its uncertainty: <c>3.8227(1)</c>.</summary>
    public static double Number(CifToken token, string what, ReadOptions options)
    {
        if (token.IsMissing)
        {
            throw new InputProblemException("PM2413", token.Line, $"{what} is unknown ({token.Text})", "The structure is not fully determined; choose another entry.");
        }

        var text = token.Text.AsSpan().Trim();
        int bracket = text.IndexOf('(');
        bool uncertainty = bracket > 0 && text[^1] == ')' && text.Length > bracket + 2 && !text[(bracket + 1)..^1].ContainsAnyExceptInRange('0', '9');
        return StructureChecks.Number(uncertainty ? text[..bracket] : text, what, token.Line, options);
    }

    private static void RefuseDisorder(string label, CifToken? occupancy, CifToken? group, CifToken? hydrogens, ReadOptions options)
    {
        // Refined occupancies of full sites scatter in the last digit.
        if (occupancy is { IsMissing: false } o && Math.Abs(Number(o, "the occupancy", options) - 1) > 1e-3)
        {
            throw new InputProblemException("PM2403", o.Line, $"the site {StructureChecks.Shown(label)} is partly occupied ({StructureChecks.Shown(o.Text)})",
                "Make an ordered structure of it first (a supercell with whole atoms).");
        }

        if (group is { IsMissing: false } g && g.Text != "0")
        {
            throw new InputProblemException("PM2404", g.Line, $"the site {StructureChecks.Shown(label)} is disordered (disorder group {StructureChecks.Shown(g.Text)})", "Keep one of the alternatives and remove the column.");
        }

        if (hydrogens is { IsMissing: false } h && Number(h, "the number of attached hydrogen atoms", options) != 0)
        {
            throw new InputProblemException("PM2418", h.Line, $"the site {StructureChecks.Shown(label)} has {StructureChecks.Shown(h.Text)} hydrogen atoms without positions", "Add the hydrogen atoms first.");
        }
    }

    private static CifToken? At(List<CifToken>? column, int row) => column is not null && row < column.Count ? column[row] : null;
}

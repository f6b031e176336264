namespace Polymorph.Structures.Formats;

/// <summary>The items of one data block that say where atoms are; everything else is skipped while reading.</summary>
internal sealed class CifBlock(string name, long line)
{
    private static readonly HashSet<string> Wanted =
    [
        "_cell_length_a", "_cell_length_b", "_cell_length_c", "_cell_angle_alpha", "_cell_angle_beta", "_cell_angle_gamma", "_cell_modulation_dimension",
        "_space_group_symop_operation_xyz", "_symmetry_equiv_pos_as_xyz", "_space_group_name_h-m_alt", "_space_group_name_h-m_full", "_symmetry_space_group_name_h-m",
        "_space_group_name_hall", "_symmetry_space_group_name_hall", "_space_group_it_number", "_symmetry_int_tables_number", "_chemical_formula_sum",
        "_atom_site_label", "_atom_site_type_symbol", "_atom_site_fract_x", "_atom_site_fract_y", "_atom_site_fract_z", "_atom_site_cartn_x",
        "_atom_site_occupancy", "_atom_site_disorder_group", "_atom_site_attached_hydrogens", "_atom_site_calc_flag",
    ];

    private readonly Dictionary<string, List<CifToken>> _items = [];

    private long _text;

    /// <summary>Name of the block, after <c>data_</c>.</summary>
    public string Name => name;

    /// <summary>Line where it begins.</summary>
    public long Line => line;

    /// <summary>True when the block says anything about a cell or about atoms; blocks with an article's title do not.</summary>
    public bool IsStructure => _items.Keys.Any(k => k.StartsWith("_cell_length", StringComparison.Ordinal) || k.StartsWith("_atom_site", StringComparison.Ordinal));

    /// <summary>The values of an item, or null when there is none. A loop's columns are equally long.</summary>
    public List<CifToken>? Column(string item) => _items.GetValueOrDefault(item);

    /// <summary>The first value there is among several spellings of an item; null when all are absent or unknown.</summary>
    public CifToken? Value(params ReadOnlySpan<string> spellings)
    {
        foreach (string item in spellings)
        {
            if (Column(item) is [var value, ..] && !value.IsMissing)
            {
                return value;
            }
        }

        return null;
    }

    /// <summary>Takes one item, or one loop.</summary>
    public void Read(CifToken first, CifTokens tokens, ReadOptions options)
    {
        if (first.Kind == CifKind.Loop)
        {
            ReadLoop(first, tokens, options);
            return;
        }

        var value = tokens.Next();
        if (value.Kind != CifKind.Value)
        {
            tokens.Push(value);
            throw new InputProblemException("PM2408", first.Line, $"{StructureChecks.Shown(first.Text)} has no value", "Write ? when it is unknown.");
        }

        Add(first, [value]);
    }

    private void ReadLoop(CifToken loop, CifTokens tokens, ReadOptions options)
    {
        var columns = new List<(CifToken Name, List<CifToken>? Values)>();
        var token = tokens.Next();
        for (; token.Kind == CifKind.Name; token = tokens.Next())
        {
            CountText(token, options);
            columns.Add((token, Wanted.Contains(token.Text) ? [] : null));
        }

        long count = 0;
        for (; token.Kind == CifKind.Value && columns.Count > 0; token = tokens.Next(), count++)
        {
            if (columns[(int)(count % columns.Count)].Values is { } values)
            {
                if (values.Count == options.MaxAtoms)
                {
                    throw new InputProblemException("PM2113", token.Line, $"the loop has more than {options.MaxAtoms} rows", "Raise the limit on the number of atoms if this is meant.");
                }

                CountText(token, options);
                values.Add(token);
            }
        }

        tokens.Push(token);
        if (columns.Count == 0 || count % columns.Count != 0)
        {
            throw new InputProblemException("PM2409", loop.Line, $"the loop has {columns.Count} columns but {count} values, which do not fill whole rows",
                "Look for a value with a blank that is not in quotes, or a missing value.");
        }

        foreach (var (item, values) in columns)
        {
            if (values is not null)
            {
                Add(item, values);
            }
        }
    }

    private void CountText(CifToken token, ReadOptions options)
    {
        _text += token.Text.Length;
        if (_text > options.MaxText)
        {
            throw new InputProblemException("PM2113", token.Line, $"the loops of the data block '{StructureChecks.Shown(name)}' hold more text than {options.MaxText} characters", "Look for a quotation mark that is missing.");
        }
    }

    private void Add(CifToken item, List<CifToken> values)
    {
        if (Wanted.Contains(item.Text) && !_items.TryAdd(item.Text, values))
        {
            throw new InputProblemException("PM2410", item.Line, $"{item.Text} occurs twice in the data block '{StructureChecks.Shown(name)}'", "Remove one of the two.");
        }
    }
}

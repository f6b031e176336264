using Polymorph.Structures.Formats;
using Polymorph.Testing;
using Xunit;

namespace Polymorph.Structures.Tests;

public sealed class CifTests
{
    // Wurtzite (COD 1101051): the listed 0.3333 is a third, so that the twelve operations give two atoms of each kind.
    private const string Wurtzite = """
        #\#CIF_1.1
        data_article
        _publ_section_title
        ;
         A text with data_fake and 'quotes and
         loop_ inside
        ;
        data_wurtzite
        _journal_name_full 'Author's journal'
        _cell_length_a 3.8227(1)
        _cell_length_b 3.8227(1)
        _cell_length_c 6.2607(1)
        _cell_angle_alpha 90
        _cell_angle_beta 90
        _cell_angle_gamma 120
        _symmetry_space_group_name_H-M 'P 63 m c'
        loop_
        _symmetry_equiv_pos_site_id
        _symmetry_equiv_pos_as_xyz
        1 x,y,z
        2 -y,x-y,z
        3 y-x,-x,z
        4 -y,-x,z
        5 y-x,y,z
        6 x,x-y,z
        7 -x,-y,1/2+z
        8 '+y, y-x, z+.5'
        9 X-Y,X,1/2+Z
        10 y,x,1/2+z
        11 x-y,-y,1/2+z
        12 -x,y-x,1/2+z
        loop_
        _atom_site_label
        _atom_site_type_symbol
        _atom_site_fract_x
        _atom_site_fract_y
        _atom_site_fract_z
        _atom_site_occupancy
        _atom_site_disorder_group
        Zn1 Zn2+ 0.3333 0.6667 0. 1.0 .
        S1 S2- 0.3333 0.6667 0.3748(2) 1 ?
        """;

    [Fact]
    public void SpecialPositionsAreMerged()
    {
        var s = InputText.One(Wurtzite, "a.cif");
        Assert.Equal(["Zn", "Zn", "S", "S"], s.Species.Select(e => e.Symbol));
        Assert.Equal(["Zn1", "Zn1", "S1", "S1"], s.AtomProperties["label"].Values);
        Assert.Equal(("wurtzite", "a.cif#1"), ((string)s.Properties["data_block"], s.Id));
        Assert.Equal(3.8227 * 3.8227 * 6.2607 * Math.Sqrt(3) / 2, s.Lattice!.Volume, 1e-10); // closed form; rounding
        Vector3D[] expected = [new(1 / 3.0, 2 / 3.0, 0), new(2 / 3.0, 1 / 3.0, 0.5), new(1 / 3.0, 2 / 3.0, 0.3748), new(2 / 3.0, 1 / 3.0, 0.8748)];
        Assert.All(s.FractionalPositions.Zip(expected), p => Assert.True((p.First - p.Second).Length < 1e-12, $"{p.First} {p.Second}"));
    }

    // Formula and atoms per conventional cell: the databases' entries (COD numbers are the file names).
    [Theory]
    [InlineData("1000041", "Cl4Na4")]
    [InlineData("1000050", "ClK")]
    [InlineData("1101051", "S2Zn2")]
    [InlineData("1507756", "BaO3Ti")]
    [InlineData("7206075", "O8Ti4")]
    [InlineData("9000046", "C8")]
    [InlineData("9009743", "ClCs")]
    [InlineData("9011050", "Ge8")]
    [InlineData("9011998", "Si8")]
    [InlineData("9012304", "C8")]
    public void EntriesOfTheOpenDatabaseAreRead(string entry, string formula) =>
        Assert.Equal(formula, Assert.Single(StructureReader.ReadStrict(ReferenceData.PathOf($"data/cgcnn/sample/{entry}.cif"))).Composition.Formula);

    [Theory]
    [InlineData("_space_group_symop_operation_xyz")]
    [InlineData("_space_group_symop.operation_xyz")]
    [InlineData("_SYMMETRY_EQUIV_POS_AS_XYZ")]
    public void SpellingsOfTheOperationsAreKnown(string spelling) =>
        Assert.Equal(4, InputText.One(Wurtzite.Replace("_symmetry_equiv_pos_as_xyz", spelling, StringComparison.Ordinal), "a.cif").AtomCount);

    [Fact]
    public void BadBlocksDoNotSpoilTheOthers()
    {
        string partial = Wurtzite.Replace("0. 1.0 .", "0. 0.5 .", StringComparison.Ordinal);
        string ragged = Wurtzite.Replace("S1 S2-", "S1 S 2-", StringComparison.Ordinal);
        string quote = Wurtzite.Replace("'Author's journal'", "'Author's journal", StringComparison.Ordinal);
        var results = InputText.Read(string.Join('\n', Wurtzite, partial, ragged, quote, Wurtzite), "many.cif");
        Assert.Equal([null, "PM2403", "PM2409", "PM2407", null], results.Select(r => r.Rejection?.Code));
        Assert.Equal("many.cif#5", results[4].Structure!.Id);
    }

    [Theory]
    [InlineData("0. 1.0 .", "0. 0.75(2) .", "PM2403")]
    [InlineData("0. 1.0 .", "0. 1.0 2", "PM2404")]
    [InlineData("0. 1.0 .", "? 1.0 .", "PM2413")]
    [InlineData("0. 1.0 .", "zero 1.0 .", "PM2104")]
    [InlineData("Zn2+", "Zx2+", "PM2103")]
    [InlineData("1 x,y,z\n", "1 x,y,z+2w\n", "PM2406")]
    [InlineData("1 x,y,z\n", "1 x,x,z\n", "PM2406")]
    [InlineData("1 x,y,z\n", "1 -x,-y,z\n", "PM2406")]
    [InlineData("_cell_angle_gamma 120", "_cell_angle_gamma 90", "PM2415")]
    [InlineData("_cell_angle_gamma 120", "_cell_angle_gamma 190", "PM2412")]
    [InlineData("_cell_angle_gamma 120", "_cell_length_b 120", "PM2410")]
    [InlineData("_cell_length_c 6.2607(1)", "_cell_length_x 6.2607(1)", "PM2402")]
    [InlineData("_cell_length_c 6.2607(1)", "_cell_length_c 0", "PM2412")]
    [InlineData("_cell_length_c 6.2607(1)", "_cell_length_c", "PM2408")]
    [InlineData("_cell_length_c 6.2607(1)", "_cell_length_c 6.2607 Å", "PM2408")]
    [InlineData("_cell_length_c 6.2607(1)", "_cell_length_c 6.2607(1)\n_cell_modulation_dimension 1", "PM2414")]
    [InlineData("_symmetry_equiv_pos_as_xyz", "_symmetry_equiv_pos_other", "PM2405")]
    [InlineData("_atom_site_fract_x", "_atom_site_Cartn_x", "PM2417")]
    [InlineData("_atom_site_fract_x", "_atom_site_other_x", "PM2416")]
    [InlineData("_atom_site_disorder_group", "_atom_site_attached_hydrogens", null)]
    [InlineData("S1 S2- 0.3333 0.6667 0.3748(2)", "S1 S2- 0.3333 0.6667 0.02", "PM2109")]
    public void MistakesAreNamed(string right, string wrong, string? code)
    {
        Assert.Contains(right, Wurtzite, StringComparison.Ordinal);
        var result = Assert.Single(InputText.Read(Wurtzite.Replace(right, wrong, StringComparison.Ordinal), "a.cif"));
        Assert.Equal(code, result.Rejection?.Code);
        Assert.True(code is null || result.Rejection!.Line > 7);
    }

    [Theory]
    [InlineData("'P 1'", null)]
    [InlineData("P1", null)]
    [InlineData("?", null)]
    [InlineData("'F m -3 m'", "PM2405")]
    public void OperationsAreOnlyDispensableInP1(string symbol, string? code)
    {
        string cif = $"data_x\n_cell_length_a 4\n_cell_length_b 4\n_cell_length_c 4\n_cell_angle_alpha 90\n_cell_angle_beta 90\n_cell_angle_gamma 90\n_space_group_name_H-M_alt {symbol}\nloop_\n_atom_site_label\n_atom_site_fract_x\n_atom_site_fract_y\n_atom_site_fract_z\nCs1 0 0 0\n";
        Assert.Equal(code, Assert.Single(InputText.Read(cif, "a.cif")).Rejection?.Code);
    }

    [Theory]
    [InlineData("Ca1", "", "Ca")]
    [InlineData("ba", "", "Ba")]
    [InlineData("O2A", "", "O")]
    [InlineData("Ow", "", "O")]
    [InlineData("OW1", "", "O")]
    [InlineData("D1", "", "H")]
    [InlineData("CL1", "'C2 H5 Cl'", null)]
    [InlineData("CL1", "'Na1 Cl1'", "Cl")]
    [InlineData("CL1", "'C2 H6'", "C")]
    [InlineData("CL1", "?", null)]
    [InlineData("Wat", "", null)]
    [InlineData("1", "", null)]
    public void LabelsGiveElementsOnlyWhenTheyAreClear(string label, string formula, string? symbol)
    {
        string cif = $"data_x\n_cell_length_a 4\n_cell_length_b 4\n_cell_length_c 4\n_cell_angle_alpha 90\n_cell_angle_beta 90\n_cell_angle_gamma 90\n_chemical_formula_sum {(formula.Length == 0 ? "?" : formula)}\nloop_\n_atom_site_label\n_atom_site_fract_x\n_atom_site_fract_y\n_atom_site_fract_z\n{label} 0 0 0\n";
        Assert.Equal(symbol, Assert.Single(InputText.Read(cif, "a.cif")).Structure?.Species[0].Symbol);
    }

    [Fact]
    public void OurOwnCifComesBack()
    {
        Arbitrary.Check(Arbitrary.Structure(size: 7, maxAtoms: 5), s =>
        {
            if (s.Lattice is null || s.Periodicity != Periodicity.Full || ClosePair.FindAny(s, 0.4) is not null)
            {
                return true;
            }

            var again = InputText.One(InputText.Write(s, StructureFormat.Cif), "a.cif");
            // The cell is turned, so distances are compared. Cosines of angles in degrees cost four digits in a flat cell.
            var (expected, actual) = (NeighborList.Build(s, 6), NeighborList.Build(again, 6));
            return s.Species.SequenceEqual(again.Species) && Math.Abs(actual.PairCount - expected.PairCount) <= 2
                && Math.Abs(ClosePair.Nearest(s)!.Value.Distance - ClosePair.Nearest(again)!.Value.Distance) < 1e-9;
        }, cases: 60);
    }
}

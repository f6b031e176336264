using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Polymorph.Foundation;
using Polymorph.Structures.Formats;
using Polymorph.Testing;
using Xunit;

namespace Polymorph.Structures.Tests.Formats;

/// <summary>Benchmark tables with a CIF per row, and the tables that we write.</summary>
public sealed class CsvTests : IDisposable
{
    // As in the published files: a column of row numbers without a name, a CIF of pymatgen in quotation marks, values of many kinds.
    private const string Header = ",material_id,formation_energy_per_atom,band_gap,pretty_formula,elements,cif,spacegroup.number\n";
    private const string Cif = "\"# generated using pymatgen\ndata_NaCl\n_symmetry_space_group_name_H-M   'P 1'\n_cell_length_a   4.0\n_cell_length_b   4.0\n_cell_length_c   4.0\n_cell_angle_alpha   60.0\n_cell_angle_beta   60.0\n_cell_angle_gamma   60.0\n_symmetry_Int_Tables_number   1\nloop_\n _symmetry_equiv_pos_site_id\n _symmetry_equiv_pos_as_xyz\n  1  'x, y, z'\nloop_\n _atom_site_type_symbol\n _atom_site_label\n _atom_site_symmetry_multiplicity\n _atom_site_fract_x\n _atom_site_fract_y\n _atom_site_fract_z\n _atom_site_occupancy\n  Na  Na0  1  0.0  0.0  0.0  1\n  Cl  Cl1  1  0.5  0.5  0.5  1\n\"";
    private const string Row = "17,mp-22862,-2.1,5.0,NaCl,\"['Na', 'Cl']\"," + Cif + ",225\n";

    private readonly string _folder = Directory.CreateTempSubdirectory("polymorph-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void PublishedTablesAreRead()
    {
        var salt = InputText.One(Header + Row, "train.csv");
        Assert.Equal([new Element(11), new Element(17)], salt.Species);
        Assert.Equal(("mp-22862", "mp-22862", -2.1, 5.0, "NaCl", "['Na', 'Cl']", 225L), (salt.Properties["id"], salt.Properties["material_id"], salt.Properties["formation_energy_per_atom"], salt.Properties["band_gap"], salt.Properties["pretty_formula"], salt.Properties["elements"], salt.Properties["spacegroup.number"]));
        Assert.Equal(7, salt.Properties.Count);
        Assert.Equal(4, salt.Lattice!.Lengths.X);
        Assert.Single(InputText.Read(Header + Row, "-"), r => r.Structure is not null);
    }

    [Fact]
    public void BadRowsAreLocatedAndTheRestRead()
    {
        string partial = Row.Replace("0.5  1\n", "0.5  0.5\n", StringComparison.Ordinal), fields = Row.Replace(",225", "", StringComparison.Ordinal);
        var results = InputText.Read(Header + Row + partial + fields + Row + Row[..60], "a.csv");
        Assert.Equal([null, "PM2403", "PM2632", null, "PM2632"], results.Select(r => r.Rejection?.Code));
        int lines = Row.Count(c => c == '\n');
        Assert.Equal(1 + lines + 24, results[1].Rejection!.Line); // the second row begins after the first; its Cl stands in line 24 of it
        Assert.Equal("PM2003", InputText.Rejected("a,b\n1,2\n", "a.dat").Code);
        Assert.Equal("PM2631", InputText.Rejected("a,b\n1,2\n", "a.csv").Code);
        Assert.Equal("PM2113", InputText.Rejected(Header + Row, "a.csv", new ReadOptions { MaxEntryBytes = 100 }).Code);
    }

    /// Rows before damage are read, though the parser reads ahead of them.
    [Fact]
    public void WhatStopsATableIsNamedAfterTheRowsBeforeIt()
    {
        var results = InputText.Read(Header + Row + Row + "\u0001" + Row, "a.csv");
        Assert.Equal([null, null, "PM2005"], results.Select(r => r.Rejection?.Code));
        results = InputText.Read(Header + Row + Row.Replace("NaCl,", new string('x', 2000) + ",", StringComparison.Ordinal), "a.csv", new ReadOptions { MaxLineLength = 1000 });
        Assert.Equal([null, "PM2007"], results.Select(r => r.Rejection?.Code));
        var memory = new MemoryStream();
        using (var gzip = new GZipStream(memory, CompressionLevel.NoCompression, leaveOpen: true))
        {
            gzip.Write(Encoding.UTF8.GetBytes(Header + string.Concat(Enumerable.Repeat(Row, 400))));
        }

        // Stored without compression, a cut file is a cut text. What is looked at before the first row, and read at a time, is far shorter than these 250 kB.
        byte[] whole = memory.ToArray();
        results = InputText.Read(whole[..(whole.Length - Row.Length)], "a.csv.gz");
        Assert.InRange(results.Count, 200, 400);
        Assert.All(results.SkipLast(1), r => Assert.NotNull(r.Structure));
        Assert.Equal("PM2008", results[^1].Rejection?.Code);
    }

    [Fact]
    public void TablesHaveTheNumbersOfAse()
    {
        const string script = """
            import sys, json, csv, warnings
            warnings.simplefilter('ignore')
            from ase.io import read
            frames = read(sys.argv[1], index=':')
            rows = list(csv.DictReader(open(sys.argv[2], newline='')))
            assert len(rows) == len(frames)
            worst = 0
            for a, row in zip(frames, rows):
                assert row['formula'] == a.get_chemical_formula(mode='hill'), (row['formula'], a)
                assert int(row['atoms']) == len(a)
                for name, value in zip(['a', 'b', 'c', 'alpha', 'beta', 'gamma'], a.cell.cellpar()):
                    worst = max(worst, abs(float(row[name]) - value) / value)
                worst = max(worst, abs(float(row['volume']) / a.get_volume() - 1))
                assert float(row['energy']) == a.get_potential_energy()
            print(json.dumps([worst, rows[0]['note'], rows[1]['late'], rows[0]['late'], rows[0]['id']]))
            """;
        var crystals = StructureReader.ReadStrict(ReferenceData.PathOf("data/logan/mp-546794_ground_truth.extxyz")).Select((s, i) => s.WithProperty("note", "a \"b\", c\nd")).ToList();
        crystals.Add(crystals[0].WithProperty("late", 1.5).WithProperty("list", new[] { 1L, 2L }));
        string xyz = Path.Combine(_folder, "a.extxyz"), csv = Path.Combine(_folder, "a.csv");
        StructureWriter.Write(xyz, crystals);
        Assert.Equal(crystals.Count, StructureWriter.Write(csv, crystals));
        using var answer = JsonDocument.Parse(ExternalProgram.Python(script, ["ase"], xyz, csv));
        Assert.True(answer.RootElement[0].GetDouble() < 1e-12, answer.RootElement[0].GetRawText()); // rounding of lengths and angles
        Assert.Equal(("a \"b\", c\nd", "1.5", "", crystals[0].Id), (answer.RootElement[1].GetString(), answer.RootElement[2].GetString(), answer.RootElement[3].GetString(), answer.RootElement[4].GetString()));
    }

    [Fact]
    public void MoleculesHaveNoCell()
    {
        string csv = Path.Combine(_folder, "a.csv");
        StructureWriter.Write(csv, [new Structure([new(8), new(1)], [default, new(0, 0, 1)], id: "x,y")]);
        Assert.Equal(["id,formula,atoms,a,b,c,alpha,beta,gamma,volume", "\"x,y\",HO,2,,,,,,,"], File.ReadAllLines(csv));
    }

    [Theory]
    [InlineData("a.json")]
    [InlineData("a.db")]
    [InlineData("a.traj")]
    [InlineData("XDATCAR")]
    public void WhatCanOnlyBeReadIsNotWritten(string name)
    {
        Assert.Equal("PM2150", Assert.Throws<PolymorphException>(() => StructureWriter.Write(Path.Combine(_folder, name), [])).Code);
        Assert.Empty(Directory.GetFiles(_folder));
    }
}

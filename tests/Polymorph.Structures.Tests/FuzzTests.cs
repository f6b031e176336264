using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Polymorph.Structures.Formats;
using Polymorph.Testing;
using Xunit;

namespace Polymorph.Structures.Tests;

/// <summary>Whatever the bytes are, a reader gives structures or located rejections: no other exception, no endless loop, bounded memory.</summary>
public sealed class FuzzTests
{
    // A night of fuzzing: POLYMORPH_FUZZ_FACTOR=1000.
    private static readonly int Factor = int.TryParse(Environment.GetEnvironmentVariable("POLYMORPH_FUZZ_FACTOR"), out int factor) ? factor : 1;

    private static readonly ReadOptions Small = new() { MaxAtoms = 2000, MaxLineLength = 1 << 16 };

    private static readonly string[] Names = ["a.xyz", "a.extxyz", "POSCAR", "a.cif", "XDATCAR", "a.json", "a.jsonl", "a.csv", "a.db", "a.traj", "unknown"];

    private static readonly (string Name, string Text)[] HandWritten =
    [
        ("a.extxyz", "2\nLattice=\"4 0 0 0 4 0 0 0 4\" Properties=species:S:1:pos:R:3:tag:S:1:f:L:1 e=-1.5 s=\"a \\\"b\\\"\" j=\"_JSON {\\\"0\\\": [1, null]}\" l=[[1,2],[3,4]] b={1 2} pbc=\"T T F\"\nO 0 0 0 \"x y\" T\nH 1 0 0 y F\n"),
        ("a.xyz", "3\nwater\nO 0 0 0.1\nH 0 0.76 -0.47\n1 0 -0.76 -0.47\n1\n\nHe 0 0 0\n"),
        ("POSCAR", "Na Cl\n-160\n5 0 0\n0 5 0\n0 0 5\n1 1\nSelective dynamics\nDirect\n0 0 0 T F T\n.5 .5 .5 F F F\n\n0 0 0\n"),
        ("POSCAR", "x\n1 1.5 2\n5 0 0\n0 5 0\n0 0 5\nNa Cl_pv\n1 1\nCartesian\n0 0 0\n2.5 1 1\n"),
        ("a.cif", "data_a\n_cell_length_a 4.0(1)\n_cell_length_b 4\n_cell_length_c 4\n_cell_angle_alpha 90\n_cell_angle_beta 90\n_cell_angle_gamma 90\n_publ_text\n;\nlong text\n;\nloop_\n_symmetry_equiv_pos_as_xyz\n'x, y, z'\n-x,-y,-z\n-x,y+1/2,.5-z\nloop_\n_atom_site_label\n_atom_site_type_symbol\n_atom_site_fract_x\n_atom_site_fract_y\n_atom_site_fract_z\n_atom_site_occupancy\nCa1 Ca2+ 0 0 0 1\nO1 O2- 0.25(1) 0.5 0.2 1.0\ndata_b\n_cell_length_a 4\n"),
    ];

    [Fact]
    public void RandomBytes() =>
        Check(from name in Gen.Elements(Names) from bytes in Gen.ArrayOf(Gen.Choose(0, 255).Select(b => (byte)b)) select (name, bytes), cases: 400);

    [Fact]
    public void RandomTextOfTheFormatsAlphabets()
    {
        string[] words = ["1", "2", "0", "-1", "1e400", "nan", "H", "O", "\n", "\n", "\n", " ", " ", "\t", "data_a", "loop_", "_cell_length_a", "_atom_site_fract_x", "_atom_site_label", ";", "'", "\"", "\\", "=", "Lattice=\"1 0 0 0 1 0 0 0 1\"", "Properties=species:S:1:pos:R:3", "pbc=T", "[", "]", "{", "}", "_JSON ", "x,y,z", "Direct", "Selective", "?", ".", "4.0(1)", "#", "\r", "\u00e5", "\ud800", "999999999999", "{\"data\":[", "\"sites\":[", "\"cell\":[4,4,4,90,90,90],\"z\":[6],\"x\":[[0,0,0]]", "{", "}", ",", ":", "NaN", "cif,", "Direct configuration= 1\n", "- of Ulm", "SQLite format 3\0"];
        Check(from name in Gen.Elements(Names) from text in Gen.ArrayOf(Gen.Elements(words)) select (name, Encoding.UTF8.GetBytes(string.Join("", text))), cases: 2500);
    }

    [Fact]
    public void MutatedHandWrittenFiles() => Check(Mutated([.. HandWritten.Select(h => (h.Name, Encoding.UTF8.GetBytes(h.Text)))]), cases: 3000);

    [Fact]
    public void MutatedPublishedFiles()
    {
        var files = new[] { "data/logan/C5H12O_ground_truth.extxyz", "data/logan/mp-546794_ground_truth.extxyz", "data/cgcnn/sample/1101051.cif", "data/cgcnn/sample/9000046.cif" }
            .Select(f => (Path.GetFileName(f), File.ReadAllBytes(ReferenceData.PathOf(f)))).ToArray();
        Check(Mutated(files), cases: 500);
    }

    [Fact]
    public void MutatedCompressedFiles()
    {
        using var memory = new MemoryStream();
        using (var gzip = new System.IO.Compression.GZipStream(memory, System.IO.Compression.CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(HandWritten[0].Text, 50))));
        }

        Check(Mutated([("a.extxyz.gz", memory.ToArray())]), cases: 300);
    }

    // Cells that are legal but absurd must not make the check of distances search for ever.
    [Theory]
    [InlineData("1e6 0 0 0 1e6 0 0 0 1e6")]
    [InlineData("1e6 0 0 0 1e-6 0 0 0 1")]
    [InlineData("1 0 0 999999 1 0 999999 999999 1")]
    [InlineData("1e-300 0 0 0 1e-300 0 0 0 1e-300")]
    [InlineData("1e-5 0 0 0 1e-5 0 0 0 1e-5")]
    [InlineData("1000 0 0 999.9999 0.01 0 0 0 1000")]
    [InlineData("0.5 0 0 0.25 0.0001 0 100 100 100")]
    public void AbsurdCellsCostNoTime(string cell)
    {
        string text = $"3\nLattice=\"{cell}\" Properties=species:S:1:pos:R:3\nO 0 0 0\nH 999999 0 -999999\nH 0.5 0.1 1000\n";
        var watch = System.Diagnostics.Stopwatch.StartNew();
        Assert.Single(InputText.Read(text, "a.xyz"));
        Assert.True(watch.Elapsed.TotalSeconds < 2, $"{watch.Elapsed}"); // microseconds of work; the rest is the test machine's load
    }

    /// <summary>Reads every input and checks what comes out.</summary>
    internal static void Check(Gen<(string Name, byte[] Bytes)> inputs, int cases) => Arbitrary.Check(inputs, input =>
    {
        int lines = 1 + input.Bytes.Count(b => b is (byte)'\n' or (byte)'\r');
        var watch = System.Diagnostics.Stopwatch.StartNew();
        long before = GC.GetAllocatedBytesForCurrentThread();
        var results = InputText.Read(input.Bytes, input.Name, Small);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        // Buffers and the check of distances of up to 2000 atoms, then a string per line, its words, and the values made of them.
        Assert.True(allocated < 16_000_000 + 400L * input.Bytes.Length, $"{allocated} bytes allocated for {input.Bytes.Length}");
        Assert.True(watch.Elapsed.TotalSeconds < 5, $"{watch.Elapsed} for {input.Bytes.Length} bytes"); // milliseconds; the rest is the test machine's load
        Assert.NotEmpty(results);
        foreach (var (structure, rejection) in results)
        {
            Assert.True(structure is null != rejection is null);
            if (rejection is not null)
            {
                Assert.Matches("^PM2[0-9]{3}$", rejection.Code);
                Assert.Equal(input.Name, rejection.File);
                Assert.True(input.Name.EndsWith(".gz", StringComparison.Ordinal) || rejection.Line <= lines + 1, $"line {rejection.Line} of {lines}");
                Assert.False(rejection.Reason.Any(char.IsControl), rejection.Reason);
                Assert.True(rejection.Reason.Length < 400, rejection.Reason);
            }
            else
            {
                // What has been accepted can be written and read again.
                Assert.Single(InputText.Read(InputText.Write(structure!, StructureFormat.ExtendedXyz), "b.extxyz"), r => r.Structure is not null);
            }
        }

        return true;
    }, cases * Factor);

    /// <summary>One of the files after up to four changes: a byte replaced, a part cut, doubled, or taken from another file.</summary>
    private static Gen<(string Name, byte[] Bytes)> Mutated((string Name, byte[] Bytes)[] files) =>
        from file in Gen.Elements(files)
        from other in Gen.Elements(files)
        from changes in Gen.Choose(0, 4).Four().ListOf(3)
        from places in Gen.Choose(0, 1 << 20).Three().ListOf(3)
        from value in Gen.Elements("0123456789 .-eE\n\"'=;#_\\[]{}:?\0\u00ff".Select(c => (byte)c).ToArray())
        select (file.Name, changes.Zip(places).Aggregate(file.Bytes, (bytes, c) => Change(bytes, other.Bytes, c.First.Item1, c.Second, value)));

    private static byte[] Change(byte[] bytes, byte[] other, int kind, (int From, int Length, int To) place, byte value)
    {
        if (bytes.Length == 0)
        {
            return bytes;
        }

        int from = place.From % bytes.Length;
        int length = Math.Min(place.Length % Math.Max(1, kind == 4 ? bytes.Length : Math.Min(bytes.Length, 200)), bytes.Length - from);
        int to = place.To % bytes.Length;
        return kind switch
        {
            0 => bytes,
            1 => [.. bytes[..from], value, .. bytes[(from + 1)..]],
            2 => [.. bytes[..from], .. bytes[(from + length)..]],
            3 => [.. bytes[..to], .. bytes[from..(from + length)], .. bytes[to..]],
            _ => [.. bytes[..from], .. other[(place.To % other.Length)..]],
        };
    }
}

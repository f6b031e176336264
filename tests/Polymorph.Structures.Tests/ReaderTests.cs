using System.IO.Compression;
using System.Text;
using Polymorph.Foundation;
using Polymorph.Structures.Formats;
using Xunit;

namespace Polymorph.Structures.Tests;

public sealed class ReaderTests : IDisposable
{
    private const string Good = "2\nLattice=\"4 0 0 0 4 0 0 0 4\" Properties=species:S:1:pos:R:3 pbc=\"T T T\"\nO 0 0 0\nH 1 0 0\n";

    private readonly string _folder = Directory.CreateTempSubdirectory("polymorph-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("H 1 0 0", "H 1 0 0 0", "PM2118", 4)]
    [InlineData("H 1 0 0", "H 1 0", "PM2119", 4)]
    [InlineData("H 1 0 0", "Hx 1 0 0", "PM2103", 4)]
    [InlineData("H 1 0 0", "H one 0 0", "PM2104", 4)]
    [InlineData("H 1 0 0", "H **** 0 0", "PM2104", 4)]
    [InlineData("H 1 0 0", "H NaN 0 0", "PM2105", 4)]
    [InlineData("H 1 0 0", "H 0 -inf 0", "PM2105", 4)]
    [InlineData("H 1 0 0", "H 0 1e999 0", "PM2105", 4)]
    [InlineData("H 1 0 0", "H 0 1000001 0", "PM2106", 4)]
    [InlineData("H 1 0 0", "H 0.39 0 0", "PM2109", 1)]
    [InlineData("H 1 0 0", "H 3.7 4 -4", "PM2109", 1)]
    [InlineData("H 1 0 0", "H 1 0 0\nH 2 0 0", "PM2115", 1)]
    [InlineData("H 1 0 0\n", "", "PM2116", 1)]
    [InlineData("O 0 0 0\nH 1 0 0\n", "", "PM2116", 1)]
    [InlineData("2\n", "two\n", "PM2101", 1)]
    [InlineData("2\n", "0\n", "PM2102", 1)]
    [InlineData("2\n", "-2\n", "PM2102", 1)]
    [InlineData("2\n", "99999999999\n", "PM2113", 1)]
    [InlineData("4 0 0 0 4", "4 0 0 8 0", "PM2107", 2)]
    [InlineData("4 0 0 0 4", "4 0 0 0 -4", "PM2108", 2)]
    [InlineData("4 0 0 0 4", "4 0 0 4", "PM2112", 2)]
    [InlineData("4 0 0 0 4", "4 0 0 nan 4", "PM2105", 2)]
    [InlineData("4 0 0 0 4", "0.3 0 0 0 4", "PM2109", 1)]
    [InlineData("Lattice=\"4 0 0 0 4 0 0 0 4\"", "", "PM2114", 2)]
    [InlineData("pos:R:3", "pos:R", "PM2110", 2)]
    [InlineData("pos:R:3", "pos:R:2", "PM2110", 2)]
    [InlineData("pos:R:3", "pos:Q:3", "PM2110", 2)]
    [InlineData("pos:R:3", "pos:R:3:pos:R:3", "PM2110", 2)]
    [InlineData("pos:R:3", "pos:R:3:x:R:0", "PM2110", 2)]
    [InlineData("pos:R:3", "pos:R:3:x:R:99999999", "PM2110", 2)]
    [InlineData("pbc=\"T T T\"", "pbc=\"T T\"", "PM2117", 2)]
    [InlineData("pbc=\"T T T\"", "pbc=\"T T T", "PM2111", 2)]
    [InlineData("pbc=\"T T T\"", "a=[[1] pbc=F", "PM2111", 2)]
    public void MistakesAreLocatedAndTheNextFrameIsRead(string right, string wrong, string code, int line)
    {
        int at = Good.IndexOf(right, StringComparison.Ordinal);
        Assert.True(at >= 0);
        string bad = Good[..at] + wrong + Good[(at + right.Length)..];
        Assert.Equal((code, (long)line), InputText.Rejected(bad, "a.extxyz"));

        var results = InputText.Read(Good + bad + Good, "a.extxyz");
        Assert.Equal([null, code, null], results.Select(r => r.Rejection?.Code));
        Assert.Equal(line + 4, results[1].Rejection!.Line);
        Assert.Equal("a.extxyz#3", results[2].Structure!.Id);
        Assert.Equal($"a.extxyz:{line + 4}", results[1].Rejection!.Place);

        var strict = Assert.Throws<PolymorphException>(() => InputText.Read(Good + bad, "a.extxyz", new ReadOptions { Strict = true }));
        Assert.Equal((code, ExitCode.InputData), (strict.Code, strict.ExitCode));
    }

    [Theory]
    [InlineData("", "a.xyz", "PM2006")]
    [InlineData("\n \n", "a.xyz", "PM2006")]
    [InlineData("", "a.cif", "PM2401")]
    [InlineData("data_x\n_cell_measurement 4\n", "a.cif", "PM2401")]
    [InlineData("", "POSCAR", "PM2006")]
    [InlineData("what is this?\n", "a.dat", "PM2003")]
    [InlineData("{\"lattice\": []}", "a.xyz", "PM2004")]
    [InlineData("<!DOCTYPE html>\n<html>404</html>", "a.cif", "PM2004")]
    [InlineData("data_x\nloop_\n_cell_length_a\n4\n", "a.xyz", "PM2004")]
    [InlineData("1\n\nH 0 0 0\n", "a.cif", "PM2004")]
    [InlineData("HEADER\nATOM      1  N   MET A   1      27.340  24.430   2.614\n", "a.xyz", "PM2004")]
    [InlineData("BZh91AY&SY", "a.xyz", "PM2004")]
    [InlineData("1\n\nH 0 \0 0\n", "a.xyz", "PM2005")]
    [InlineData("1\n\u0001\nH 0 0 0\n", "a.xyz", "PM2005")]
    public void ForeignFilesAreNamed(string text, string name, string code) => Assert.Equal(code, InputText.Rejected(text, name).Code);

    [Fact]
    public void FormatIsToldByContentOrByTheUser()
    {
        Assert.Equal(2, InputText.One(Good, "-").AtomCount);
        Assert.Single(InputText.Read("x\n1\n4 0 0\n0 4 0\n0 0 4\nH\n1\nDirect\n0 0 0\n", "-"), r => r.Structure is not null);
        Assert.Single(InputText.Read("x\n1\n4 0 0\n0 4 0\n0 0 4\nH\n1\nDirect\n0 0 0\n", "structure.txt", new ReadOptions { Format = StructureFormat.Poscar }), r => r.Structure is not null);
        Assert.Equal("PM2004", InputText.Rejected(Good, "a.txt", new ReadOptions { Format = StructureFormat.Cif }).Code);
    }

    [Fact]
    public void LongLinesEndTheFileInsteadOfFillingTheMemory()
    {
        var endless = new Endless((byte)'x');
        var result = Assert.Single(StructureReader.Read(endless, "a.xyz", new ReadOptions { Format = StructureFormat.Xyz }));
        Assert.Equal(("PM2007", 1L), (result.Rejection!.Code, result.Rejection.Line));
        Assert.True(endless.Given < 40_000_000, $"{endless.Given} bytes were read"); // limit of 2^24 characters plus buffers
    }

    [Fact]
    public void FilesOfSeveralGzipMembersAreReadToTheEnd()
    {
        var file = new MemoryStream();
        for (int member = 0; member < 3; member++)
        {
            using var gzip = new GZipStream(file, CompressionLevel.Optimal, leaveOpen: true);
            gzip.Write(Encoding.UTF8.GetBytes(Good));
        }

        Assert.Equal(3, InputText.Read(file.ToArray(), "a.extxyz.gz").Count(r => r.Structure is not null));
    }

    // Cut in the data of the third member, of three that are equal.
    [Fact]
    public void ACutInTheLastOfSeveralGzipMembersIsNoticed()
    {
        var one = new MemoryStream();
        using (var gzip = new GZipStream(one, CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write(Encoding.UTF8.GetBytes(Good));
        }

        byte[] member = one.ToArray(), cut = [.. member, .. member, .. member[..(member.Length - 12)]];
        Assert.Contains("PM2008", InputText.Read(cut, "a.extxyz.gz").Select(r => r.Rejection?.Code));
    }

    [Fact]
    public void CompressedFilesFoldersAndMissingFilesAreHandled()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "b", "c"));
        File.WriteAllText(Path.Combine(_folder, "z.xyz"), Good);
        File.WriteAllText(Path.Combine(_folder, "b", "c", "POSCAR"), "x\n1\n4 0 0\n0 4 0\n0 0 4\nH\n1\nDirect\n0 0 0\n");
        File.WriteAllText(Path.Combine(_folder, "notes.txt"), "not a structure");
        File.WriteAllText(Path.Combine(_folder, ".hidden.xyz"), "not a structure");
        File.CreateSymbolicLink(Path.Combine(_folder, "b", "ring"), _folder);
        using (var gzip = new GZipStream(File.Create(Path.Combine(_folder, "a.extxyz.gz")), CompressionLevel.Fastest))
        {
            gzip.Write(Encoding.UTF8.GetBytes(Good + Good));
        }

        Assert.Equal(["a.extxyz.gz#1", "a.extxyz.gz#2", "b/c/POSCAR#1", "z.xyz#1"], StructureReader.ReadStrict(_folder).Select(s => s.Id));
        Assert.Equal("PM2001", Assert.Single(StructureReader.Read(Path.Combine(_folder, "none.xyz"))).Rejection!.Code);
        Assert.Equal("PM2010", Assert.Single(StructureReader.Read(Directory.CreateDirectory(Path.Combine(_folder, "empty")).FullName)).Rejection!.Code);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.9)]
    [InlineData(0.999)]
    public void DamagedCompressionIsNoticed(double kept)
    {
        var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 5000).Select(i => Good.Replace("H 1", FormattableString.Invariant($"H {1 + i * 0.0003}"), StringComparison.Ordinal)))));
        }

        byte[] whole = compressed.ToArray();
        var cut = InputText.Read(whole[..(int)(kept * whole.Length)], "a.extxyz.gz");
        Assert.Contains("PM2008", cut.Select(r => r.Rejection?.Code));
        whole[(int)(kept * whole.Length)] ^= 0x55;
        Assert.Contains(InputText.Read(whole, "a.extxyz.gz"), r => r.Rejection is not null);
    }

    [Fact]
    public void AnAtomPlacedAwayFromTheCellCounts() =>
        Assert.Equal("PM2109", InputText.Rejected(Good.Replace("H 1 0 0", "H 400.1 0 -8", StringComparison.Ordinal), "a.xyz").Code);

    /// <summary>A stream of one byte for ever.</summary>
    private sealed class Endless(byte value) : MemoryStream
    {
        public long Given { get; private set; }

        public override int Read(Span<byte> buffer)
        {
            buffer.Fill(value);
            Given += buffer.Length;
            return buffer.Length;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));
    }
}

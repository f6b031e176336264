using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Polymorph.Structures.Formats;
using Xunit;

namespace Polymorph.Structures.Tests.Formats;

/// <summary>Files of every further format with bits turned over, parts cut out and ends cut off.</summary>
public sealed class BinaryFuzzTests(PythonFiles files) : IClassFixture<PythonFiles>
{
    private const string Alphabet = "0123456789.,:-+eE\"'{}[]\n\\N\0\u00ff";

    [Theory]
    [InlineData("mixed.traj", 700)]
    [InlineData("mixed.db", 700)]
    [InlineData("one.json", 500)]
    [InlineData("list.json", 300)]
    [InlineData("lines.jsonl", 500)]
    [InlineData("XDATCAR", 500)]
    public void DamagedFiles(string name, int cases)
    {
        byte[] bytes = File.ReadAllBytes(files.PathOf(name));
        FuzzTests.Check(Damaged(name, bytes), cases);
    }

    [Fact]
    public void DamagedOptimadeLines()
    {
        var structures = StructureReader.ReadStrict(files.PathOf("mixed.traj"));
        string path = files.PathOf("ours.jsonl");
        StructureWriter.Write(path, structures);
        FuzzTests.Check(Damaged("ours.jsonl", File.ReadAllBytes(path)), cases: 500);
    }

    [Fact]
    public void DamagedTables()
    {
        string cif = InputText.Write(StructureReader.ReadStrict(files.PathOf("one.json"))[0], StructureFormat.Cif).Replace("\"", "\"\"", StringComparison.Ordinal);
        FuzzTests.Check(Damaged("a.csv", Encoding.UTF8.GetBytes($",id,cif,x\n0,a,\"{cif}\",1.5\n1,b,\"{cif}\",\"q, r\"\n")), cases: 500);
    }

    /// <summary>Up to three changes: a bit, a byte of text, a cut end, a part left out, a part doubled.</summary>
    private static Gen<(string Name, byte[] Bytes)> Damaged(string name, byte[] bytes) =>
        from kinds in Gen.Choose(0, 5).ListOf(3)
        from places in Gen.Choose(0, 1 << 24).Two().ListOf(3)
        select (name, kinds.Zip(places).Aggregate(bytes, (b, c) => Change(b, c.First, c.Second.Item1, c.Second.Item2)));

    private static byte[] Change(byte[] bytes, int kind, int place, int value)
    {
        if (bytes.Length == 0)
        {
            return bytes;
        }

        // Headers decide most: every other change hits the first two hundred bytes.
        int at = value % 2 == 0 ? place % Math.Min(200, bytes.Length) : place % bytes.Length;
        var copy = (byte[])bytes.Clone();
        switch (kind)
        {
            case 0:
                copy[at] ^= (byte)(1 << (value / 2 % 8));
                return copy;
            case 1:
                copy[at] = (byte)Alphabet[value / 2 % Alphabet.Length];
                return copy;
            case 2:
                return copy[..(place % bytes.Length)];
            case 3:
                return [.. copy[..at], .. copy[Math.Min(bytes.Length, at + value / 2 % 64)..]];
            case 4:
                return [.. copy[..at], .. copy[at..Math.Min(bytes.Length, at + value / 2 % 512)], .. copy[at..]];
            default:
                return bytes;
        }
    }
}

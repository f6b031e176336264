using Polymorph.Foundation;
using Polymorph.Structures.Formats;
using Xunit;

namespace Polymorph.Structures.Tests;

public sealed class WriterTests : IDisposable
{
    private static readonly Structure Water = new([new(8), new(1), new(1)], [new(0, 0, 0.1173), new(0, 0.7572, -0.4692), new(0, -0.7572, -0.4692)], id: "water");
    private static readonly Structure Salt = new([new(11), new(17)], [default, new(2.8, 0, 0)], Lattice.Cubic(5.6));

    private readonly string _folder = Directory.CreateTempSubdirectory("polymorph-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("a.extxyz")]
    [InlineData("a.extxyz.gz")]
    [InlineData("a.cif")]
    public void FilesComeBack(string name)
    {
        string path = Path.Combine(_folder, name);
        Assert.Equal(2, StructureWriter.Write(path, [Salt, Salt]));
        Assert.Equal(["Na", "Cl", "Na", "Cl"], StructureReader.ReadStrict(path).SelectMany(s => s.Species).Select(e => e.Symbol));
    }

    [Fact]
    public void PlainXyzComesBack()
    {
        string path = Path.Combine(_folder, "a.xyz");
        StructureWriter.Write(path, [Water]);
        var again = Assert.Single(StructureReader.ReadStrict(path));
        InputText.AssertSameGeometry(Water, again);
        Assert.Equal("water", again.Properties["comment"]);
    }

    [Fact]
    public void AnExistingFileOutlivesAFailure()
    {
        string path = Path.Combine(_folder, "a.extxyz");
        File.WriteAllText(path, "precious");
        Assert.Throws<InvalidOperationException>(() => StructureWriter.Write(path, Broken()));
        Assert.Equal("precious", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(_folder));

        static IEnumerable<Structure> Broken()
        {
            yield return Water;
            throw new InvalidOperationException();
        }
    }

    [Fact]
    public void WhatAFormatCannotHoldIsRefused()
    {
        var slab = new Structure(Salt.Species, Salt.Positions, Salt.Lattice, new Periodicity(true, true, false));
        Assert.Equal("PM2150", Code("a.dat", Water));
        Assert.Equal("PM2151", Code("POSCAR", Salt, Salt));
        Assert.Equal("PM2152", Code("POSCAR", Water));
        Assert.Equal("PM2152", Code("a.cif", slab));
        Assert.Equal("PM2153", Code("a.xyz", Salt));
        Assert.Empty(Directory.GetFiles(_folder));
    }

    private string Code(string name, params Structure[] structures) =>
        Assert.Throws<PolymorphException>(() => StructureWriter.Write(Path.Combine(_folder, name), structures)).Code;
}

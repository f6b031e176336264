using Polymorph.Structures.Formats;
using Xunit;

namespace Polymorph.Structures.Tests.Formats;

/// <summary>JSON and XDATCAR that pymatgen and ASE wrote.</summary>
public sealed class PymatgenFileTests(PythonFiles files) : IClassFixture<PythonFiles>
{
    // Fractional times lattice, in pymatgen and here: rounding.
    private const double Rounding = 1e-13;

    [Fact]
    public void StructuresAndMoleculesAreThoseOfPymatgen()
    {
        var described = files.Described("pymatgen");
        var salt = Assert.Single(StructureReader.ReadStrict(files.PathOf("one.json")));
        SameStructure.Assert(described[0], salt, Rounding);
        Assert.Equal([1.5, 0.0, -0.5], salt.AtomProperties["magmom"].Values.Cast<double>());
        Assert.Equal([1.0, -1.0, -2.0], salt.AtomProperties["oxidation_state"].Values.Cast<double>());
        Assert.Equal(["a", "b", "c"], salt.AtomProperties["label2"].Values.Cast<string>());
        Assert.Equal([true, false, true], salt.AtomProperties["move_mask"].Values.Take(3).Cast<bool>());

        var lines = StructureReader.ReadStrict(files.PathOf("lines.jsonl"));
        Assert.Equal(2, lines.Count);
        SameStructure.Assert(described[0], lines[0], Rounding);
        SameStructure.Assert(described[1], lines[1], tolerance: 0);
        Assert.Equal(["m-0", "m-1"], lines.Select(s => (string)s.Properties["material_id"]));
        Assert.Equal([0.0, 0.5], lines.Select(s => (double)s.Properties["band_gap"]));
        Assert.Equal(-1L, lines[1].Properties["charge"]);
    }

    [Fact]
    public void WhatIsNoOrderedStructureIsSetAsideAndTheRestRead()
    {
        var results = StructureReader.Read(files.PathOf("list.json")).ToList();
        Assert.Equal([null, null, "PM2604", "PM2605", "PM2109", null], results.Select(r => r.Rejection?.Code));
        string[] lines = File.ReadAllLines(files.PathOf("list.json"));
        Assert.All(results.Where(r => r.Rejection is not null), r => Assert.Equal(" {", lines[r.Rejection!.Line - 1])); // where the entry begins
    }

    [Theory]
    [InlineData("XDATCAR")]
    [InlineData("ase.XDATCAR")]
    public void ConfigurationsAreThoseOfPymatgen(string name)
    {
        var described = files.Described("xdatcar");
        byte[] bytes = File.ReadAllBytes(files.PathOf(name));
        var results = InputText.Read(bytes, "XDATCAR");
        Assert.Equal(described.Count, results.Count);
        foreach (var (theirs, ours) in described.Zip(results))
        {
            Assert.True(ours.Structure is not null, ours.Rejection?.ToString());
            SameStructure.Assert(theirs, ours.Structure, 1e-7); // eight decimals of a fraction, seven digits of the cell
        }

        Assert.Equal([1L, 2L, 3L, 4L], results.Select(r => (long)r.Structure!.Properties["configuration"]));
    }
}

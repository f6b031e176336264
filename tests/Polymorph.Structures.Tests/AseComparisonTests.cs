using System.Globalization;
using System.Text.Json;
using Polymorph.Structures.Formats;
using Polymorph.Testing;
using Xunit;

namespace Polymorph.Structures.Tests;

/// <summary>ASE reads what we wrote, and we read what ASE wrote.</summary>
public sealed class AseComparisonTests : IDisposable
{
    // Prints every frame of a file as JSON. repr of a double has all its digits.
    private const string Describe = """
        import sys, json, warnings
        warnings.simplefilter('ignore')
        from ase.io import read
        frames = read(sys.argv[1], index=':', format=sys.argv[2])
        print(json.dumps([dict(z=[int(z) for z in a.numbers], r=a.positions.tolist(), cell=a.cell.tolist(), pbc=[bool(p) for p in a.pbc],
            info={k: (v.tolist() if hasattr(v, 'tolist') else v) for k, v in a.info.items() if not hasattr(v, 'no')},
            arrays={k: v.tolist() for k, v in a.arrays.items() if k not in ('numbers', 'positions')},
            results={k: (v.tolist() if hasattr(v, 'tolist') else v) for k, v in (a.calc.results if a.calc else {}).items()},
            fixed=[c.todict() for c in a.constraints] and True) for a in frames], default=str))
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("polymorph-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void AseReadsOurExtendedXyz()
    {
        var structures = StructureReader.ReadStrict(ReferenceData.PathOf("data/logan/mp-546794_ground_truth.extxyz"))
            .Concat(StructureReader.ReadStrict(ReferenceData.PathOf("data/logan/C5H12O_training.extxyz")).Take(5))
            .Select(s => s.WithProperty("text", "a \"b\" \\ c").WithProperty("number", "12").WithProperty("list", new[] { 1.5, 2 }).WithProperty("flag", true)).ToArray();
        string path = Path.Combine(_folder, "a.extxyz");
        StructureWriter.Write(path, structures);
        var frames = Ase(path, "extxyz");
        Assert.Equal(structures.Length, frames.Count);
        for (int i = 0; i < frames.Count; i++)
        {
            AssertSame(structures[i], frames[i], tolerance: 0);
            var info = frames[i].GetProperty("info");
            Assert.Equal(("a \"b\" \\ c", "12", true), (info.GetProperty("text").GetString(), info.GetProperty("number").GetString(), info.GetProperty("flag").GetBoolean()));
            Assert.Equal([1.5, 2], info.GetProperty("list").EnumerateArray().Select(e => e.GetDouble()));
        }

        Assert.Equal((double)structures[0].Properties["energy"], frames[0].GetProperty("results").GetProperty("energy").GetDouble());
        Assert.Equal(structures[0].AtomProperties["forces"].Values.Select(v => (double)v),
            frames[0].GetProperty("results").GetProperty("forces").EnumerateArray().SelectMany(row => row.EnumerateArray()).Select(e => e.GetDouble()));
    }

    [Theory]
    [InlineData("extxyz", 5e-9)] // ASE writes eight decimals
    [InlineData("vasp", 1e-12)] // sixteen decimals; rounding of the conversion to Cartesian
    [InlineData("cif", 1e-6)] // as ASE's own reader gets it back: five decimals in fractions, compared through it below
    public void WeReadWhatAseWrites(string format, double tolerance)
    {
        // A skewed cell with atoms out of order, and constraints, arrays and values that the formats may carry.
        string path = Path.Combine(_folder, $"a.{format}");
        string script = """
            import sys, warnings
            warnings.simplefilter('ignore')
            import numpy as np
            from ase import Atoms
            from ase.io import write
            from ase.constraints import FixAtoms
            a = Atoms('OSiOSiFe', cell=[[5.1, 0.2, 0.3], [-1.7, 6.2, 0.1], [0.4, 1.1, 7.3]], pbc=True,
                      scaled_positions=[[0.1, 0.2, 0.3], [0.4, 0.7, 0.5], [0.9, 0.1, 0.8], [0.6, 0.45, 0.05], [0.25, 0.75, 0.95]])
            fmt, path = sys.argv[1:3]
            if fmt == 'extxyz':
                a.info.update(energy=-12.5, label='P 1 "x"', virial=np.arange(9.0).reshape(3, 3), occupancy={'0': {'Si': 1}}, n=7, ok=True)
                a.arrays['forces'] = np.arange(15.0).reshape(5, 3) / 7
                a.arrays['tags2'] = np.arange(5)
            if fmt == 'vasp':
                a.set_constraint(FixAtoms([1]))
            write(path, a, format=fmt)
            """;
        ExternalProgram.Python(script, ["ase", "numpy"], format, path);
        var ours = Assert.Single(StructureReader.ReadStrict(path));
        AssertSame(ours, Assert.Single(Ase(path, format)), tolerance);
        if (format == "extxyz")
        {
            Assert.Equal((-12.5, "P 1 \"x\"", 7L, true), ((double)ours.Properties["energy"], (string)ours.Properties["label"], (long)ours.Properties["n"], (bool)ours.Properties["ok"]));
            Assert.Equal([0.0, 3, 6, 1, 4, 7, 2, 5, 8], (double[])ours.Properties["virial"]); // ASE writes 3 x 3 tensors column by column
            Assert.Equal(1, ((JsonElement)ours.Properties["occupancy"]).GetProperty("0").GetProperty("Si").GetInt32());
            Assert.Equal(14 / 7.0, (double)ours.AtomProperties["forces"].Values[14], 1e-8); // eight decimals
            Assert.Equal([0L, 1L, 2L, 3L, 4L], ours.AtomProperties["tags2"].Values);
        }
        else if (format == "vasp")
        {
            Assert.Equal(3, ours.AtomProperties["move_mask"].Values.Count(v => !(bool)v));
        }
    }

    [Theory]
    [InlineData("POSCAR", "vasp", 1e-12)] // ASE multiplies by the scale and converts: rounding
    [InlineData("a.cif", "cif", 1e-9)] // cosines of angles in degrees
    public void AseReadsOurCrystals(string name, string format, double tolerance)
    {
        foreach (var structure in StructureReader.ReadStrict(ReferenceData.PathOf("data/logan/mp-546546_training.extxyz")).Where((s, i) => i % 40 == 0 && s.AtomCount < 100))
        {
            string path = Path.Combine(_folder, name);
            StructureWriter.Write(path, [structure]);
            var frame = Assert.Single(Ase(path, format));
            if (format == "vasp")
            {
                AssertSame(structure, frame, tolerance);
            }
            else
            {
                // ASE puts the cell into its standard orientation, as our reader does.
                AssertSame(Assert.Single(StructureReader.ReadStrict(path)), frame, tolerance);
            }
        }
    }

    // ASE keeps the first of the images that fall together, we their mean: the listed coordinates have four decimals.
    [Theory]
    [InlineData("1000041")]
    [InlineData("1101051")]
    [InlineData("1507756")]
    [InlineData("7206075")]
    [InlineData("9000046")]
    [InlineData("9011050")]
    public void SymmetryIsExpandedAsAseDoes(string entry)
    {
        string path = ReferenceData.PathOf($"data/cgcnn/sample/{entry}.cif");
        var ours = Assert.Single(StructureReader.ReadStrict(path));
        var frame = Assert.Single(Ase(path, "cif"));
        var theirs = frame.GetProperty("z").EnumerateArray().Zip(Rows(frame, "r"), (z, r) => (Number: z.GetInt32(), Position: ours.Lattice!.ToFractional(r))).ToList();
        Assert.Equal(ours.AtomCount, theirs.Count);
        foreach (var (element, f) in ours.Species.Zip(ours.FractionalPositions))
        {
            int match = theirs.FindIndex(t => t.Number == element.Number && Enumerable.Range(0, 3).All(axis => Math.Abs(Math.IEEERemainder(t.Position[axis] - f[axis], 1)) < 2e-4));
            Assert.True(match >= 0, $"{element} at {f}");
            theirs.RemoveAt(match);
        }
    }

    private static List<JsonElement> Ase(string path, string format)
    {
        string json = ExternalProgram.Python(Describe, ["ase", "numpy"], path, format).Replace("NaN", "null", StringComparison.Ordinal);
        using var document = JsonDocument.Parse(json);
        return [.. document.RootElement.Clone().EnumerateArray()];
    }

    private static void AssertSame(Structure ours, JsonElement frame, double tolerance)
    {
        Assert.Equal(ours.Species.Select(e => e.Number), frame.GetProperty("z").EnumerateArray().Select(z => z.GetInt32()));
        Assert.Equal([ours.Periodicity.A, ours.Periodicity.B, ours.Periodicity.C], frame.GetProperty("pbc").EnumerateArray().Select(p => p.GetBoolean()));
        var cell = Rows(frame, "cell");
        for (int row = 0; row < 3; row++)
        {
            Close(ours.Lattice?[row] ?? default, cell[row], tolerance);
        }

        foreach (var (a, b) in ours.Positions.Zip(Rows(frame, "r")))
        {
            Close(a, b, tolerance);
        }
    }

    private static void Close(Vector3D a, Vector3D b, double tolerance) =>
        Assert.True((a - b).Length <= tolerance, string.Create(CultureInfo.InvariantCulture, $"{a} and {b} differ by {(a - b).Length}"));

    private static Vector3D[] Rows(JsonElement frame, string name) =>
        [.. frame.GetProperty(name).EnumerateArray().Select(r => new Vector3D(r[0].GetDouble(), r[1].GetDouble(), r[2].GetDouble()))];
}

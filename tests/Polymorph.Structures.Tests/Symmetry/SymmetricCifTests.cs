using System.Globalization;
using System.Text.Json;
using Polymorph.Structures.Formats;
using Polymorph.Structures.Symmetry;
using Polymorph.Testing;
using Xunit;

namespace Polymorph.Structures.Tests.Symmetry;

/// CIF files with an asymmetric unit and operations: everyone who reads them gets the same crystal.
public sealed class SymmetricCifTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("polymorph-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void OurReaderGetsTheRefinedCellBack()
    {
        var units = Units();
        string path = Path.Combine(_folder, "a.cif.gz");
        Assert.Equal(units.Count, StructureWriter.WriteSymmetric(path, units));
        var read = StructureReader.ReadStrict(path);
        Assert.Equal(units.Count, read.Count);
        for (int i = 0; i < units.Count; i++)
        {
            var expected = units[i].Symmetry.Refined;
            Assert.Equal(expected.Composition.Counts, read[i].Composition.Counts);
            // Sixteen digits in the file; images on special positions are averages of up to 192 roundings.
            Assert.All(Enumerable.Range(0, 3), axis => Assert.Equal(expected.Lattice!.Lengths[axis], read[i].Lattice!.Lengths[axis], tolerance: 1e-9));
            var left = expected.FractionalPositions.Select((f, j) => (Element: expected.Species[j], Position: f)).ToList();
            for (int j = 0; j < read[i].AtomCount; j++)
            {
                int at = left.FindIndex(site => site.Element == read[i].Species[j] && Difference(site.Position, read[i].FractionalPositions[j]) < 1e-4);
                Assert.True(at >= 0, $"{units[i].Symmetry.Structure.Id}: atom {j} is nowhere in the refined cell");
                left.RemoveAt(at);
            }

            // And the symmetry is the same when it is sought again.
            Assert.Equal(units[i].Symmetry.Number, SymmetryFinder.Find(read[i], 1e-3).Number);
        }
    }

    [Fact]
    public void AseAndPymatgenReadTheSameCrystal()
    {
        const string script = """
            import sys, json, warnings
            warnings.simplefilter('ignore')
            from ase.io import read
            from pymatgen.core import Structure, Lattice
            from pymatgen.io.cif import CifParser
            from pymatgen.io.ase import AseAtomsAdaptor
            from pymatgen.analysis.structure_matcher import StructureMatcher
            matcher = StructureMatcher(primitive_cell=False, attempt_supercell=False, scale=False, ltol=0.01, stol=0.05, angle_tol=0.5)
            answers = []
            for name, cell in json.load(open(sys.argv[1])):
                truth = Structure(Lattice(cell['lattice']), cell['z'], cell['x'])
                theirs = CifParser(name).get_structures(primitive=False)[0]
                ase = AseAtomsAdaptor.get_structure(read(name))
                answers.append([len(theirs), len(ase), bool(matcher.fit(truth, theirs)), bool(matcher.fit(truth, ase))])
            print(json.dumps(answers))
            """;
        // One of each space group among the crystals.
        var units = Units().DistinctBy(u => u.Symmetry.HallNumber).ToList();
        var list = units.Select((unit, i) =>
        {
            string path = Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"{i}.cif"));
            StructureWriter.WriteSymmetric(path, [unit]);
            var refined = unit.Symmetry.Refined;
            return new object[] { path, new { lattice = new[] { refined.Lattice!.A, refined.Lattice.B, refined.Lattice.C }.Select(Row), z = refined.Species.Select(e => e.Number), x = refined.FractionalPositions.Select(Row) } };
        });
        string input = Path.Combine(_folder, "list.json");
        File.WriteAllText(input, JsonSerializer.Serialize(list));
        var answers = JsonDocument.Parse(ExternalProgram.Python(script, ["ase", "pymatgen"], input)).RootElement.EnumerateArray().ToList();
        Assert.Equal(units.Count, answers.Count);
        Assert.All(units.Zip(answers), pair =>
        {
            var (unit, answer) = pair;
            Assert.Equal($"{unit.Symmetry.International} {unit.Symmetry.Refined.AtomCount} {unit.Symmetry.Refined.AtomCount} True True",
                $"{unit.Symmetry.International} {answer[0]} {answer[1]} {answer[2]} {answer[3]}");
        });
    }

    [Fact]
    public void SymbolsAndNumberStandInTheFile()
    {
        var crystal = new Structure([new(11), new(17)], [default, new(2.8, 2.8, 2.8)], new Lattice(new(0, 2.8, 2.8), new(2.8, 0, 2.8), new(2.8, 2.8, 0)));
        using var writer = new StringWriter();
        StructureWriter.WriteSymmetric(writer, SymmetryFinder.Find(crystal).AsymmetricUnit);
        string text = writer.ToString();
        Assert.Contains("_space_group_name_H-M_alt 'F m -3 m'\n", text, StringComparison.Ordinal);
        Assert.Contains("_space_group_name_Hall '-F 4 2 3'\n", text, StringComparison.Ordinal);
        Assert.Contains("_space_group_IT_number 225\n", text, StringComparison.Ordinal);
        Assert.Contains("Na1 Na 0.0 0.0 0.0 1 4 a\n", text, StringComparison.Ordinal);
        // 48 rotations times 4 centrings.
        Assert.Equal(192, text.Split('\n').Count(line => line.StartsWith('\'')));
    }

    private static List<AsymmetricUnit> Units() =>
        [.. GoldenCrystals.Of("spacegroups.json", "structures").Concat(GoldenCrystals.Of("symmetry.json", "structures")).Select(record => SymmetryFinder.Find(GoldenCrystals.Crystal(record)).AsymmetricUnit)];

    private static double[] Row(Vector3D v) => [v.X, v.Y, v.Z];

    private static double Difference(Vector3D a, Vector3D b)
    {
        var d = a - b;
        return new Vector3D(d.X - Math.Round(d.X), d.Y - Math.Round(d.Y), d.Z - Math.Round(d.Z)).Length;
    }
}

using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Polymorph.Structures.Formats;
using Polymorph.Testing;
using Xunit;

namespace Polymorph.Structures.Tests.Formats;

/// <summary>OPTIMADE JSON Lines that we write.</summary>
public sealed class OptimadeWriterTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("polymorph-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void EveryBitComesBack() => Arbitrary.Check(Arbitrary.Structure(6, 12), structure =>
    {
        var again = Assert.Single(InputText.Read(InputText.Write(structure, StructureFormat.JsonLines), "a.jsonl", new ReadOptions { MinDistance = 0 })).Structure;
        Assert.NotNull(again);
        InputText.AssertSameGeometry(structure, again);
        return true;
    }, cases: 60);

    [Fact]
    public void PropertiesComeBackWithTheirTypes()
    {
        var named = new Dictionary<string, object>
        {
            ["energy"] = -12.0,
            ["count"] = 3L,
            ["ok"] = true,
            ["name"] = "a \"b\" \u00e5 \\",
            ["list"] = new[] { 1.5, 2.0 },
            ["whole"] = new[] { 1L, 2L },
            ["words"] = new[] { "a", "b" },
            ["spacegroup.number"] = 221L,
            ["UPPER"] = 1e-300,
            ["_mp_gap"] = 0.1,
            ["other_properties"] = 1.0,
            ["not"] = double.NaN,
            ["id"] = "mine/1",
        };
        var water = new Structure([new(8), new(1)], [default, new(0, 0, 1)], id: "w", properties: named.Aggregate(System.Collections.Immutable.ImmutableSortedDictionary.Create<string, object>(StringComparer.Ordinal), (d, p) => d.Add(p.Key, p.Value)),
            atomProperties: System.Collections.Immutable.ImmutableSortedDictionary<string, AtomProperty>.Empty
                .Add("forces", new AtomProperty('R', 3, [1.0, 2.0, 3.5, -1e-12, 0.0, 7.0])).Add("tags", new AtomProperty('I', 1, [1L, 2L])).Add("free", new AtomProperty('L', 1, [true, false])).Add("label", new AtomProperty('S', 1, ["a", "b c"])));
        var again = InputText.One(InputText.Write(water, StructureFormat.JsonLines), "a.jsonl");
        Assert.Equal(water.Properties, again.Properties);
        Assert.Equal(water.AtomProperties.Keys, again.AtomProperties.Keys);
        foreach (var (name, table) in water.AtomProperties)
        {
            Assert.Equal((table.Kind, table.Columns), (again.AtomProperties[name].Kind, again.AtomProperties[name].Columns));
            Assert.Equal(table.Values, again.AtomProperties[name].Values);
        }
    }

    [Fact]
    public void FormulasFollowTheSpecification()
    {
        var quartz = new Structure([.. Enumerable.Repeat(new Element(14), 3), .. Enumerable.Repeat(new Element(8), 6)], [.. Enumerable.Range(0, 9).Select(i => new Vector3D(2.0 * i, 0, 0))]);
        using var entry = JsonDocument.Parse(InputText.Write(quartz, StructureFormat.JsonLines).Split('\n')[1]);
        var attributes = entry.RootElement.GetProperty("attributes");
        Assert.Equal(("O2Si", "A2B", 2, 9), (attributes.GetProperty("chemical_formula_reduced").GetString(), attributes.GetProperty("chemical_formula_anonymous").GetString(), attributes.GetProperty("nelements").GetInt32(), attributes.GetProperty("nsites").GetInt32()));
        Assert.Equal(["O", "Si"], attributes.GetProperty("elements").EnumerateArray().Select(e => e.GetString()));
        Assert.Equal([6 / 9.0, 3 / 9.0], attributes.GetProperty("elements_ratios").EnumerateArray().Select(e => e.GetDouble()));
    }

    [Fact]
    public void PymatgenReadsWhatWeWrite()
    {
        // pymatgen's own OPTIMADE client parses the entries; CIF and POSCAR through Structure.from_file.
        const string script = """
            import sys, json, os, warnings
            warnings.simplefilter('ignore')
            from pymatgen.core import Structure
            from pymatgen.ext.optimade import OptimadeRester
            os.chdir(sys.argv[1])
            lines = [json.loads(line) for line in open('a.jsonl')]
            assert lines[0]['x-optimade']['meta']['api_version'] == '1.2.0'
            snls = OptimadeRester._get_snls_from_resource(dict(data=lines[1:]), 'here', 'us')
            def show(s):
                return dict(z=[site.specie.Z for site in s], r=s.cart_coords.tolist(), cell=s.lattice.matrix.tolist(), pbc=[True] * 3)
            print(json.dumps(dict(optimade=[show(snls[e['id']].structure) for e in lines[1:]],
                                  cif=[show(Structure.from_file(f'{k}.cif')) for k in range(len(lines) - 1)],
                                  poscar=[show(Structure.from_file(f'{k}.POSCAR.vasp')) for k in range(len(lines) - 1)])))
            """;
        var crystals = StructureReader.ReadStrict(ReferenceData.PathOf("data/logan/mp-546546_training.extxyz")).Where((s, i) => i % 60 == 0 && s.AtomCount < 60).Take(5).ToArray();
        StructureWriter.Write(Path.Combine(_folder, "a.jsonl"), crystals);
        for (int k = 0; k < crystals.Length; k++)
        {
            StructureWriter.Write(Path.Combine(_folder, $"{k}.cif"), [crystals[k]]);
            StructureWriter.Write(Path.Combine(_folder, $"{k}.POSCAR.vasp"), [crystals[k]]);
        }

        using var document = JsonDocument.Parse(ExternalProgram.Python(script, ["pymatgen"], _folder));
        for (int k = 0; k < crystals.Length; k++)
        {
            SameStructure.Assert(document.RootElement.GetProperty("optimade")[k], crystals[k], 1e-11); // pymatgen converts to fractions and back
            SameStructure.Assert(document.RootElement.GetProperty("poscar")[k], crystals[k], 1e-11);
            var cif = Assert.Single(StructureReader.ReadStrict(Path.Combine(_folder, $"{k}.cif"))); // in the standard orientation, as pymatgen's
            Assert.Equal(cif.AtomCount, document.RootElement.GetProperty("cif")[k].GetProperty("z").GetArrayLength());
            SameUpToCell(document.RootElement.GetProperty("cif")[k], cif);
        }
    }

    /// <summary>pymatgen puts a along x too, but c along z: lengths, angles and fractions must agree.</summary>
    private static void SameUpToCell(JsonElement theirs, Structure ours)
    {
        var rows = theirs.GetProperty("cell").EnumerateArray().Select(r => new Vector3D(r[0].GetDouble(), r[1].GetDouble(), r[2].GetDouble())).ToArray();
        var lattice = new Lattice(rows[0], rows[1], rows[2]);
        Assert.True((lattice.Lengths - ours.Lattice!.Lengths).Length < 1e-9 && (lattice.Angles - ours.Lattice.Angles).Length < 1e-9); // cosines of angles in degrees
        var fractions = theirs.GetProperty("r").EnumerateArray().Select(r => lattice.ToFractional(new(r[0].GetDouble(), r[1].GetDouble(), r[2].GetDouble()))).ToList();
        foreach (var f in ours.FractionalPositions)
        {
            int match = fractions.FindIndex(g => Enumerable.Range(0, 3).All(axis => Math.Abs(Math.IEEERemainder(g[axis] - f[axis], 1)) < 1e-4)); // pymatgen rounds to nice fractions
            Assert.True(match >= 0, $"{f}");
            fractions.RemoveAt(match);
        }
    }
}

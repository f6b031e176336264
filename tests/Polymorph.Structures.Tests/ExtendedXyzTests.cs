using System.Collections.Immutable;
using System.Text.Json;
using FsCheck.Fluent;
using Polymorph.Structures.Formats;
using Polymorph.Testing;
using Xunit;

namespace Polymorph.Structures.Tests;

public sealed class ExtendedXyzTests
{
    // Frame and atom counts: table in the data set's README.
    [Theory]
    [InlineData("C5H12O_training.extxyz", 39, 15, 21)]
    [InlineData("C5H12O_ground_truth.extxyz", 14, 18, 18)]
    [InlineData("mp-546546_training.extxyz", 168, 6, 360)]
    [InlineData("mp-546794_ground_truth.extxyz", 1, 6, 6)]
    public void PublishedFilesAreRead(string file, int frames, int fewest, int most)
    {
        var structures = StructureReader.ReadStrict(ReferenceData.PathOf($"data/logan/{file}"));
        Assert.Equal((frames, fewest, most), (structures.Count, structures.Min(s => s.AtomCount), structures.Max(s => s.AtomCount)));
        Assert.Equal($"{file}#1", structures[0].Id);
        Assert.All(structures, s => Assert.Equal(file.StartsWith("mp", StringComparison.Ordinal), s.Lattice is not null));
    }

    [Theory]
    [InlineData("logan/C5H12O_training.extxyz")]
    [InlineData("logan/mp-546794_ground_truth.extxyz")]
    [InlineData("logan/mp-559550_training.extxyz")]
    [InlineData("mgmno/mgmno_unique.extxyz")]
    public void PublishedFilesSurviveARoundTrip(string file)
    {
        foreach (var expected in StructureReader.ReadStrict(ReferenceData.PathOf($"data/{file}")).Take(60))
        {
            AssertRoundTrip(expected);
        }
    }

    [Fact]
    public void ValuesGetTheirTypes()
    {
        var s = InputText.One("""
            1
            Properties=species:S:1:pos:R:3 n=5 x=5.0 e=-1e-3 d=1.5D+02 nan=nan yes=T no=F flag 3.71059 word=P21 label=007 quoted="P \"1\" \\ b" single='it is' ints="1 2 3" commas="1,2.5" flags="T F T" braces={1.0 2} list=[1,2] words=["a","b c"] nested=[[1,2],[3,4]] json="_JSON {\"0\": {\"Si\": 1}}" text="_JSON \"12\"" spaced = 3 empty="" url=a=b pbc="F F F"
            H 0 0 0
            """, "a.extxyz");
        Assert.Equal(5L, s.Properties["n"]);
        Assert.Equal(5.0, s.Properties["x"]);
        Assert.Equal(-1e-3, s.Properties["e"]);
        Assert.Equal(150.0, s.Properties["d"]);
        Assert.Equal(double.NaN, s.Properties["nan"]);
        Assert.Equal(true, s.Properties["yes"]);
        Assert.Equal(false, s.Properties["no"]);
        Assert.Equal(true, s.Properties["flag"]);
        Assert.Equal(true, s.Properties["3.71059"]);
        Assert.Equal("P21", s.Properties["word"]);
        Assert.Equal("007", s.Properties["label"]);
        Assert.Equal("P \"1\" \\ b", s.Properties["quoted"]);
        Assert.Equal("it is", s.Properties["single"]);
        Assert.Equal(new long[] { 1, 2, 3 }, s.Properties["ints"]);
        Assert.Equal(new[] { 1, 2.5 }, s.Properties["commas"]);
        Assert.Equal(new[] { true, false, true }, s.Properties["flags"]);
        Assert.Equal(new[] { 1.0, 2 }, s.Properties["braces"]);
        Assert.Equal(new long[] { 1, 2 }, s.Properties["list"]);
        Assert.Equal(new[] { "a", "b c" }, s.Properties["words"]);
        Assert.Equal(4, ((JsonElement)s.Properties["nested"])[1][1].GetInt32());
        Assert.Equal(1, ((JsonElement)s.Properties["json"]).GetProperty("0").GetProperty("Si").GetInt32());
        Assert.Equal("12", s.Properties["text"]);
        Assert.Equal(3L, s.Properties["spaced"]);
        Assert.Equal("", s.Properties["empty"]);
        Assert.Equal("a=b", s.Properties["url"]);
        Assert.False(s.Properties.ContainsKey("pbc"));
        AssertRoundTrip(s);
    }

    [Fact]
    public void ColumnsMayStandInAnyOrder()
    {
        var s = InputText.One("""
            2
            Properties=tag:S:1:pos:R:3:fixed:L:1:Z:I:1:forces:R:3:charge:I:1 Lattice="5 0 0 0 6 0 0 0 7" pbc="T T F"
            surface 0 0 0 T 8 0.1 0.2 0.3 -1
            "in the \"bulk\"" 1 2 3 F 14 -0.1 1e-3 nan 2
            """, "a.extxyz");
        Assert.Equal(["O", "Si"], s.Species.Select(e => e.Symbol));
        Assert.Equal(new Vector3D(1, 2, 3), s.Positions[1]);
        Assert.Equal(new Periodicity(true, true, false), s.Periodicity);
        Assert.Equal([new Vector3D(5, 0, 0), new Vector3D(0, 6, 0), new Vector3D(0, 0, 7)], [s.Lattice!.A, s.Lattice.B, s.Lattice.C]);
        Assert.Equal(["surface", "in the \"bulk\""], s.AtomProperties["tag"].Values);
        Assert.Equal([true, false], s.AtomProperties["fixed"].Values);
        Assert.Equal([0.1, 0.2, 0.3, -0.1, 1e-3, double.NaN], s.AtomProperties["forces"].Values);
        Assert.Equal([-1L, 2L], s.AtomProperties["charge"].Values);
        AssertRoundTrip(s);
    }

    [Fact]
    public void PlainXyzKeepsItsComment()
    {
        var s = InputText.One("2\n water? no: OH, E=1 eV \nO 0.0 0 0 -0.4 extra\n1 0.96 0 0\n\n\n", "a.xyz");
        Assert.Equal("water? no: OH, E=1 eV", s.Properties["comment"]);
        Assert.Equal(["O", "H"], s.Species.Select(e => e.Symbol));
        Assert.Null(s.Lattice);
    }

    [Fact]
    public void DefaultPeriodicityFollowsTheCell()
    {
        Assert.Equal(Periodicity.Full, InputText.One("1\nLattice=\"2 0 0 0 2 0 0 0 2\"\nH 0 0 0\n", "a.xyz").Periodicity);
        Assert.Null(InputText.One("1\nLattice=\"0 0 0 0 0 0 0 0 0\" pbc=\"F F F\"\nH 0 0 0\n", "a.xyz").Lattice);
        Assert.Equal(Periodicity.None, InputText.One("1\nLattice=\"2 0 0 0 2 0 0 0 2\" pbc=F\nH 0 0 0\n", "a.xyz").Periodicity);
    }

    [Fact]
    public void FramesOfQm9AreRead()
    {
        // Layout of the QM9 files: partial charges in a fifth column, then frequencies, SMILES, InChI.
        string frame = "2\ngdb 7\t1.0\t2.0\nO\t0.0\t0.0\t0.0\t-0.3\nH\t0.0\t0.0\t0.97\t0.3\n3700.1\n[OH]\t[OH]\nInChI=1S/HO/h1H\tInChI=1S/HO/h1H\n";
        Assert.All(InputText.Read(frame + frame, "dsgdb9nsd_000007.xyz"), r => Assert.Equal(2, r.Structure!.AtomCount));
    }

    [Fact]
    public void LineEndingsAndByteOrderMarksDoNotMatter()
    {
        foreach (string end in new[] { "\n", "\r\n", "\r" })
        {
            Assert.Equal(2, InputText.Read($"1{end}a{end}H 0 0 0{end}1{end}b{end}He 0 0 0", "a.xyz").Count(r => r.Structure is not null));
        }

        foreach (var encoding in new System.Text.Encoding[] { new System.Text.UTF8Encoding(true), System.Text.Encoding.Unicode, System.Text.Encoding.BigEndianUnicode })
        {
            byte[] bytes = [.. encoding.GetPreamble(), .. encoding.GetBytes("1\nÅ\nH 0 0 0\n")];
            Assert.Equal("Å", Assert.Single(InputText.Read(bytes, "a.xyz")).Structure!.Properties["comment"]);
        }
    }

    // Any value of a supported type, any text included, must come back as it was.
    [Fact]
    public void AnyPropertySurvivesARoundTrip()
    {
        var number = Gen.OneOf(Arbitrary.Real(-1e3, 1e3), Gen.Elements(0.0, -0.0, double.MaxValue, double.Epsilon, 1e20, 1e-300, 5, -12345678901234567, double.NaN, double.NegativeInfinity));
        var text = ArbMap.Default.GeneratorFor<string>().Where(t => t is not null && t.All(c => !char.IsSurrogate(c)));
        var tricky = Gen.Elements("", "T", "12", "1 2", "1.5e3", "_JSON [1]", "a\nb", "\\", "\"", " x ", "P 1", "nan", "007", "{}", "[1]", "[", "'", "=", "a=b", "Å", "1,2");
        var value = Gen.OneOf(
            number.Select(v => (object)v),
            Gen.Choose(int.MinValue, int.MaxValue).Select(v => (object)(long)v),
            Gen.Elements<object>(true, false),
            Gen.OneOf(text, tricky).Select(v => (object)v),
            Gen.ArrayOf(number.Where(double.IsFinite), 3).Select(v => (object)v),
            Gen.ArrayOf(number.Where(double.IsFinite), 1).Select(v => (object)v),
            Gen.ArrayOf(Gen.Choose(-9, 9).Select(v => (long)v), 4).Select(v => (object)v),
            Gen.ArrayOf(Gen.Elements(true, false), 1).Select(v => (object)v),
            Gen.ArrayOf(Gen.OneOf(text, tricky), 2).Select(v => (object)v));
        var key = Gen.Elements("energy", "a b", "3.5", "x-1", "k=v", "\"q\"", "[", "{k}", "method");
        Arbitrary.Check(from k in key from v in value select (k, v), x =>
        {
            AssertRoundTrip(new Structure([new Element(1)], [new(0.1, 1e-17, -1.0 / 3)], properties: ImmutableSortedDictionary<string, object>.Empty.Add(x.k, x.v)));
            return true;
        }, cases: 400);
    }

    [Fact]
    public void AnyGeometrySurvivesARoundTrip() =>
        Arbitrary.Check(Arbitrary.Structure(size: 7, maxAtoms: 5), s =>
        {
            AssertRoundTrip(s);
            return true;
        }, cases: 100);

    private static void AssertRoundTrip(Structure expected)
    {
        string text = InputText.Write(expected, StructureFormat.ExtendedXyz);
        var result = Assert.Single(InputText.Read(text, "a.extxyz", new ReadOptions { MinDistance = 0 }));
        Assert.True(result.Structure is not null, $"{result.Rejection}\n{text}");
        var actual = result.Structure;
        InputText.AssertSameGeometry(expected, actual);
        Assert.Equal(expected.Properties.Keys, actual.Properties.Keys);
        foreach (var (key, value) in expected.Properties)
        {
            if (value is JsonElement json)
            {
                Assert.True(JsonElement.DeepEquals(json, (JsonElement)actual.Properties[key]));
            }
            else
            {
                Assert.Equal(value, actual.Properties[key]);
            }
        }

        Assert.Equal(expected.AtomProperties.Keys, actual.AtomProperties.Keys);
        foreach (var (key, property) in expected.AtomProperties)
        {
            Assert.Equal((property.Kind, property.Columns), (actual.AtomProperties[key].Kind, actual.AtomProperties[key].Columns));
            Assert.Equal(property.Values, actual.AtomProperties[key].Values);
        }
    }
}

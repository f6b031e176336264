using System.IO.Compression;
using System.Text.Json;
using Polymorph.Structures.Formats;
using Xunit;

namespace Polymorph.Structures.Tests.Formats;

/// <summary>Trajectories and databases that ASE wrote.</summary>
public sealed class AseFileTests(PythonFiles files) : IClassFixture<PythonFiles>, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("polymorph-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("mixed.traj")]
    [InlineData("mixed.db")]
    public void FramesAreThoseOfAse(string name)
    {
        var structures = StructureReader.ReadStrict(files.PathOf(name));
        var described = files.Described("ase");
        Assert.Equal(described.Count, structures.Count);
        foreach (var (ours, theirs) in structures.Zip(described))
        {
            SameStructure.Assert(theirs, ours, tolerance: 0); // the bytes of doubles
            Assert.Equal(theirs.GetProperty("energy").ValueKind == JsonValueKind.Null ? null : theirs.GetProperty("energy").GetDouble(), ours.Properties.GetValueOrDefault("energy"));
            if (theirs.GetProperty("forces") is { ValueKind: JsonValueKind.Array } forces)
            {
                Assert.Equal(forces.EnumerateArray().SelectMany(row => row.EnumerateArray()).Select(f => f.GetDouble()), ours.AtomProperties["forces"].Values.Cast<double>());
                var v = theirs.GetProperty("stress").EnumerateArray().Select(s => s.GetDouble()).ToArray();
                Assert.Equal([v[0], v[5], v[4], v[5], v[1], v[3], v[4], v[3], v[2]], (double[])ours.Properties["stress"]);
                Assert.Equal([0.5, 0.0, 0.0, 0.0, 2.0], ours.AtomProperties["magmoms"].Values.Cast<double>());
                Assert.Equal(-12.75, ours.Properties["free_energy"]);
            }
        }

        Assert.Equal([1L, 2L, 3L], structures[2].AtomProperties["tags"].Values.Cast<long>());
        Assert.Equal([-0.8, 0.4, 0.4], structures[2].AtomProperties["initial_charges"].Values.Cast<double>());
        Assert.Equal(9, structures[2].AtomProperties["momenta"].Values.Length);
        Assert.Equal([true, true, true, false, false, false], structures[3].AtomProperties["move_mask"].Values.Cast<bool>());
        Assert.Equal(new Periodicity(true, true, false), structures[3].Periodicity);
    }

    [Fact]
    public void NamedValuesOfATrajectoryAreKept()
    {
        var water = StructureReader.ReadStrict(files.PathOf("mixed.traj"))[2];
        Assert.Equal(("a \"b\"", 7L, true), ((string)water.Properties["note"], (long)water.Properties["whole"], (bool)water.Properties["flag"]));
        Assert.Equal([0L, 1L, 2L], (long[])water.Properties["list"]);
        Assert.True(double.IsNaN((double)water.Properties["none"]));
        Assert.Null(water.Lattice);
    }

    [Fact]
    public void KeyValuePairsOfADatabaseAreKept()
    {
        var structures = StructureReader.ReadStrict(files.PathOf("mixed.db"));
        Assert.Equal(Enumerable.Range(0, 5).Select(k => $"frame-{k}"), structures.Select(s => (string)s.Properties["name"]));
        Assert.Equal([0, 0.25, 0.5, 0.75, 1], structures.Select(s => (double)s.Properties["gap"]));
        Assert.Equal([0L, 1L, 2L, 3L, 4L], structures.Select(s => (long)s.Properties["count"]));
    }

    [Fact]
    public void LongFilesAreReadWhole()
    {
        Assert.Equal(50, StructureReader.ReadStrict(files.PathOf("same.traj")).Count);
        var rows = StructureReader.ReadStrict(files.PathOf("many.db"));
        Assert.Equal(Enumerable.Range(0, 400).Where(k => k != 2), rows.Select(s => (int)(long)s.Properties["number"])); // row 3 was deleted
    }

    [Theory]
    [InlineData("mixed.traj")]
    [InlineData("mixed.db")]
    public void FilesAreKnownByTheirContentAndReadFromPipesAndGzip(string name)
    {
        byte[] bytes = File.ReadAllBytes(files.PathOf(name));
        var expected = StructureReader.ReadStrict(files.PathOf(name));
        foreach (var results in new[] { InputText.Read(bytes, "-"), [.. StructureReader.Read(new Pipe(bytes), "-")], InputText.Read(Compressed(bytes), name + ".gz") })
        {
            Assert.Equal(expected.Count, results.Count);
            Assert.All(expected.Zip(results), pair => InputText.AssertSameGeometry(pair.First, pair.Second.Structure!));
        }

        Assert.Equal("PM2004", InputText.Read(bytes, "a.cif").Single().Rejection!.Code);
    }

    [Fact]
    public void ADatabaseIsNeitherLockedNorChanged()
    {
        string path = Path.Combine(_folder, "a.db");
        File.Copy(files.PathOf("many.db"), path);
        byte[] before = File.ReadAllBytes(path);
        using (var other = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite))
        {
            using var entries = StructureReader.Read(path).GetEnumerator();
            Assert.True(entries.MoveNext());
            other.Position = other.Length;
            other.WriteByte(0); // somebody else may write meanwhile
            other.SetLength(before.Length);
        }

        Assert.Equal(before, File.ReadAllBytes(path));
        Assert.Equal(["a.db"], Directory.GetFiles(_folder).Select(Path.GetFileName));
    }

    [Fact]
    public void ADatabaseWithUnfinishedChangesIsRefused()
    {
        string path = Path.Combine(_folder, "a.db");
        File.Copy(files.PathOf("mixed.db"), path);
        File.WriteAllText(path + "-wal", "changes");
        Assert.Equal("PM2623", Assert.Single(StructureReader.Read(path)).Rejection!.Code);
        File.WriteAllText(path + "-wal", "");
        Assert.Equal(5, StructureReader.Read(path).Count(r => r.Structure is not null));
    }

    [Fact]
    public void OtherDatabasesAndOtherUlmFilesAreNamed()
    {
        string script = """
            import sys, sqlite3
            from ase.io import ulm
            c = sqlite3.connect(sys.argv[1]); c.execute('create table t (a, b)'); c.commit(); c.close()
            with ulm.open(sys.argv[2], 'w', tag='Other') as w: w.write(x=1)
            """;
        string db = Path.Combine(_folder, "a.db"), traj = Path.Combine(_folder, "a.traj");
        Testing.ExternalProgram.Python(script, ["ase"], db, traj);
        Assert.Equal("PM2622", Assert.Single(StructureReader.Read(db)).Rejection!.Code);
        Assert.Equal("PM2612", Assert.Single(StructureReader.Read(traj)).Rejection!.Code);
    }

    [Fact]
    public void ACutTrajectoryGivesTheFramesBeforeTheCut()
    {
        byte[] bytes = File.ReadAllBytes(files.PathOf("same.traj"));
        var results = InputText.Read(bytes[..(bytes.Length - 2500)], "a.traj");
        Assert.Equal(50, results.Count);
        Assert.Contains(results, r => r.Structure is not null);
        Assert.Contains(results, r => r.Rejection is { Code: "PM2611" } rejection && rejection.Reason.StartsWith("frame ", StringComparison.Ordinal));
        Assert.Equal("PM2611", InputText.Read(bytes[..40], "a.traj").Single().Rejection!.Code);
    }

    private static byte[] Compressed(byte[] bytes)
    {
        var memory = new MemoryStream();
        using (var gzip = new GZipStream(memory, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(bytes);
        }

        return memory.ToArray();
    }

    /// <summary>A stream that can only be read once, as standard input.</summary>
    private sealed class Pipe(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}

using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Polymorph.Energies.Catalogue;
using Polymorph.Foundation;
using Xunit;

namespace Polymorph.Energies.Tests.Catalogue;

public sealed class PotentialStoreTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("polymorph-store-");
    private readonly PotentialStore _store;

    public PotentialStoreTests()
    {
        _store = new PotentialStore(Path.Combine(_folder.FullName, "store"));
        Directory.CreateDirectory(Source);
    }

    private string Source => Path.Combine(_folder.FullName, "source");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void AnInstalledPotentialHasManifestBinaryAndLicence()
    {
        string manifest = Write("toy");
        File.WriteAllText(Path.Combine(Source, "LICENSES.txt"), "do as you like");
        var added = Assert.Single(_store.Add(manifest));
        Assert.False(added.WasThere);
        Assert.Equal(["LICENSES.txt", "toy.bin", "toy.json"], Files("toy"));
        var listed = Assert.Single(_store.List());
        Assert.Equal(("toy", "ANI", "toy variant", "MIT, Somebody"), (listed.Name, listed.Model, listed.Variant, listed.Licence));
        Assert.Equal(listed, _store.Find("ani", "toy variant")! with { Elements = listed.Elements, Citations = listed.Citations });
        Assert.Null(_store.Find("TensorNet"));
    }

    [Fact]
    public void AddingAgainChangesNothingAndMendsWhatIsDamaged()
    {
        string manifest = Write("toy");
        _store.Add(manifest);
        var before = File.GetLastWriteTimeUtc(Path.Combine(_store.Folder, "toy", "toy.bin"));
        Assert.True(Assert.Single(_store.Add(manifest)).WasThere);
        Assert.Equal(before, File.GetLastWriteTimeUtc(Path.Combine(_store.Folder, "toy", "toy.bin")));
        File.WriteAllBytes(Path.Combine(_store.Folder, "toy", "toy.bin"), [1, 2, 3]);
        Assert.False(Assert.Single(_store.Add(manifest)).WasThere);
        Assert.True(Assert.Single(_store.Add(manifest)).WasThere);
        Assert.Equal(["toy"], Directory.GetDirectories(_store.Folder).Select(Path.GetFileName));
    }

    [Fact]
    public void AFolderStandsForAllItsManifestsAndBadOnesAreNamed()
    {
        Write("a");
        Write("b");
        File.WriteAllText(Path.Combine(Source, "package.json"), "{\"name\": \"something else\"}");
        File.WriteAllText(Path.Combine(Source, "cut.json"), File.ReadAllText(Path.Combine(Source, "a.json"))[..80]);
        var added = _store.Add(Source);
        Assert.Equal(["a", "b"], added.Select(a => a.Potential?.Name).OfType<string>());
        var problem = Assert.Single(added.Select(a => a.Problem).OfType<PolymorphException>());
        Assert.EndsWith("cut.json", problem.Place, StringComparison.Ordinal);
        Assert.Equal("PM6222", problem.Code);
    }

    /// Each foreign or damaged file is refused by name, and nothing of it is installed.
    [Theory]
    [InlineData("half binary", "PM4113")]
    [InlineData("other binary", "PM4113")]
    [InlineData("no binary", "PM4111")]
    [InlineData("other json", "PM6222")]
    [InlineData("no json", "PM6222")]
    [InlineData("no elements", "PM6222")]
    [InlineData("strange element", "PM6222")]
    [InlineData("unknown model", "PM6222")]
    [InlineData("binary elsewhere", "PM4112")]
    [InlineData("empty folder", "PM6225")]
    [InlineData("nothing", "PM6225")]
    public void ForeignAndDamagedFilesAreRefused(string kind, string code)
    {
        string manifest = Write("toy"), binary = Path.Combine(Source, "toy.bin"), given = manifest;
        void Change(Action<JsonObject> change)
        {
            var json = JsonNode.Parse(File.ReadAllText(manifest))!.AsObject();
            change(json);
            File.WriteAllText(manifest, json.ToJsonString());
        }

        switch (kind)
        {
            case "half binary": File.WriteAllBytes(binary, File.ReadAllBytes(binary)[..8]); break;
            case "other binary": File.WriteAllBytes(binary, new byte[16]); break;
            case "no binary": File.Delete(binary); break;
            case "other json": File.WriteAllText(manifest, "{\"format\": \"something-2\"}"); break;
            case "no json": File.WriteAllText(manifest, "weights"); break;
            case "no elements": Change(j => j.Remove("elements")); break;
            case "strange element": Change(j => j["elements"] = new JsonArray("H", "Qq")); break;
            case "unknown model": Change(j => j["model"] = "Oracle"); break;
            case "binary elsewhere": Change(j => j["binary"] = "../secret.bin"); break;
            case "empty folder": given = Directory.CreateDirectory(Path.Combine(_folder.FullName, "empty")).FullName; break;
            default: given = Path.Combine(Source, "nowhere.json"); break;
        }

        var error = Assert.Throws<PolymorphException>(() => _store.Add(given));
        Assert.Equal(code, error.Code);
        Assert.NotNull(error.NextStep);
        Assert.Empty(_store.List());
    }

    [Fact]
    public void TheBinaryStandsForItsManifest() => Assert.Equal("toy", Assert.Single(_store.Add(Path.ChangeExtension(Write("toy"), ".bin"))).Potential!.Name);

    [Fact]
    public void RemovingNamesTheNearest()
    {
        _store.Add(Write("toy"));
        var error = Assert.Throws<PolymorphException>(() => _store.Remove("tox"));
        Assert.Equal("PM6224", error.Code);
        Assert.Contains("'toy'", error.NextStep, StringComparison.Ordinal);
        Assert.Equal("PM6224", Assert.Throws<PolymorphException>(() => _store.Remove("../source")).Code);
        _store.Remove("toy");
        Assert.Empty(_store.List());
        Assert.Equal("PM6224", Assert.Throws<PolymorphException>(() => _store.Remove("toy")).Code);
    }

    /// What a killed process left half done is no potential, and the next one clears it away.
    [Fact]
    public void AbandonedFoldersAreClearedAway()
    {
        string rest = Directory.CreateDirectory(Path.Combine(_store.Folder, ".adding-2147483647-toy")).FullName;
        Assert.Empty(_store.List());
        _store.Add(Write("toy"));
        Assert.False(Directory.Exists(rest));
    }

    [Fact]
    public void AStoreThatCannotBeWrittenIsSaid()
    {
        Assert.SkipUnless(Directory.Exists("/proc/self"), "needs /proc, where nobody may make folders");
        Assert.Equal("PM6228", Assert.Throws<PolymorphException>(() => new PotentialStore("/proc/polymorph").Add(Write("toy"))).Code);
    }

    private string[] Files(string name) => [.. Directory.GetFiles(Path.Combine(_store.Folder, name)).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];

    private string Write(string name)
    {
        byte[] binary = [.. BitConverter.GetBytes(1f), .. BitConverter.GetBytes(2f), .. BitConverter.GetBytes(3f), .. BitConverter.GetBytes(4f)];
        File.WriteAllBytes(Path.Combine(Source, name + ".bin"), binary);
        string manifest = Path.Combine(Source, name + ".json");
        File.WriteAllText(manifest, new JsonObject
        {
            ["format"] = "polymorph-tensors-1",
            ["binary"] = name + ".bin",
            ["binary_bytes"] = binary.Length,
            ["binary_sha256"] = Convert.ToHexStringLower(SHA256.HashData(binary)),
            ["model"] = "ANI",
            ["variant"] = name + " variant",
            ["license"] = "MIT",
            ["copyright"] = "Somebody",
            ["citation"] = new JsonArray("A paper"),
            ["elements"] = new JsonArray("H", "O"),
            ["tensors"] = new JsonArray(new JsonObject { ["name"] = "w", ["dtype"] = "float32", ["shape"] = new JsonArray(2, 2), ["offset"] = 0, ["bytes"] = 16 }),
        }.ToJsonString());
        return manifest;
    }
}

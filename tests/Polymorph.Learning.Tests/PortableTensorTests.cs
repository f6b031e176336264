using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Polymorph.Foundation;
using Polymorph.Learning.PortableTensors;
using Polymorph.Testing;
using Xunit;

namespace Polymorph.Learning.Tests;

public sealed class PortableTensorTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("polymorph-test-").FullName;

    private string ManifestPath => Path.Combine(_folder, "weights.json");

    private string BinaryPath => Path.Combine(_folder, "weights.bin");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void TensorsAreReadAsTheyLie()
    {
        var file = Read(Write(_ => { }));
        Assert.Equal(["matrix", "vector"], file.Tensors.Keys);
        Assert.Equal([2, 3], file.Tensors["matrix"].Shape);
        Assert.Equal([0f, 1, 2, 3, 4, 5], file.Values("matrix", 2, 3));
        Assert.Equal([16f, 17], file.Values("vector", 2));
        Assert.Equal("kept", file.Manifest.GetProperty("remark").GetString());
        Assert.Equal(ManifestPath, file.ManifestPath);
    }

    /// NumPy reads a tensor of a published file in its own way.
    [Fact]
    public void NumPyReadsTheSameNumbers()
    {
        string path = ReferenceData.PathOf("data/potentials/ani-1ccx.json");
        string printed = ExternalProgram.Python(
            """
            import json, sys, numpy as np
            m = json.load(open(sys.argv[1]))
            t = next(t for t in m['tensors'] if t['name'] == 'member7.O.layer1.weight')
            x = np.frombuffer(open(sys.argv[1][:-4] + 'bin', 'rb').read(), '<f4', t['bytes'] // 4, t['offset'])
            print(*(repr(float(v)) for v in (x[0], x[-1], x.astype(float).sum())))
            """, ["numpy"], path);
        double[] expected = [.. printed.Split(' ').Select(v => double.Parse(v, System.Globalization.CultureInfo.InvariantCulture))];
        float[] values = PortableTensorFile.Read(path).Values("member7.O.layer1.weight", 112, 128);
        Assert.Equal(expected[0], values[0]);
        Assert.Equal(expected[1], values[^1]);
        // Two orders of adding 14336 numbers in double precision.
        Assert.Equal(expected[2], values.Sum(v => (double)v), 1e-9);
    }

    [Fact]
    public void ACutBinaryIsRefused()
    {
        Write(_ => { });
        File.WriteAllBytes(BinaryPath, File.ReadAllBytes(BinaryPath)[..^1]);
        AssertRefused("PM4113", "the file has 71 bytes, its manifest says 72", BinaryPath);
    }

    [Fact]
    public void AChangedByteIsFound()
    {
        Write(_ => { });
        byte[] bytes = File.ReadAllBytes(BinaryPath);
        bytes[70] ^= 1;
        File.WriteAllBytes(BinaryPath, bytes);
        AssertRefused("PM4113", "SHA-256", BinaryPath);
    }

    [Fact]
    public void AMissingFileIsNamed()
    {
        AssertRefused("PM4111", "cannot read the file", ManifestPath);
        Write(_ => { });
        File.Delete(BinaryPath);
        AssertRefused("PM4111", "cannot read the file", BinaryPath);
        Directory.CreateDirectory(BinaryPath);
        AssertRefused("PM4111", "cannot read the file", BinaryPath);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("{}")]
    [InlineData("{\"format\":7}")]
    [InlineData("{\"format\":\"safetensors\",\"binary\":\"weights.bin\"}")]
    [InlineData("{\"format\":\"polymorph-tensors-1\"}")]
    public void AManifestOfAnotherFormatIsRefused(string text)
    {
        File.WriteAllText(ManifestPath, text);
        AssertRefused("PM4112", "not a manifest of weights", ManifestPath);
    }

    /// A manifest deeper than any of ours must not end in a stack overflow.
    [Fact]
    public void ADeepManifestIsRefused()
    {
        File.WriteAllText(ManifestPath, new string('[', 100_000));
        AssertRefused("PM4112", "not a manifest of weights", ManifestPath);
    }

    [Theory]
    [InlineData("../weights.bin")]
    [InlineData("/etc/passwd")]
    [InlineData("a/b")]
    [InlineData("")]
    [InlineData(null)]
    public void ABinaryElsewhereIsRefused(string? name) => AssertRefused(m => m["binary"] = name, "PM4112", "is not the name of a file beside it");

    [Fact]
    public void TensorsOutsideTheBinaryAreRefused()
    {
        AssertRefused(m => m["tensors"]![1]!["offset"] = 68, "PM4112", "'vector'");
        AssertRefused(m => m["tensors"]![1]!["offset"] = -4, "PM4112", "'vector'");
        AssertRefused(m => m["tensors"]![1]!["offset"] = long.MaxValue, "PM4112", "'vector'");
        AssertRefused(m => m["tensors"]![1]!["bytes"] = -8, "PM4112", "'vector'");
        AssertRefused(m => m["tensors"]![1]!["bytes"] = long.MaxValue, "PM4112", "'vector'");
        AssertRefused(m => m["tensors"]![0]!["bytes"] = 20, "PM4112", "'matrix'");
        AssertRefused(m => m["tensors"]![0]!["dtype"] = "float64", "PM4112", "'matrix'");
    }

    /// Products of lengths beyond 64 bits, and lengths below zero whose product is right.
    [Fact]
    public void ImpossibleShapesAreRefused()
    {
        AssertRefused(m => m["tensors"]![0]!["shape"] = new JsonArray(int.MaxValue, int.MaxValue, int.MaxValue), "PM4112", "'matrix'");
        AssertRefused(m => m["tensors"]![0]!["shape"] = new JsonArray(-2, -3), "PM4112", "'matrix'");
        AssertRefused(m => m["tensors"]![0]!["shape"] = new JsonArray(2, 4), "PM4112", "'matrix'");
        AssertRefused(m => m["tensors"]![0]!["shape"] = new JsonArray(1e300), "PM4112", "");
        AssertRefused(m => m["tensors"]![0]!["shape"] = "2 x 3", "PM4112", "");
        AssertRefused(m => m["tensors"]![0]!.AsObject().Remove("shape"), "PM4112", "");
        AssertRefused(m => m["tensors"] = 7, "PM4112", "");
        AssertRefused(m => m["binary_bytes"] = "72", "PM4112", "");
    }

    [Fact]
    public void ATensorListedTwiceIsRefused() => AssertRefused(m => m["tensors"]![1]!["name"] = "matrix", "PM4112", "'matrix' is listed twice");

    [Fact]
    public void AMissingTensorOrAnotherShapeIsNamed()
    {
        var file = Read(Write(_ => { }));
        Assert.Contains("'bias' is missing", Assert.Throws<PolymorphException>(() => file.Values("bias", 2)).Message, StringComparison.Ordinal);
        var error = Assert.Throws<PolymorphException>(() => file.Values("matrix", 3, 2));
        Assert.Equal("PM4112", error.Code);
        Assert.Contains("[2, 3] and not [3, 2]", error.Message, StringComparison.Ordinal);
    }

    private static PortableTensorFile Read(string path) => PortableTensorFile.Read(path);

    private void AssertRefused(Action<JsonNode> change, string code, string says) => AssertRefused(code, says, Write(change));

    private void AssertRefused(string code, string says, string place)
    {
        var error = Assert.Throws<PolymorphException>(() => PortableTensorFile.Read(ManifestPath));
        Assert.Equal(code, error.Code);
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        Assert.Equal(place, error.Place);
        Assert.NotNull(error.NextStep);
    }

    /// Two tensors, at 0 and 64, and a manifest with one change.
    private string Write(Action<JsonNode> change)
    {
        byte[] binary = new byte[72];
        for (int i = 0; i < binary.Length / 4; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(binary.AsSpan(4 * i), i);
        }

        File.WriteAllBytes(BinaryPath, binary);
        var manifest = new JsonObject
        {
            ["format"] = PortableTensorFile.Format,
            ["remark"] = "kept",
            ["binary"] = "weights.bin",
            ["binary_bytes"] = binary.Length,
            ["binary_sha256"] = Convert.ToHexStringLower(SHA256.HashData(binary)),
            ["tensors"] = new JsonArray(Tensor("matrix", [2, 3], 0, 24), Tensor("vector", [2], 64, 8)),
        };
        change(manifest);
        File.WriteAllText(ManifestPath, manifest.ToJsonString());
        return ManifestPath;

        static JsonObject Tensor(string name, int[] shape, int offset, int bytes) => new()
        {
            ["name"] = name,
            ["dtype"] = "float32",
            ["shape"] = new JsonArray([.. shape.Select(l => JsonValue.Create(l))]),
            ["offset"] = offset,
            ["bytes"] = bytes,
        };
    }
}

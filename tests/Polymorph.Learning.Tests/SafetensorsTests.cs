using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Polymorph.Foundation;
using Polymorph.Learning.Safetensors;
using Polymorph.Testing;
using Xunit;

namespace Polymorph.Learning.Tests;

public sealed class SafetensorsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("polymorph-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void WhatIsWrittenIsRead()
    {
        string path = Path.Combine(_folder, "a.safetensors");
        Example().Write(path);
        var read = SafetensorsFile.Read(path);
        Assert.Equal([0.5f, -1.25f, 3f, 4f, 5f, 1e-30f], read.Tensors["w"].Values.Select(v => (float)v));
        Assert.Equal([2, 3], read.Tensors["w"].Shape);
        Assert.Equal([Math.PI], read.Tensors["d"].Values);
        Assert.Equal("böse \"quotes\"", read.Metadata["note"]);
        Assert.Equal(12, read.Integer("epoch"));
    }

    /// Python reads our file and writes one that we read, by the public format description only (json, struct, numpy).
    [Fact]
    public void PythonReadsOurFilesAndWeReadPythons()
    {
        string ours = Path.Combine(_folder, "ours.safetensors"), theirs = Path.Combine(_folder, "theirs.safetensors");
        Example().Write(ours);
        string printed = ExternalProgram.Python(
            """
            import json, struct, sys, numpy as np
            raw = open(sys.argv[1], 'rb').read()
            n = struct.unpack('<Q', raw[:8])[0]
            header = json.loads(raw[8:8 + n]); data = raw[8 + n:]
            meta = header.pop('__metadata__')
            types = {'F32': np.float32, 'F64': np.float64}
            t = {k: np.frombuffer(data[slice(*v['data_offsets'])], types[v['dtype']]).reshape(v['shape']) for k, v in header.items()}
            print(repr(float(t['w'][1, 2])), repr(float(t['d'][0])), meta['epoch'], (8 + n) % 8)
            x = np.arange(6, dtype=np.float32).reshape(3, 2)
            h = json.dumps({'x': {'dtype': 'F32', 'shape': [3, 2], 'data_offsets': [0, 24]}}).encode()
            open(sys.argv[2], 'wb').write(struct.pack('<Q', len(h)) + h + x.tobytes())
            """, ["numpy"], ours, theirs);
        string expected = string.Create(CultureInfo.InvariantCulture, $"{(double)1e-30f:R} {Math.PI:R} 12 0");
        Assert.Equal(expected.Replace("E-", "e-", StringComparison.Ordinal), printed.Trim());
        Assert.Equal([0.0, 1, 2, 3, 4, 5], SafetensorsFile.Read(theirs).Tensors["x"].Values);
    }

    [Theory]
    [InlineData("{\"x\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,80]}}", 8)]
    [InlineData("{\"x\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,8]}}", 8)]
    [InlineData("{\"x\":{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,8]}}", 8)]
    [InlineData("{\"x\":{\"dtype\":\"F32\",\"shape\":[2147483647,2147483647],\"data_offsets\":[0,8]}}", 8)]
    [InlineData("{\"x\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[-8,0]}}", 8)]
    [InlineData("{\"x\":{\"dtype\":\"I8\",\"shape\":[8],\"data_offsets\":[0,8]}}", 8)]
    [InlineData("{\"x\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", 12)]
    [InlineData("{\"x\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"y\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", 16)]
    [InlineData("{\"x\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"y\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[4,12]}}", 16)]
    [InlineData("{\"x\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,16]}}", 16)]
    [InlineData("{\"x\":7}", 0)]
    [InlineData("[1]", 0)]
    [InlineData("not json", 0)]
    public void HeadersThatLieAreRefused(string header, int dataBytes)
    {
        byte[] text = Encoding.UTF8.GetBytes(header), bytes = new byte[8 + text.Length + dataBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, (ulong)text.Length);
        text.CopyTo(bytes, 8);
        Assert.Equal("PM4102", Refusal(bytes).Code);
    }

    [Fact]
    public void TensorsMayLieInAnyOrder()
    {
        byte[] text = Encoding.UTF8.GetBytes("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[8,12]},\"b\":{\"dtype\":\"F64\",\"shape\":[1],\"data_offsets\":[0,8]},\"none\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[8,8]}}");
        byte[] bytes = new byte[8 + text.Length + 12];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, (ulong)text.Length);
        text.CopyTo(bytes, 8);
        BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(8 + text.Length), 2.5);
        BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(16 + text.Length), -3);
        string path = Path.Combine(_folder, "order.safetensors");
        File.WriteAllBytes(path, bytes);
        var read = SafetensorsFile.Read(path).Tensors;
        Assert.Equal((-3, 2.5, 0), (read["a"].Values[0], read["b"].Values[0], read["none"].Values.Length));
    }

    /// A thousand tensors that all claim the same megabyte would take 2 GB.
    [Fact]
    public void OverlappingTensorsTakeNoMemory()
    {
        const int length = 1 << 20;
        string entries = string.Join(",", Enumerable.Range(0, 1000).Select(i => $"\"t{i}\":{{\"dtype\":\"F32\",\"shape\":[{length / 4}],\"data_offsets\":[0,{length}]}}"));
        byte[] text = Encoding.UTF8.GetBytes($"{{{entries}}}"), bytes = new byte[8 + text.Length + length];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, (ulong)text.Length);
        text.CopyTo(bytes, 8);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal("PM4102", Refusal(bytes).Code);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 16 * length); // the file once, and its header's entries
    }

    [Fact(SkipUnless = nameof(HasDevices), Skip = "There is no endless device on this system.")]
    public void ADeviceWithoutEndIsRefused() => Assert.Equal("PM4102", Assert.Throws<PolymorphException>(() => SafetensorsFile.Read("/dev/zero")).Code);

    public static bool HasDevices => File.Exists("/dev/zero");

    [Fact]
    public void GiantHeaderLengthsDamagedBytesAndMissingFilesAreRefused()
    {
        Assert.Equal("PM4102", Refusal([255, 255, 255, 255, 255, 255, 255, 127, 0]).Code);
        Assert.Equal("PM4102", Refusal([]).Code);
        string path = Path.Combine(_folder, "a.safetensors");
        Example().Write(path);
        byte[] bytes = File.ReadAllBytes(path);
        bytes[^1] ^= 1;
        Assert.Equal("PM4103", Refusal(bytes).Code);
        Assert.Equal("PM4102", Refusal(bytes[..(bytes.Length / 2)]).Code);
        Assert.Equal("PM4101", Assert.Throws<PolymorphException>(() => SafetensorsFile.Read(Path.Combine(_folder, "none"))).Code);
    }

    [Fact]
    public void AnyBytesGiveAFileOrALocatedError()
    {
        string path = Path.Combine(_folder, "a.safetensors");
        Example().Write(path);
        byte[] valid = File.ReadAllBytes(path);
        var mutation = from at in Gen.Choose(0, valid.Length - 1) from value in Gen.Choose(0, 255) select (at, (byte)value);
        Prop.ForAll(mutation.ListOf(4).ToArbitrary(), changes =>
        {
            byte[] bytes = [.. valid];
            foreach (var (at, value) in changes)
            {
                bytes[at] = value;
            }

            File.WriteAllBytes(path, bytes);
            try
            {
                SafetensorsFile.Read(path);
            }
            catch (PolymorphException e)
            {
                Assert.Equal(path, e.Place);
            }
        }).QuickCheckThrowOnFailure();
    }

    private static SafetensorsFile Example() => new(
        new Dictionary<string, Tensor> { ["w"] = new([2, 3], [0.5, -1.25, 3, 4, 5, 1e-30], false), ["d"] = new([1], [Math.PI], true) },
        new Dictionary<string, string> { ["note"] = "böse \"quotes\"", ["epoch"] = "12" });

    private PolymorphException Refusal(byte[] bytes)
    {
        string path = Path.Combine(_folder, "bad.safetensors");
        File.WriteAllBytes(path, bytes);
        return Assert.Throws<PolymorphException>(() => SafetensorsFile.Read(path));
    }
}

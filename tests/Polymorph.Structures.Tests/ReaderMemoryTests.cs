using System.Text;
using Polymorph.Structures.Formats;
using Xunit;

namespace Polymorph.Structures.Tests;

/// <summary>Measures memory, so nothing else may run meanwhile.</summary>
[CollectionDefinition(nameof(ReaderMemoryTests), DisableParallelization = true)]
[Collection(nameof(ReaderMemoryTests))]
public sealed class ReaderMemoryTests
{
    private const string Good = "2\nLattice=\"4 0 0 0 4 0 0 0 4\" Properties=species:S:1:pos:R:3 pbc=\"T T T\"\nO 0 0 0\nH 1 0 0\n";

    [Fact]
    public void ManyFramesTakeTheMemoryOfOne()
    {
        // 35 MB of frames, made while it is read; held in memory as structures they would take ten times as much.
        var frames = new Repeated(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(Good, 200))), times: 1500);
        long before = GC.GetTotalMemory(forceFullCollection: true), most = 0;
        int count = 0;
        foreach (var result in StructureReader.Read(frames, "a.xyz"))
        {
            Assert.NotNull(result.Structure);
            if (++count % 50_000 == 0)
            {
                most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true) - before);
            }
        }

        Assert.Equal(300_000, count);
        Assert.True(most < 8_000_000, $"{most} bytes were held"); // buffers of the reader: well below a megabyte
    }

    [Theory]
    [InlineData("a.jsonl", "{\"id\":\"7\",\"cell\":[4,4,4,90,90,90],\"z\":[29],\"x\":[[0,0,0]],\"props\":{}}\n")]
    [InlineData("a.json", "{\"id\":\"7\",\"cell\":[4,4,4,90,90,90],\"z\":[29],\"x\":[[0,0,0]],\"props\":{}},", "{\"data\":[")] // a list that never ends
    [InlineData("XDATCAR", "Direct configuration=     1\n0 0 0\n", "x\n1\n4 0 0\n0 4 0\n0 0 4\nH\n1\n")]
    public void ManyEntriesTakeTheMemoryOfOne(string name, string entry, string begin = "")
    {
        byte[] bytes = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(entry, 200)));
        var entries = new Repeated(bytes, times: 300, Encoding.UTF8.GetBytes(begin));
        long before = GC.GetTotalMemory(forceFullCollection: true), most = 0;
        int count = 0;
        foreach (var _ in StructureReader.Read(entries, name).Where(r => r.Structure is not null))
        {
            if (++count % 20_000 == 0)
            {
                most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true) - before);
            }
        }

        Assert.Equal(60_000, count);
        Assert.True(most < 8_000_000, $"{most} bytes were held"); // buffers of the reader: well below a megabyte
    }

    /// <summary>The same bytes several times.</summary>
    private sealed class Repeated(byte[] bytes, int times, byte[]? begin = null) : MemoryStream
    {
        private long _at;
        private int _begun;

        public override int Read(Span<byte> buffer)
        {
            if (_begun < begin?.Length)
            {
                int part = Math.Min(buffer.Length, begin.Length - _begun);
                begin.AsSpan(_begun, part).CopyTo(buffer);
                _begun += part;
                return part;
            }

            int from = (int)(_at % bytes.Length);
            int count = (int)Math.Min(Math.Min(buffer.Length, bytes.Length - from), (long)times * bytes.Length - _at);
            bytes.AsSpan(from, count).CopyTo(buffer);
            _at += count;
            return count;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));
    }
}

using System.Collections.Concurrent;
using Polymorph.Representations.LocalDescriptors;

namespace Polymorph.Selection;

/// <summary>What happens to one described structure, in the order of the indices.</summary>
/// <param name="index">Index of the structure.</param>
/// <param name="row">Its descriptor.</param>
internal delegate void DescribedStructure(int index, ReadOnlySpan<float> row);

/// <summary>Whether a structure shall be described; called by several threads.</summary>
/// <param name="index">Index of the structure.</param>
/// <param name="positions">[atoms × 3], Å.</param>
internal delegate bool WantedStructure(int index, ReadOnlySpan<float> positions);

/// <summary>Makes and describes structures in waves: the chunks of a wave in parallel, the results handed on in order.</summary>
internal sealed class DescriptorWaves : IDisposable
{
    private const int ChunkSize = 256;
    private const int ChunksPerThread = 4;

    private readonly ThreadLocal<Worker> _workers;
    private readonly int _threads;
    private readonly Chunk[] _chunks;

    public DescriptorWaves(Func<IStructureSource> source, Func<StructuralDescriptor> descriptor, int threads)
    {
        var probe = descriptor();
        (Width, _threads) = (probe.Length, threads);
        _workers = new ThreadLocal<Worker>(() => new Worker(source(), descriptor()));
        _chunks = [.. Enumerable.Range(0, threads * ChunksPerThread).Select(_ => new Chunk(new float[ChunkSize * Width], new int[ChunkSize]))];
    }

    /// <summary>Numbers per descriptor.</summary>
    public int Width { get; }

    /// <summary>Describes the wanted structures of a range, wave by wave.</summary>
    /// <param name="from">First index.</param>
    /// <param name="end">Index behind the last.</param>
    /// <param name="wanted">Called once per index.</param>
    /// <param name="action">Called with each wave, in order.</param>
    /// <param name="cancellation">Stops between waves.</param>
    public void ForEach(int from, int end, WantedStructure wanted, Action<Wave> action, CancellationToken cancellation)
    {
        var threads = new ParallelOptions { MaxDegreeOfParallelism = _threads, CancellationToken = cancellation };
        for (int first = from; first < end; first += ChunkSize * _chunks.Length)
        {
            int start = first, chunks = Math.Min(_chunks.Length, (end - start + ChunkSize - 1) / ChunkSize);
            Parallel.For(0, chunks, threads, c =>
                _workers.Value!.Fill(_chunks[c], start + c * ChunkSize, Math.Min(ChunkSize, end - start - c * ChunkSize), wanted));
            action(new Wave(start, Math.Min(end, start + chunks * ChunkSize), Width, _chunks.AsMemory(0, chunks)));
        }
    }

    public void Dispose() => _workers.Dispose();

    /// <summary>The described structures of one wave.</summary>
    /// <param name="First">First index, wanted or not.</param>
    /// <param name="End">Index behind the last.</param>
    /// <param name="Width">Numbers per descriptor.</param>
    /// <param name="Chunks">The chunks in order.</param>
    internal readonly record struct Wave(int First, int End, int Width, ReadOnlyMemory<Chunk> Chunks)
    {
        /// <summary>Looks at the wanted structures in the order of their indices.</summary>
        public void ForEach(DescribedStructure action)
        {
            foreach (var chunk in Chunks.Span)
            {
                for (int i = 0; i < chunk.Count; i++)
                {
                    action(chunk.Indices[i], chunk.Rows.AsSpan(i * Width, Width));
                }
            }
        }
    }

    internal sealed class Chunk(float[] rows, int[] indices)
    {
        public float[] Rows { get; } = rows;

        public int[] Indices { get; } = indices;

        public int Count { get; set; }
    }

    private sealed class Worker(IStructureSource source, StructuralDescriptor descriptor)
    {
        private readonly float[] _positions = new float[ChunkSize * 3 * descriptor.AtomCount];

        public void Fill(Chunk chunk, int first, int count, WantedStructure wanted)
        {
            int size = 3 * descriptor.AtomCount, kept = 0;
            source.Fill(first, count, _positions.AsSpan(0, count * size));
            for (int i = 0; i < count; i++)
            {
                var positions = _positions.AsSpan(i * size, size);
                if (wanted(first + i, positions))
                {
                    positions.CopyTo(_positions.AsSpan(kept * size, size));
                    chunk.Indices[kept++] = first + i;
                }
            }

            chunk.Count = kept;
            descriptor.Describe(_positions.AsSpan(0, kept * size), kept, chunk.Rows.AsSpan(0, kept * descriptor.Length));
        }
    }
}

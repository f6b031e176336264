using System.Collections.Immutable;
using Polymorph.Foundation;
using Polymorph.Models.LoGan;
using Polymorph.Selection;
using Polymorph.Structures;
using Polymorph.Studies.Runs;

namespace Polymorph.Studies.Stages;

/// <summary>The structures of all finished models of a run, addressed by one index: those of the first model, then those of the second, and so on.</summary>
/// <remarks>They are made again instead of being read: a generator is faster than a file, and structure i of a model is always the same.</remarks>
internal sealed class GeneratedStructures
{
    // Far below the largest int, so that the first index of a part and its length never overflow.
    private const int Most = 100_000_000;

    private readonly StudySession _session;

    /// <summary>The structures of a session.</summary>
    /// <param name="session">The run folder.</param>
    /// <exception cref="PolymorphException">PM7010: no model is finished; PM7012: more structures than one selection takes.</exception>
    public GeneratedStructures(StudySession session)
    {
        _session = session;
        Models = session.FinishedModels();
        PerModel = session.Plan.StructuresPerModel;
        Count = PerModel <= Most / Models.Length
            ? (int)(PerModel * Models.Length)
            : throw new PolymorphException("PM7012", $"{PerModel} structures of each of {Models.Length} models are more than one selection can take ({Most})", session.Folder.Root, "Lower --structures.", ExitCode.Usage);
        Assembly = session.LoadGenerator(Models[0]).Assembly;
    }

    /// <summary>Finished models, in their order.</summary>
    public ImmutableArray<string> Models { get; }

    /// <summary>Structures of each model.</summary>
    public long PerModel { get; }

    /// <summary>Structures of all models.</summary>
    public int Count { get; }

    /// <summary>Elements and cell of every structure.</summary>
    public StructureAssembly Assembly { get; }

    /// <summary>Which model made a structure.</summary>
    public string ModelOf(int index) => Models[(int)(index / PerModel)];

    /// <summary>Name of a structure: <c>model-index</c>.</summary>
    public string IdOf(int index) => FormattableString.Invariant($"{ModelOf(index)}-{index % PerModel}");

    /// <summary>Positions as a structure without a name.</summary>
    /// <param name="positions">[atoms × 3], Å.</param>
    public Structure ToStructure(ReadOnlySpan<float> positions)
    {
        var atoms = ImmutableArray.CreateBuilder<Vector3D>(positions.Length / 3);
        for (int i = 0; i < positions.Length; i += 3)
        {
            atoms.Add(new Vector3D(positions[i], positions[i + 1], positions[i + 2]));
        }

        return new Structure(Assembly.Species, atoms.MoveToImmutable(), Assembly.Lattice, Assembly.Periodicity);
    }

    /// <summary>A source for one thread.</summary>
    public IStructureSource Source() => new Generators([.. Models.Select(m => new Lazy<LoGanGenerator>(() => _session.LoadGenerator(m)))], PerModel);

    /// <summary>Some structures as objects, named <c>model-index</c>.</summary>
    public IEnumerable<Structure> At(IEnumerable<int> indices)
    {
        var source = (Generators)Source();
        var positions = new float[3 * Assembly.Species.Length];
        foreach (int index in indices)
        {
            source.Fill(index, 1, positions);
            long own = index % PerModel;
            yield return source.Model(index).ToStructure(positions, $"{ModelOf(index)}-{own}").WithProperty("id", $"{ModelOf(index)}-{own}").WithProperty("model", ModelOf(index)).WithProperty("index", own);
        }
    }

    /// <summary>Looks at every structure in parallel; the order of the calls is not fixed.</summary>
    /// <param name="threads">Threads to use.</param>
    /// <param name="look">Called once per index with its positions, [atoms × 3], Å.</param>
    /// <param name="cancellation">Stops.</param>
    public void ForEach(int threads, StructureLook look, CancellationToken cancellation)
    {
        const int chunk = 1024;
        int size = 3 * Assembly.Species.Length;
        Parallel.For(0, (Count + chunk - 1) / chunk, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation },
            () => (Source: Source(), Positions: new float[chunk * size]),
            (part, _, own) =>
            {
                int first = part * chunk, rows = Math.Min(chunk, Count - first);
                own.Source.Fill(first, rows, own.Positions);
                for (int row = 0; row < rows; row++)
                {
                    look(first + row, own.Positions.AsSpan(row * size, size));
                }

                return own;
            },
            _ => { });
    }

    private sealed class Generators(ImmutableArray<Lazy<LoGanGenerator>> models, long perModel) : IStructureSource
    {
        public LoGanGenerator Model(int index) => models[(int)(index / perModel)].Value;

        public void Fill(int first, int count, Span<float> positions)
        {
            while (count > 0)
            {
                long own = first % perModel;
                int rows = (int)Math.Min(count, perModel - own);
                var model = Model(first);
                int size = 3 * model.Assembly.Species.Length;
                model.Fill(own, rows, positions[..(rows * size)]);
                positions = positions[(rows * size)..];
                (first, count) = (first + rows, count - rows);
            }
        }
    }
}

/// <summary>Looks at one structure.</summary>
/// <param name="index">Its index.</param>
/// <param name="positions">[atoms × 3], Å.</param>
internal delegate void StructureLook(int index, ReadOnlySpan<float> positions);

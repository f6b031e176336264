using System.Collections.Immutable;
using Polymorph.Learning;
using Polymorph.Structures;

namespace Polymorph.Models.LoGan;

/// <summary>Makes structures with a trained generator. Structure i depends on the model and on i alone.</summary>
/// <remarks>Latents come from one fixed seed, the same for every model, as published. One generator belongs to one thread at a time.</remarks>
public sealed class LoGanGenerator
{
    private const int Chunk = 256;

    private readonly StructureAssembly _assembly;
    private readonly DenseNetwork _network;
    private readonly DenseWorkspace _work;
    private readonly AlignedMatrix _latents;
    private readonly CounterRandom _random;

    /// <summary>A generator of a model.</summary>
    /// <param name="assembly">The post-processing of the model's task.</param>
    /// <param name="network">The trained network; not changed, but its passes must not run on another thread meanwhile.</param>
    /// <param name="latentSeed">Seed of the latents; published: 0.</param>
    public LoGanGenerator(StructureAssembly assembly, DenseNetwork network, ulong latentSeed = 0)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        ArgumentNullException.ThrowIfNull(network);
        (_assembly, _network) = (assembly, network);
        _work = new DenseWorkspace(network.Shape, Chunk);
        _latents = new AlignedMatrix(Chunk, network.Shape.Widths[0]);
        _random = new CounterRandom(latentSeed, LoGanRandomStreams.Generation);
    }

    /// <summary>Elements, cell and placement of the structures.</summary>
    public StructureAssembly Assembly => _assembly;

    /// <summary>The generator of a model that is being trained or was loaded.</summary>
    /// <param name="trainer">The model.</param>
    public static LoGanGenerator Of(LoGanTrainer trainer)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        return new LoGanGenerator(trainer.Task.Assembly, trainer.Generator);
    }

    /// <summary>Positions of consecutive structures.</summary>
    /// <param name="first">Index of the first.</param>
    /// <param name="count">How many.</param>
    /// <param name="positions">[count × atoms × 3], Å, overwritten.</param>
    public void Fill(long first, int count, Span<float> positions)
    {
        int size = 3 * _assembly.Species.Length;
        for (int done = 0; done < count; done += Chunk)
        {
            int rows = Math.Min(Chunk, count - done);
            for (int row = 0; row < rows; row++)
            {
                long index = first + done + row;
                var sequence = _random.Sequence((uint)(index >> 32), (uint)index);
                sequence.FillNormal(_latents.Row(row));
            }

            _network.Forward(_work, _latents, rows);
            for (int row = 0; row < rows; row++)
            {
                _assembly.Expand(_work.Output.Row(row), positions.Slice((done + row) * size, size));
            }
        }
    }

    /// <summary>One structure as an object.</summary>
    /// <param name="positions">Its positions from <see cref="Fill"/>, [atoms × 3], Å.</param>
    /// <param name="id">Its name.</param>
    public Structure ToStructure(ReadOnlySpan<float> positions, string id)
    {
        var atoms = ImmutableArray.CreateBuilder<Vector3D>(_assembly.Species.Length);
        for (int i = 0; i < _assembly.Species.Length; i++)
        {
            atoms.Add(new Vector3D(positions[3 * i], positions[3 * i + 1], positions[3 * i + 2]));
        }

        return new Structure(_assembly.Species, atoms.MoveToImmutable(), _assembly.Lattice, _assembly.Periodicity, id);
    }
}

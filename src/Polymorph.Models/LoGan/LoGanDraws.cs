using Polymorph.Learning;

namespace Polymorph.Models.LoGan;

/// <summary>The random inputs of training, addressed by epoch and update, so that a resumed run draws the same.</summary>
/// <remarks>Within an epoch update 0 is the generator's; then come critic, penalty, penalty, critic, ... as 1, 2, 3, ...</remarks>
internal interface ILoGanDraws
{
    /// <summary>Normal latents of one update, [batch × latent size].</summary>
    void Latents(int epoch, int update, AlignedMatrix result, int firstRow, int rows);

    /// <summary>For every atom slot of the batch, the row of its type's pool.</summary>
    void RealRows(int epoch, int update, ReadOnlySpan<int> poolSizes, Span<int> rows);

    /// <summary>Weight of the real sample per atom slot, in [0, 1).</summary>
    void MixWeights(int epoch, int update, Span<float> weights);
}

/// <summary>Draws of a seed.</summary>
internal sealed class SeededDraws(ulong seed) : ILoGanDraws
{
    private readonly CounterRandom _latents = new(seed, LoGanRandomStreams.Latents);
    private readonly CounterRandom _real = new(seed, LoGanRandomStreams.RealSamples);
    private readonly CounterRandom _mix = new(seed, LoGanRandomStreams.MixWeights);

    public void Latents(int epoch, int update, AlignedMatrix result, int firstRow, int rows)
    {
        var sequence = _latents.Sequence((uint)epoch, (uint)update);
        for (int row = firstRow; row < firstRow + rows; row++)
        {
            sequence.FillNormal(result.Row(row));
        }
    }

    public void RealRows(int epoch, int update, ReadOnlySpan<int> poolSizes, Span<int> rows)
    {
        var sequence = _real.Sequence((uint)epoch, (uint)update);
        for (int slot = 0; slot < rows.Length; slot++)
        {
            rows[slot] = sequence.NextIndex(poolSizes[slot % poolSizes.Length]);
        }
    }

    public void MixWeights(int epoch, int update, Span<float> weights)
    {
        var sequence = _mix.Sequence((uint)epoch, (uint)update);
        foreach (ref float weight in weights)
        {
            weight = sequence.NextSingle();
        }
    }
}

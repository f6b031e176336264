using Polymorph.Learning;

namespace Polymorph.Models.CrystalGan;

/// <summary>The random inputs of training, addressed by epoch, batch and image, so that a resumed run draws the same.</summary>
internal sealed class CrystalGanDraws(CrystalGanOptions options, CrystalGanShape shape, ulong seed)
{
    // The published code's noise in zeros: |N(1e-3, 10^-2.5)| wherever an entry is below 0.01.
    private const double NoiseMean = 1e-3;
    private const float NoiseBelow = 0.01f;
    private static readonly double NoiseDeviation = Math.Pow(10, -2.5);

    // Deviations of the most disturbed copies: of fractional coordinates (0.7 Å in a cell of 6 Å: hardly anything is left), and relative ones of lengths and angles.
    private const double PositionDisturbance = 0.12;
    private const double LengthDisturbance = 0.12;
    private const double AngleDisturbance = 0.06;

    private readonly CounterRandom _order = new(seed, CrystalGanRandomStreams.Order);
    private readonly CounterRandom _latents = new(seed, CrystalGanRandomStreams.Latents);
    private readonly CounterRandom _generatorLatents = new(seed, CrystalGanRandomStreams.GeneratorLatents);
    private readonly CounterRandom _conditions = new(seed, CrystalGanRandomStreams.Conditions);
    private readonly CounterRandom _arrangements = new(seed, CrystalGanRandomStreams.Arrangements);
    private readonly CounterRandom _mix = new(seed, CrystalGanRandomStreams.MixWeights);
    private readonly CounterRandom _disturb = new(seed, CrystalGanRandomStreams.Disturbances);
    private readonly CounterRandom _noise = new(seed, CrystalGanRandomStreams.Noise);

    /// <summary>A permutation of the images for an epoch (Fisher and Yates).</summary>
    public void Order(int epoch, Span<int> order)
    {
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        var sequence = _order.Sequence((uint)epoch);
        for (int i = order.Length - 1; i > 0; i--)
        {
            int j = sequence.NextIndex(i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }
    }

    /// <summary>Normal latents of a critic's or of a generator's update.</summary>
    public void Latents(int epoch, int batch, CrystalGanBatch<AlignedMatrix> into, bool generatorUpdate)
    {
        for (int s = 0; s < into.Size; s++)
        {
            var sequence = (generatorUpdate ? _generatorLatents : _latents).Sequence((uint)epoch, Row(batch, s));
            sequence.FillNormal(into.GeneratorInput.Row(s)[..options.Widths.Latent]);
        }
    }

    /// <summary>Wanted counts, rows that should hold atoms, and the generator's condition.</summary>
    public void Conditions(int epoch, int batch, CrystalGanBatch<AlignedMatrix> into)
    {
        for (int s = 0; s < into.Size; s++)
        {
            var sequence = _conditions.Sequence((uint)epoch, Row(batch, s));
            for (int e = 0; e < shape.Caps.Length; e++)
            {
                into.WantedCounts[e][s] = options.Conditions == CrystalGanConditions.Uniform ? sequence.NextIndex(shape.Caps[e]) : into.RealCounts[e][s];
            }

            into.SetCondition(s, shape, options.Widths.Latent);
            if (options.Losses.FakeAtom > 0)
            {
                Arrange(epoch, batch, s, into);
            }
        }
    }

    /// <summary>Every second generated image becomes a disturbed copy of the real one of its place: so the critic learns the way back to a crystal from near and far.</summary>
    public void Disturb(int epoch, int batch, CrystalGanBatch<AlignedMatrix> from, AlignedMatrix fake)
    {
        for (int s = 1; s < from.Size; s += 2)
        {
            var sequence = _disturb.Sequence((uint)epoch, Row(batch, s));
            double u = sequence.NextDouble(), amplitude = from.Disturbance[s] = u * u;
            for (int i = 0; i < fake.Columns; i++)
            {
                double value = from.Real.Row(s)[i], noise = sequence.NextNormal();
                if (i < 6)
                {
                    fake.Row(s)[i] = (float)Math.Clamp(value * (1 + (i < 3 ? LengthDisturbance : AngleDisturbance) * amplitude * noise), 0.01, 0.99);
                }
                else if (value != 0)
                {
                    fake.Row(s)[i] = (float)ImageHead.Wrapped(value + ImageHead.Span * PositionDisturbance * amplitude * noise);
                }
                else
                {
                    fake.Row(s)[i] = 0;
                }
            }
        }
    }

    /// <summary>Weights of the real images in the mixed ones, in [0, 1).</summary>
    public void MixWeights(int epoch, int batch, CrystalGanBatch<AlignedMatrix> into)
    {
        var sequence = _mix.Sequence((uint)epoch, (uint)batch);
        for (int s = 0; s < into.Size; s++)
        {
            into.Mix[s] = sequence.NextSingle();
        }
    }

    /// <summary>What the classifier sees of the real images.</summary>
    public void Noise(int epoch, int batch, CrystalGanBatch<AlignedMatrix> into)
    {
        for (int s = 0; s < into.Size; s++)
        {
            var sequence = _noise.Sequence((uint)epoch, Row(batch, s));
            var noised = into.Noised.Row(s);
            into.Real.Row(s).CopyTo(noised);
            if (!options.ClassifierNoise)
            {
                continue;
            }

            foreach (ref float value in noised)
            {
                value += value < NoiseBelow ? (float)Math.Abs(NoiseMean + NoiseDeviation * sequence.NextNormal()) : 0;
            }
        }
    }

    /// <summary>The wanted number of ones at random rows of each element.</summary>
    private void Arrange(int epoch, int batch, int s, CrystalGanBatch<AlignedMatrix> into)
    {
        var sequence = _arrangements.Sequence((uint)epoch, Row(batch, s));
        for (int e = 0; e < shape.Caps.Length; e++)
        {
            int cap = shape.Caps[e], left = into.WantedCounts[e][s] + 1;
            for (int i = 0; i < cap; i++)
            {
                // Selection sampling: each of the remaining rows is taken with probability left / remaining.
                bool taken = sequence.NextIndex(cap - i) < left;
                into.WantedAtoms[e][s * cap + i] = taken ? 1 : 0;
                left -= taken ? 1 : 0;
            }
        }
    }

    private uint Row(int batch, int s) => (uint)(batch * options.Batch + s);
}

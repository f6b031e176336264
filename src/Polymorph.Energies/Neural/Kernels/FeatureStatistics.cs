using Polymorph.Energies.Neural.Training;
using Polymorph.Representations.Kernels;

namespace Polymorph.Energies.Neural.Kernels;

/// <summary>Means and scales of the features over training frames, for every element of the centre.</summary>
internal static unsafe class FeatureStatistics
{
    // A feature that hardly varies must not be blown up: its scale is that of a feature with this share of the largest deviation.
    private const double SmallestShare = 1e-3;

    /// <summary>Means and inverse standard deviations.</summary>
    /// <param name="plan">The descriptor.</param>
    /// <param name="frames">Frames.</param>
    /// <returns>[elements × 2 × features].</returns>
    public static double[] Of(DescriptorPlan plan, TrainingFrame<float>[] frames)
    {
        int features = plan.FeatureCount;
        var arena = new AlignedArena();
        var kernel = new DescriptorKernel<WideDouble8, double>(plan);
        var block = new CentreBlock<WideDouble8, double>(plan);
        double* neutral = arena.Take<double>(2 * features);
        new Span<double>(neutral + features, features).Fill(1);
        double* values = (double*)arena.Take<WideDouble8>(features);
        var sums = new double[plan.TypeCount, 2, features];
        var counts = new double[plan.TypeCount];
        var table = new NeighbourTable<double>();
        foreach (var frame in frames)
        {
            table.CopyFrom(frame.Table);
            for (int atom = 0; atom < frame.Types.Length; atom++)
            {
                int type = frame.Types[atom];
                block.Load([new CentreAddress<double>(table, atom, 1)]);
                kernel.Describe(block, neutral, (WideDouble8*)values);
                counts[type]++;
                for (int f = 0; f < features; f++)
                {
                    double value = values[f * WideDouble8.Count];
                    sums[type, 0, f] += value;
                    sums[type, 1, f] += value * value;
                }
            }
        }

        var result = new double[plan.TypeCount * 2 * features];
        for (int type = 0; type < plan.TypeCount; type++)
        {
            var deviation = new double[features];
            int at = 2 * type * features;
            for (int f = 0; f < features; f++)
            {
                double mean = counts[type] > 0 ? sums[type, 0, f] / counts[type] : 0;
                double variance = counts[type] > 0 ? sums[type, 1, f] / counts[type] - mean * mean : 0;
                (result[at + f], deviation[f]) = (mean, Math.Sqrt(Math.Max(variance, 0)));
            }

            double floor = Math.Max(SmallestShare * deviation.Max(), 1e-12);
            for (int f = 0; f < features; f++)
            {
                // Without a single atom of the element nothing is known; 1 keeps the numbers finite.
                result[at + features + f] = counts[type] > 1 ? 1 / Math.Max(deviation[f], floor) : 1;
            }
        }

        GC.KeepAlive(arena);
        return result;
    }
}

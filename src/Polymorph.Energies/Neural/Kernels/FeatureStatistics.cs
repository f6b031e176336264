using Polymorph.Energies.Neural.Training;
using Polymorph.Representations.Kernels;

namespace Polymorph.Energies.Neural.Kernels;

/// <summary>Means and scales of the features over training frames, for every element of the centre.</summary>
internal static unsafe class FeatureStatistics
{
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
        var moments = new FeatureMoments(plan.TypeCount, features);
        var row = new double[features];
        var table = new NeighbourTable<double>();
        foreach (var frame in frames)
        {
            table.CopyFrom(frame.Table);
            for (int atom = 0; atom < frame.Types.Length; atom++)
            {
                int type = frame.Types[atom];
                block.Load([new CentreAddress<double>(table, atom, 1)]);
                kernel.Describe(block, neutral, (WideDouble8*)values);
                for (int f = 0; f < features; f++)
                {
                    row[f] = values[f * WideDouble8.Count];
                }

                moments.Add(type, row);
            }
        }

        GC.KeepAlive(arena);
        return moments.Standard();
    }
}

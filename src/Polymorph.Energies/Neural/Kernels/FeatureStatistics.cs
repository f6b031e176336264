using System.Runtime.InteropServices;
using Polymorph.Energies.Neural.Training;
using Polymorph.Representations.Kernels;

namespace Polymorph.Energies.Neural.Kernels;

/// <summary>Means and scales of the features over training frames, for every element of the centre.</summary>
internal static unsafe class FeatureStatistics
{
    /// <summary>Means and inverse standard deviations, and the correlations of the features so scaled.</summary>
    /// <param name="plan">The descriptor.</param>
    /// <param name="frames">Frames.</param>
    /// <returns>[elements × 2 × features]; [elements][features × features].</returns>
    public static (double[] Standard, double[][,] Correlations) Of(DescriptorPlan plan, TrainingFrame<float>[] frames)
    {
        int features = plan.FeatureCount;
        var arena = new AlignedArena();
        var kernel = new DescriptorKernel<WideDouble8, double>(plan);
        var block = new CentreBlock<WideDouble8, double>(plan);
        double* neutral = arena.Take<double>(2 * features);
        new Span<double>(neutral + features, features).Fill(1);
        double* values = (double*)arena.Take<WideDouble8>(features);
        var moments = new FeatureMoments(plan.TypeCount, features, withProducts: true);
        var row = new double[features];
        var table = new NeighbourTable<double>();
        var centres = new List<CentreAddress<double>>();
        foreach (var frame in frames)
        {
            table.CopyFrom(frame.Table);
            for (int type = 0; type < plan.TypeCount; type++)
            {
                centres.Clear();
                centres.AddRange(Enumerable.Range(0, frame.Types.Length).Where(i => frame.Types[i] == type).Select(i => new CentreAddress<double>(table, i, 1)));
                for (int first = 0; first < centres.Count; first += WideDouble8.Count)
                {
                    int count = Math.Min(WideDouble8.Count, centres.Count - first);
                    block.Load(CollectionsMarshal.AsSpan(centres).Slice(first, count));
                    kernel.Describe(block, neutral, (WideDouble8*)values);
                    for (int lane = 0; lane < count; lane++)
                    {
                        for (int f = 0; f < features; f++)
                        {
                            row[f] = values[f * WideDouble8.Count + lane];
                        }

                        moments.Add(type, row);
                    }
                }
            }
        }

        GC.KeepAlive(arena);
        double[] standard = moments.Standard();
        return (standard, moments.Correlations(standard));
    }
}

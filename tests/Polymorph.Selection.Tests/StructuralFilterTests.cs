using Polymorph.Representations.LocalDescriptors;
using Polymorph.Structures;
using Polymorph.Structures.Formats;
using Polymorph.Testing;
using Xunit;

namespace Polymorph.Selection.Tests;

public sealed class StructuralFilterTests
{
    /// The whole filter on the 53 published molecules: descriptors by the authors' code, components and clusters by scikit-learn.
    [Fact]
    public void TheGoldenFilterIsReproduced()
    {
        var golden = ReferenceData.Json("golden/logan/structural.json");
        float[][] rows = [.. Molecules().Select(Describe)];
        Assert.All(rows, row => Assert.Equal(279, row.Length));
        Assert.All(Numbers("first").Zip(rows[0]), pair => Assert.Equal(pair.First, pair.Second, 2e-6)); // single precision, as for the atoms' descriptors
        Assert.All(Numbers("last").Zip(rows[^1]), pair => Assert.Equal(pair.First, pair.Second, 2e-6));
        double[] sums = [.. golden.GetProperty("row_sums").EnumerateArray().Select(e => e.GetDouble())];
        Assert.All(sums.Zip(rows), pair => Assert.Equal(pair.First, pair.Second.Sum(v => (double)v), 2e-5)); // about 17, relative 1e-6

        var accumulator = new CovarianceAccumulator(279);
        double[] points = new double[2 * rows.Length];
        Array.ForEach(rows, row => accumulator.Add(row));
        var components = PrincipalComponents.Of(accumulator);
        for (int i = 0; i < rows.Length; i++)
        {
            components.Project(rows[i], points.AsSpan(2 * i, 2));
        }

        double[] variance = [.. golden.GetProperty("explained_variance").EnumerateArray().Select(e => e.GetDouble())];
        Assert.All(variance.Zip(components.ExplainedVariance), pair => Assert.Equal(pair.First, pair.Second, 1e-6 * pair.First));
        double[][] projected = [.. golden.GetProperty("projected").EnumerateArray().Select(row => row.EnumerateArray().Select(e => e.GetDouble()).ToArray())];
        for (int k = 0; k < 2; k++)
        {
            int sign = Math.Sign(projected[0][k] * points[k]);
            for (int i = 0; i < rows.Length; i++)
            {
                points[2 * i + k] *= sign;
                Assert.Equal(projected[i][k], points[2 * i + k], 1e-5); // 279 single-precision numbers of order 0.3
            }
        }

        var clusters = KMeans.ClusterFrom(points, 2, points.AsSpan(0, 16));
        Assert.Equal(golden.GetProperty("labels").EnumerateArray().Select(e => e.GetInt32()), clusters.Labels.ToArray());
        Assert.Equal(golden.GetProperty("picked").EnumerateArray().Select(e => e.GetInt32()), clusters.NearestPoints(points));

        double[] Numbers(string name) => [.. golden.GetProperty("structural_rows").GetProperty(name).EnumerateArray().Select(e => e.GetDouble())];
    }

    private static IEnumerable<Structure> Molecules() =>
        StructureReader.ReadStrict(ReferenceData.PathOf("data/logan/C5H12O_training.extxyz"))
            .Concat(StructureReader.ReadStrict(ReferenceData.PathOf("data/logan/C5H12O_ground_truth.extxyz")));

    private static float[] Describe(Structure molecule)
    {
        int[] types = [.. molecule.Species.Select(e => e.Number switch { 1 => 0, 6 => 1, _ => 2 })];
        var describer = new StructuralDescriptor(StructuralDescriptor.Published, types, 3);
        float[] positions = [.. molecule.Positions.SelectMany(p => (float[])[(float)p.X, (float)p.Y, (float)p.Z])];
        float[] row = new float[describer.Length];
        describer.Describe(positions, 1, row);
        return row;
    }
}

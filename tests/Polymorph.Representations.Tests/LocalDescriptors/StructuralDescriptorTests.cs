using Polymorph.Representations.LocalDescriptors;
using Polymorph.Structures;
using Polymorph.Structures.Formats;
using Polymorph.Testing;
using Xunit;

namespace Polymorph.Representations.Tests.LocalDescriptors;

/// <summary>Against structural.json: 53 molecules described by the published code and averaged with NumPy.</summary>
public sealed class StructuralDescriptorTests
{
    [Fact]
    public void MeansOverTypesAgreeWithThePublishedFilter()
    {
        var golden = ReferenceData.Json("golden/logan/structural.json");
        Structure[] frames =
        [
            .. StructureReader.ReadStrict(ReferenceData.PathOf("data/logan/C5H12O_training.extxyz")),
            .. StructureReader.ReadStrict(ReferenceData.PathOf("data/logan/C5H12O_ground_truth.extxyz")),
        ];
        double[] sums = [.. golden.GetProperty("row_sums").EnumerateArray().Select(v => v.GetDouble())];
        double[] squares = [.. golden.GetProperty("row_sumsq").EnumerateArray().Select(v => v.GetDouble())];
        Assert.Equal(sums.Length, frames.Length);
        var reference = new PowerSpectrumReference(StructuralDescriptor.Published, 3);
        for (int s = 0; s < frames.Length; s++)
        {
            int[] types = RandomStructures.Types(frames[s]);
            double[] row = StructuralDescriptor.Reference(reference.Describe(Neighbourhood.ByImages(frames[s], StructuralDescriptor.Published), types), types, 3);
            // 279 entries of 15 digits, each good to 1e-13.
            Assert.Equal(sums[s], row.Sum(), 1e-10);
            Assert.Equal(squares[s], row.Sum(v => v * v), 1e-10);
            if (s == 0 || s == frames.Length - 1)
            {
                var full = golden.GetProperty("structural_rows").GetProperty(s == 0 ? "first" : "last");
                Assert.Equal(full.EnumerateArray().Select(v => v.GetDouble()), row, (a, b) => Math.Abs(a - b) < 1e-11);
            }

            var describer = new StructuralDescriptor(StructuralDescriptor.Published, types, 3);
            float[] single = new float[2 * describer.Length];
            float[] positions = [.. frames[s].Positions.SelectMany(p => new[] { (float)p.X, (float)p.Y, (float)p.Z })];
            describer.Describe([.. positions, .. positions], 2, single);
            // Single precision, as for the atoms' rows.
            Assert.Equal([.. row, .. row], single.Select(v => (double)v), (a, b) => Math.Abs(a - b) < 2e-6);
        }
    }
}

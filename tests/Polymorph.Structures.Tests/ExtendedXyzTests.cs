using System.Text.Json;
using Polymorph.Structures.Formats;
using Polymorph.Testing;
using Xunit;

namespace Polymorph.Structures.Tests;

public sealed class ExtendedXyzTests
{
    /// Frame and atom counts: table in the data set's README; the isomers' formulas follow from their names.
    [Theory]
    [InlineData("C5H12O_training.extxyz", 39, 15, 21)]
    [InlineData("C5H12O_ground_truth.extxyz", 14, 18, 18)]
    [InlineData("mp-546546_training.extxyz", 168, 6, 360)]
    [InlineData("mp-546794_ground_truth.extxyz", 1, 6, 6)]
    public void PublishedFilesAreRead(string file, int frames, int fewest, int most)
    {
        var structures = StructureReader.ReadStrict(ReferenceData.PathOf($"data/logan/{file}"));
        Assert.Equal((frames, fewest, most), (structures.Count, structures.Min(s => s.AtomCount), structures.Max(s => s.AtomCount)));
        Assert.Equal($"{file}#1", structures[0].Id);
        Assert.All(structures, s => Assert.Equal(file.StartsWith("mp", StringComparison.Ordinal), s.Lattice is not null));
    }
}

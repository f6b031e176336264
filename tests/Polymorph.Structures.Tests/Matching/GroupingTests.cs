using System.IO.Compression;
using System.Text.Json;
using Polymorph.Structures.Formats;
using Polymorph.Structures.Matching;
using Polymorph.Testing;
using Xunit;

namespace Polymorph.Structures.Tests.Matching;

public sealed class GroupingTests
{
    // pymatgen 2022.11.7: len(StructureMatcher().group_structures(the first 300 records of val.jsonl.gz)).
    private const int GroupsOfPymatgen = 181;

    [Fact]
    public void CarbonCellsFallIntoTheGroupsOfPymatgen()
    {
        var matcher = new StructureMatcher(new MatchOptions());
        PreparedCrystal[] crystals = [.. Carbon(300).Select(matcher.Prepare)];
        var groups = StructureGrouping.Group(crystals, matcher, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal((GroupsOfPymatgen, 0), (groups.Count, groups.UndecidedPairs));
        Assert.Equal(groups.LeaderOf, StructureGrouping.Group(crystals, matcher, threads: 3, cancellation: TestContext.Current.CancellationToken).LeaderOf);
        Assert.Equal(Enumerable.Range(0, 300), groups.Members().SelectMany(m => m).Order());
    }

    [Fact]
    public void RenamedCrystalsAreGroupedWhenAskedFor()
    {
        var matcher = new StructureMatcher(new MatchOptions());
        PreparedCrystal[] crystals = [.. GoldenPair.Read("pairs_oxides.json").Where(p => p.Kind.StartsWith("elements renamed", StringComparison.Ordinal)).SelectMany(p => new[] { p.A, p.B }).Select(matcher.Prepare)];
        Assert.Equal(crystals.Length, StructureGrouping.Group(crystals, matcher, cancellation: TestContext.Current.CancellationToken).Count);
        Assert.Equal(Enumerable.Range(0, crystals.Length).Select(i => i / 2 * 2), StructureGrouping.Group(crystals, matcher, anonymous: true, cancellation: TestContext.Current.CancellationToken).LeaderOf);
    }

    private static IEnumerable<Structure> Carbon(int count) =>
        StructureReader.Read(ReferenceData.PathOf("data/carbon_24/val.jsonl.gz"), new ReadOptions { MinDistance = 0 }).Take(count).Select(entry => entry.Structure!);
}

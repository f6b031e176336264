using System.Text.Json;
using Polymorph.Learning;
using Polymorph.Structures;
using Polymorph.Structures.Matching;

namespace Polymorph.Benchmarks;

/// <summary>Carbon polymorphs sorted into groups of equal ones on one core: 300 beside pymatgen, and 10 000.</summary>
internal static class MatchGrouping
{
    private static readonly string[] Splits = ["val", "test", "unique_train", "unique_val", "unique_test"];

    public static void Run(bool opponent)
    {
        var matcher = new StructureMatcher(new MatchOptions());
        Structure[] known = [.. Splits.SelectMany(name => BenchmarkCrystals.Read(Path.Combine("carbon_24", name + ".jsonl.gz"), 10_000))];
        Structure[] few = [.. known.Take(300)];
        Group(matcher, few);
        var (seconds, groups) = Group(matcher, few);
        Figure.Print("match-group-carbon24-300", seconds, "s");
        if (opponent && MatchOpponent.Run([], few, matcher.Options) is { } theirs)
        {
            Figure.Print("match-group-carbon24-300-over-pymatgen", theirs.GetProperty("group_s").GetDouble() / seconds, "times");
            var other = theirs.GetProperty("groups").EnumerateArray().Select(g => string.Join(' ', g.EnumerateArray().Select(i => i.GetInt32()))).ToHashSet();
            Console.WriteLine($"300 carbon cells: {groups.Count} groups, pymatgen {other.Count}; {groups.Members().Count(g => !other.Contains(string.Join(' ', g)))} of ours are not among pymatgen's");
        }

        // The published sets, filled up with copies whose atoms moved by 0.03 Å per component.
        var random = new CounterRandom(12, 0).Sequence(0);
        int many = 10_000;
        Structure[] large = [.. known, .. known.Take(many - known.Length).Select(s => s.WithPositions([.. s.Positions.Select(p => p + 0.03 * new Vector3D(random.NextNormal(), random.NextNormal(), random.NextNormal()))]))];
        (seconds, groups) = Group(matcher, large);
        Figure.Print("match-group-carbon24-10000", seconds, "s");
        Console.WriteLine($"{large.Length} carbon cells: {groups.Count} groups, {groups.UndecidedPairs} pairs undecided");
    }

    private static (double Seconds, CrystalGroups Groups) Group(StructureMatcher matcher, Structure[] crystals)
    {
        var start = Environment.CpuUsage.TotalTime;
        var groups = StructureGrouping.Group([.. crystals.Select(matcher.Prepare)], matcher);
        return ((Environment.CpuUsage.TotalTime - start).TotalSeconds, groups);
    }
}

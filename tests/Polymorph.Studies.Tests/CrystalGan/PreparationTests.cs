using Polymorph.Foundation;
using Polymorph.Representations.CrystalImages;
using Polymorph.Structures;
using Polymorph.Structures.Formats;
using Polymorph.Structures.Matching;
using Polymorph.Studies.CrystalGan;
using Polymorph.Testing;
using Xunit;

namespace Polymorph.Studies.Tests.CrystalGan;

public sealed class PreparationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ThePublishedStructuresMakeThePublishedCounts()
    {
        // data/mgmno/README.md: 1,253 structures of 105 cell compositions, 112 with 1,374 doubled cells.
        var (result, set) = Prepare(Published(), new PreparationOptions { KeepDuplicates = true, Threads = 2 });
        Assert.Equal((1253L, 1374L, 112L, 112_000L), (result.Counts.Training, result.Counts.Supercells, result.Counts.Compositions, result.Counts.Images));
        Assert.Equal(CrystalImageLayout.MgMnO, set.Layout);
        Assert.Equal(112_000, set.Images().Count);
        Assert.Equal(112, set.Compositions().Count);

        // The doubled cells are those that were published with their elements put right.
        var published = StructureReader.ReadStrict(ReferenceData.PathOf("data/mgmno/mgmno_supercells.extxyz")).Select(Image).ToHashSet(StringComparer.Ordinal);
        var own = PreparedSet.WithDoubled(set.Training, set.Layout, DoublingRule.Corrected).Skip(1253).Select(Image);
        Assert.Equal(1374, own.Count(published.Contains));
    }

    [Fact]
    public void ATrainingSetNeverHasAHeldOutCrystal()
    {
        var crystals = Published().Take(300).ToList();
        var (result, set) = Prepare(crystals, new PreparationOptions { HoldOut = 0.2, Seed = 4, Threads = 2 });
        var held = StructureReader.ReadStrict(Path.Combine(result.Folder, PreparedSet.HeldOutName));
        Assert.Equal(result.Counts.HeldOut, held.Count);
        Assert.Equal(300, set.Training.Length + held.Count + result.Counts.Duplicates + result.Counts.Twins);

        // In every composition round(0.2 n) of n are held out; where one is, all but its twins in other cells stay.
        foreach (var line in File.ReadLines(Path.Combine(result.Folder, PreparedSet.CompositionsName)).Skip(1).Select(l => l.Split(',')))
        {
            int training = int.Parse(line[5], System.Globalization.CultureInfo.InvariantCulture), aside = int.Parse(line[6], System.Globalization.CultureInfo.InvariantCulture);
            Assert.True(aside <= Math.Round(0.2 * (training + aside + result.Counts.Twins), MidpointRounding.AwayFromZero), string.Join(',', line));
        }

        var matcher = new StructureMatcher(new MatchOptions());
        var prepared = set.Training.Select(matcher.Prepare).ToList();
        Assert.All(held, h => Assert.DoesNotContain(prepared, p => matcher.Fits(p, matcher.Prepare(h)) == MatchVerdict.Match));
    }

    [Fact]
    public void RepeatsAreLeftOutUnlessTheyAreWanted()
    {
        var crystals = Some();
        var twice = crystals.Concat(crystals.Select(c => c.WithPositions([.. c.Positions.Select(p => p + new Vector3D(0.3, 0.2, 0.1))]))).ToList();
        var (result, set) = Prepare(twice, new PreparationOptions());
        Assert.Equal(((long)crystals.Count, (long)crystals.Count), (set.Training.Length, result.Counts.Duplicates));
        Assert.Equal(twice.Count, Prepare(twice, new PreparationOptions { KeepDuplicates = true }).Set.Training.Length);
    }

    [Fact]
    public void TheThreadsAndTheOrderOfImagesChangeNothing()
    {
        var (a, setA) = Prepare(Some(), new PreparationOptions { PerComposition = 7, Threads = 1, Seed = 9 });
        var (b, setB) = Prepare(Some(), new PreparationOptions { PerComposition = 7, Threads = 3, Seed = 9 });
        Assert.All(new[] { PreparedSet.SettingsName, PreparedSet.ParentsName, PreparedSet.HeldOutName, PreparedSet.CompositionsName },
            name => Assert.Equal(File.ReadAllBytes(Path.Combine(a.Folder, name)), File.ReadAllBytes(Path.Combine(b.Folder, name))));
        var (images, other) = (setA.Images(), setB.Images());
        float[] x = new float[setA.Layout.Length], y = new float[setA.Layout.Length];
        int[] counts = new int[3];
        for (int i = images.Count - 1; i >= 0; i--)
        {
            images.Fill(i, x, counts);
            other.Fill(i, y, counts);
            Assert.Equal(x, y);
        }
    }

    [Fact]
    public void TheSameCommandAgainLeavesTheFolderAndAnotherOneIsRefused()
    {
        string folder = Path.Combine(_folder.Path, "same");
        Assert.False(Run(Some(), new PreparationOptions(), folder).WasThere);
        File.Delete(Path.Combine(folder, PreparedSet.SettingsName));
        Assert.False(Run(Some(), new PreparationOptions(), folder).WasThere);
        Assert.True(Run(Some(), new PreparationOptions(), folder).WasThere);
        var before = Directory.GetFiles(folder).Select(File.GetLastWriteTimeUtc).ToList();
        Assert.Equal("PM7303", Code(() => Run(Some(), new PreparationOptions { Seed = 2 }, folder)));
        Assert.Equal("PM7303", Code(() => Run([.. Some().Skip(1)], new PreparationOptions(), folder)));
        Assert.Equal(before, Directory.GetFiles(folder).Select(File.GetLastWriteTimeUtc));
        string foreign = Path.Combine(_folder.Path, "foreign");
        Directory.CreateDirectory(foreign);
        File.WriteAllText(Path.Combine(foreign, "thesis.tex"), "precious");
        Assert.Equal("PM7303", Code(() => Run(Some(), new PreparationOptions(), foreign)));
        Assert.Single(Directory.GetFiles(foreign));
    }

    [Fact]
    public void WhatCannotBeUsedIsCountedAndNamed()
    {
        var good = Some();
        var molecule = new Structure(good[0].Species, good[0].Positions);
        var iron = new Structure([.. good[0].Species.Select(e => e.Symbol == "Mn" ? Element.Parse("Fe") : e)], good[0].Positions, good[0].Lattice);
        var nine = Published().First(s => s.Composition.Counts[Element.Parse("Mg")] == 5).Repeat(2, 1, 1);
        var binary = new Structure([Element.Parse("Mg"), Element.Parse("O")], [new(0, 0, 0), new(2, 2, 2)], Lattice.Cubic(4.2));
        var notes = new Notes();
        var (result, set) = Prepare([.. good, molecule, iron, nine, binary], new PreparationOptions { Layout = CrystalImageLayout.MgMnO }, notes);
        Assert.Equal(good.Count, set.Training.Length);
        Assert.Equal(new Dictionary<string, int> { ["PM2903"] = 1, ["PM2904"] = 2, ["PM7306"] = 1 }, result.Counts.Dropped);
        Assert.Contains(notes.Lines, l => l.Contains("4 structures are left out", StringComparison.Ordinal));
        Assert.Equal("PM7306", Code(() => Prepare([.. good, molecule], new PreparationOptions { Strict = true })));
    }

    [Fact]
    public void ASetThatCannotTrainIsRefused()
    {
        var one = Some().GroupBy(s => s.Composition.Formula).MaxBy(g => g.Count())!.ToList();
        Assert.Equal("PM7305", Code(() => Prepare(one, new PreparationOptions { Supercells = DoublingRule.None })));
        Assert.Equal(one.Count, Prepare(one, new PreparationOptions { Supercells = DoublingRule.None, AllowOneComposition = true }).Set.Training.Length);
        Assert.Equal("PM7304", Code(() => Prepare([], new PreparationOptions())));
        Assert.Equal("PM7304", Code(() => Prepare(one, new PreparationOptions { Layout = CrystalImageLayout.Parse("v-o") })));
    }

    [Fact]
    public void ADamagedFolderIsNamed()
    {
        var (result, _) = Prepare(Some(), new PreparationOptions());
        string settings = Path.Combine(result.Folder, PreparedSet.SettingsName), parents = Path.Combine(result.Folder, PreparedSet.ParentsName), text = File.ReadAllText(settings);
        Assert.Equal("PM7302", Code(() => PreparedSet.Read(_folder.Path)));
        foreach (string damaged in new[] { text[..^20], "{}", "[]", text.Replace("corrected", "wrong", StringComparison.Ordinal), text.Replace("data/1", "data/9", StringComparison.Ordinal) })
        {
            File.WriteAllText(settings, damaged);
            Assert.Equal("PM7302", Code(() => PreparedSet.Read(result.Folder)));
        }

        File.WriteAllText(settings, text);
        File.AppendAllText(parents, "\n");
        Assert.Equal("PM7307", Code(() => PreparedSet.Read(result.Folder)));
    }

    private static string Image(Structure structure)
    {
        double[] image = new double[CrystalImageLayout.MgMnO.Length];
        CrystalImage.Encode(structure, CrystalImageLayout.MgMnO, image);

        // Six digits: the files have ten decimals. A coordinate at the edge of the cell may be written as 0 or 1.
        return string.Join(' ', image.Select((v, i) => Math.Round(i >= 6 && Math.Abs(v - 5.0 / 6) < 1e-6 ? 1.0 / 6 : v, 6).ToString("F6", System.Globalization.CultureInfo.InvariantCulture)));
    }

    private static string Code(Action action) => Assert.Throws<PolymorphException>(action).Code;

    private static IReadOnlyList<Structure> Published() => StructureReader.ReadStrict(ReferenceData.PathOf("data/mgmno/mgmno_unique.extxyz"));

    private static List<Structure> Some() => [.. Published().Where((_, i) => i % 60 == 0)];

    private (PreparationResult Result, PreparedSet Set) Prepare(IReadOnlyList<Structure> structures, PreparationOptions options, Notes? notes = null)
    {
        string folder = Path.Combine(_folder.Path, Path.GetRandomFileName());
        var result = Run(structures, options, folder, notes);
        return (result, PreparedSet.Read(folder));
    }

    private static PreparationResult Run(IReadOnlyList<Structure> structures, PreparationOptions options, string folder, Notes? notes = null) =>
        TrainingSetPreparation.Run(["input.extxyz"], structures.Select(s => new ReadResult(s, null)), folder, options, notes ?? new Notes(), TestContext.Current.CancellationToken);
}

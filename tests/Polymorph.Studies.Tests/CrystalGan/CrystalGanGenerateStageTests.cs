using System.Collections.Immutable;
using System.Text.Json;
using Polymorph.Foundation;
using Polymorph.Selection;
using Polymorph.Selection.Compositions;
using Polymorph.Structures;
using Polymorph.Structures.Formats;
using Polymorph.Studies.CrystalGan;
using Polymorph.Testing;
using Xunit;

namespace Polymorph.Studies.Tests.CrystalGan;

public sealed class CrystalGanGenerateStageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ATrainedModelIsAskedForCompositions()
    {
        string run = Path.Combine(_folder.Path, "run");
        SmallCrystalGan.Train(run, SmallCrystalGan.Recipe(SmallCrystalGan.Prepare(_folder)));
        var first = Generate(run, threads: 1, series: 0);
        Assert.Equal(["Mg2MnO4", "MgMn2O4-cell"], first.Select(o => o.Name));
        Assert.Equal(["Mg2MnO4", "Mg4Mn2O8", "Mg6Mn3O12"], first[0].Cells);
        Assert.All(first, o => Assert.Equal(6, o.Found));
        var written = StructureReader.ReadStrict(first[0].File, new ReadOptions { MinDistance = 0 });
        Assert.Equal(6, written.Count);
        Assert.All(written, s => Assert.Equal((string)s.Properties["cell"], CellCompositions.Formula(CrystalGanRun.DataOf(run).Layout.CountsOf(s.Composition), CrystalGanRun.DataOf(run).Layout)));
        Assert.Equal("Mg2MnO4-0", written[0].Properties["id"]);
        var counts = JsonDocument.Parse(File.ReadAllText(Path.Combine(run, "generation.json"))).RootElement;
        Assert.Equal(first[0].Funnel.Generated, counts[0].GetProperty("draws").GetInt64());

        byte[] text = File.ReadAllBytes(first[0].File);
        Generate(run, threads: 2, series: 0);
        Assert.Equal(text, File.ReadAllBytes(first[0].File));
        Generate(run, threads: 2, series: 1);
        Assert.NotEqual(text, File.ReadAllBytes(first[0].File));

        // Statistics of the batch: other crystals, and again the same for any number of threads.
        Generate(run, threads: 1, series: 0, running: false);
        byte[] batch = File.ReadAllBytes(first[0].File);
        Generate(run, threads: 2, series: 0, running: false);
        Assert.NotEqual(text, batch);
        Assert.Equal(batch, File.ReadAllBytes(first[0].File));
    }

    [Fact]
    public void ANotTrainedModelSaysWhichFilterTookWhat()
    {
        string run = Path.Combine(_folder.Path, "run");
        SmallCrystalGan.Train(run, SmallCrystalGan.Recipe(SmallCrystalGan.Prepare(_folder)));
        using var session = CrystalGanSession.Continue(run);
        var request = new CrystalGanRequest { Compositions = [WantedComposition.OfFormula("Mg2MnO4", session.Data.Layout)], Count = 5, MaxDraws = 300, Threads = 2 };
        var outcome = Assert.Single(CrystalGanGenerateStage.Run(session, request, new Notes(), CancellationToken.None));
        Assert.Equal(300, outcome.Funnel.Generated);
        Assert.Equal(300 - outcome.Found, outcome.Funnel.Rows().Sum(r => r.Losses.Sum(l => l.Count)));
        Assert.True(outcome.Found < 5);
        Assert.False(File.Exists(outcome.File) && outcome.Found == 0);
    }

    [Fact]
    public void ListsOfCompositionsAreRead()
    {
        string list = _folder.Write("list.csv", "composition,Mg,Mn,O,cells,known\nMg2MnO4,2,1,4,3,no\n\n# a remark\nMgMn2O4 spinel\r\n");
        Assert.Equal(["Mg2MnO4", "MgMn2O4"], WantedComposition.ReadList(list));
        Assert.Equal("PM7310", Assert.Throws<PolymorphException>(() => WantedComposition.ReadList(_folder.Write("empty.csv", "# nothing\n"))).Code);
        Assert.Equal("PM7310", Assert.Throws<PolymorphException>(() => WantedComposition.ReadList(_folder.Path)).Code);
        Assert.Equal("PM7310", Assert.Throws<PolymorphException>(() => WantedComposition.ReadList(Path.Combine(_folder.Path, "none"))).Code);
    }

    /// What a model of three short epochs makes has wild distances: only cells that do not exist and volumes are judged.
    private static ImmutableArray<CompositionOutcome> Generate(string run, int threads, uint series, bool running = true)
    {
        using var session = CrystalGanSession.Continue(run);
        Element mg = Element.Parse("Mg"), mn = Element.Parse("Mn"), o = Element.Parse("O");
        (Element, Element)[] pairs = [(mg, mg), (mg, mn), (mg, o), (mn, mn), (mn, o), (o, o)];
        return CrystalGanGenerateStage.Run(session, new CrystalGanRequest
        {
            Compositions = [WantedComposition.OfFormula("Mg2MnO4", session.Data.Layout), WantedComposition.OfCell("MgMn2O4", session.Data.Layout)],
            Count = 6,
            MaxDraws = 2000,
            Presence = PresenceRule.Mask,
            Limits = limits => new SampleLimits(
                new CellOptions { SmallestVolumePerAtom = 0.1, LargestVolumePerAtom = 10_000 },
                new GeometryOptions { IsolationFactor = 5, MinimumDistances = pairs.ToDictionary(p => p, _ => 0.01).ToImmutableDictionary() }),
            RunningStatistics = running,
            Series = series,
            Threads = threads,
        }, new Notes(), CancellationToken.None);
    }
}

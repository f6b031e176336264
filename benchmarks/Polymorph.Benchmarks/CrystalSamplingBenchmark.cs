using System.Diagnostics;
using Polymorph.Representations.CrystalImages;
using Polymorph.Selection.Compositions;
using Polymorph.Structures;
using Polymorph.Structures.Formats;
using Polymorph.Studies.CrystalGan;
using Polymorph.Studies.Runs;

namespace Polymorph.Benchmarks;

/// <summary>How fast training images are computed and drawn crystals are judged; with a run folder, how fast it gives sound, different crystals.</summary>
internal static class CrystalSamplingBenchmark
{
    private const int Rounds = 5;
    private const int ImagesPerRound = 20_000;
    private const int Draws = 4096;

    /// <summary>Prints the figures.</summary>
    /// <param name="arguments">A run folder and the formula of a cell, or nothing.</param>
    public static void Run(string[] arguments)
    {
        var layout = CrystalImageLayout.MgMnO;
        var crystals = StructureReader.ReadStrict(StudyData.Shared("data", "mgmno", "mgmno_unique.extxyz"));
        var images = new AugmentedImages(crystals, layout, 1000, seed: 1);
        Figure.Print("crystal-gan-images", Figure.Median(Enumerable.Range(0, Rounds).Select(_ => ImagesPerSecond(images))), "images/s (one core)");

        // Images of real crystals: the dearest draws, because they pass every filter and reach the matcher.
        var source = new TrainingImages(images, [4, 4, 8]);
        var options = new SamplingOptions { Cells = [[4, 4, 8]], Count = int.MaxValue, MaxDraws = Draws, Unique = true, Limits = SampleLimits.Of(GeometryStatistics.Of(crystals)) };
        double start = ThreadClock.Seconds;
        var result = new CompositionSampler(source, options).Run();
        Figure.Print("crystal-gan-judged", result.Draws / (ThreadClock.Seconds - start), $"draws/s (one core, {result.Structures.Length} different ones kept)");
        if (arguments is [var run, var formula])
        {
            Generate(run, formula);
        }
    }

    private static double ImagesPerSecond(AugmentedImages images)
    {
        float[] image = new float[images.Layout.Length];
        int[] counts = new int[images.Layout.Blocks.Length];
        double start = ThreadClock.Seconds;
        for (int i = 0; i < ImagesPerRound; i++)
        {
            images.Fill((int)((long)i * 7919 % images.Count), image, counts);
        }

        return ImagesPerRound / (ThreadClock.Seconds - start);
    }

    private static void Generate(string run, string formula)
    {
        using var session = CrystalGanSession.Continue(run);
        var request = new CrystalGanRequest { Compositions = [WantedComposition.OfCell(formula, session.Data.Layout)], Count = 300, MaxDraws = 20_000, Unique = true, Output = Path.Combine(Path.GetTempPath(), "crystal-gan-benchmark.extxyz") };
        (string Name, CrystalGanRequest Request)[] arms = session.Plan.Preset == "polymorph"
            ? [("refined", request with { Candidates = 1 }), ("best-of-five", request), ("drawn", request with { RefinementSteps = 0 })]
            : [("classifier", request), ("mask", request with { Presence = PresenceRule.Mask })];
        foreach (var (name, asked) in arms)
        {
            var clock = Stopwatch.StartNew();
            var outcome = CrystalGanGenerateStage.Run(session, asked, new Quiet(), CancellationToken.None)[0];
            Figure.Print($"crystal-gan-valid-unique-{name}", outcome.Found / clock.Elapsed.TotalSeconds, $"crystals/s ({outcome.Found} in {outcome.Funnel.Generated} draws, {session.Plan.Threads} threads)");
            Console.Write(outcome.Funnel);
        }
    }

    /// <summary>Draws images of the training set of one cell composition.</summary>
    private sealed class TrainingImages(AugmentedImages images, int[] cell) : IConditionedImages
    {
        private readonly int _first = images.PerComposition * images.Groups.Select((g, i) => (g, i)).First(g => g.g.Counts.AsSpan().SequenceEqual(cell)).i;

        public CrystalImageLayout Layout => images.Layout;

        public void Draw(long first, int count, ReadOnlySpan<int> wanted, Span<float> drawn, Span<float> presence, Span<float> energies)
        {
            int[] counts = new int[Layout.Blocks.Length];
            energies.Fill(float.NaN);
            for (int i = 0; i < count; i++)
            {
                var image = drawn.Slice(i * Layout.Length, Layout.Length);
                images.Fill(_first + (int)((first + i) % images.PerComposition), image, counts);
                for (int row = 0; row < Layout.AtomRows; row++)
                {
                    presence[i * Layout.AtomRows + row] = image[3 * (row + CrystalImageLayout.CellRows)] > 0 ? 1 : 0;
                }
            }
        }
    }

    private sealed class Quiet : IStudyObserver
    {
        public void Note(string line)
        {
        }

        public void Model(ModelProgress progress)
        {
        }

        public void Work(string what, long done, long total)
        {
        }
    }
}

using System.Collections.Immutable;
using Polymorph.Learning;
using Polymorph.Representations.CrystalImages;
using Polymorph.Selection.Compositions;
using Polymorph.Structures;
using Polymorph.Structures.Formats;
using Polymorph.Structures.Matching;
using Polymorph.Testing;
using Xunit;

namespace Polymorph.Selection.Tests.Compositions;

/// The sampler against a source whose every draw is known: real crystals of the data set, spoilt in turn in known ways.
public sealed class CompositionSamplerTests
{
    private static readonly CrystalImageLayout Layout = CrystalImageLayout.MgMnO;
    private static readonly ImmutableArray<int> Cell = [2, 2, 4];

    [Fact]
    public void EveryFilterDropsWhatItShould()
    {
        var crystals = Crystals().Take(3).ToList();
        var source = new Spoilt(crystals, draw => (Fault)(draw % 8));

        // 16 draws of each kind: three crystals come out once, everything else is lost for its own reason.
        var result = Sample(source, new SamplingOptions { Cells = [Cell], Count = 100, MaxDraws = 128, Limits = SampleLimits.Of(GeometryStatistics.Of(Crystals())) });
        Assert.Equal(3, result.Structures.Length);
        Assert.Equal(128, result.Draws);
        var losses = result.Funnel.Rows().SelectMany(r => r.Losses).ToDictionary(l => l.Reason, l => l.Count);
        Assert.Equal(16, losses[LossReason.NotFinite]);
        Assert.Equal(16, losses[LossReason.BadCell]);
        Assert.Equal(16, losses[LossReason.MissingElement]);
        Assert.Equal(16, losses[LossReason.WrongComposition]);
        Assert.Equal(16, losses[LossReason.Volume]);
        Assert.Equal(16, losses[LossReason.TooClose]);
        Assert.Equal(32 - 3, losses[LossReason.Duplicate]);
        Assert.All(result.Structures, s => Assert.Contains(crystals, c => new StructureMatcher(new MatchOptions()).Fits(c, s) == MatchVerdict.Match));
    }

    [Fact]
    public void TheNumberOfThreadsChangesNothing()
    {
        var crystals = Crystals();
        string[] texts = [.. new[] { 1, 2, 5 }.Select(threads =>
        {
            var source = new Spoilt(crystals, draw => draw % 3 == 0 ? Fault.CloseAtoms : Fault.None);
            var result = Sample(source, new SamplingOptions { Cells = [Cell, [4, 4, 8]], Count = 20, MaxDraws = 1000, Threads = threads });
            using var writer = new StringWriter();
            StructureWriter.Write(writer, result.Structures, StructureFormat.ExtendedXyz);
            return $"{writer}{result.Draws}{result.Funnel}";
        })];
        Assert.Equal(texts[0], texts[1]);
        Assert.Equal(texts[0], texts[2]);
    }

    [Fact]
    public void SamplingStopsAtTheWantedNumberOrTheLimit()
    {
        var crystals = Crystals();
        var some = Sample(new Spoilt(crystals, _ => Fault.None), new SamplingOptions { Cells = [Cell], Count = 5 });
        Assert.Equal(5, some.Structures.Length);
        Assert.InRange(some.Draws, 5, CompositionSampler.Batch);
        var none = Sample(new Spoilt(crystals, _ => Fault.NoCell), new SamplingOptions { Cells = [Cell], Count = 5, MaxDraws = 100 });
        Assert.Equal((0, 100L), (none.Structures.Length, none.Draws));
        Assert.Equal(0, none.Funnel.Survived);
    }

    /// Of every 4 × 64 draws a quarter of the sound ones is kept, those of the lowest energies, the lowest first.
    [Fact]
    public void TheMostStableOfTheCandidatesAreKept()
    {
        var source = new Spoilt(Crystals(), draw => draw % 4 == 0 ? Fault.CloseAtoms : Fault.None, Energy);
        var options = new SamplingOptions { Cells = [Cell], Count = 96, MaxDraws = 1024, Unique = false, Candidates = 4, Threads = 2 };
        var result = Sample(source, options);
        long[] expected = [.. new[] { 0, 256 }.SelectMany(batch => Enumerable.Range(batch, 256).Where(d => d % 4 != 0).OrderBy(d => Energy(d)).Take(48).Select(d => (long)d))];
        Assert.Equal(expected, result.Structures.Select(s => (long)s.Properties["draw"]));
        Assert.All(result.Structures, s => Assert.Equal(Energy((long)s.Properties["draw"]), (double)s.Properties["predicted_energy_above_hull"], 1e-4));
        Assert.Equal(2 * 144, result.Funnel.Rows().SelectMany(r => r.Losses).Single(l => l.Reason == LossReason.Outranked).Count);

        // Repeats take no place: of three crystals all three are found.
        var three = Sample(new Spoilt([.. Crystals().Take(3)], _ => Fault.None, Energy), options with { Unique = true });
        Assert.Equal(3, three.Structures.Length);

        static float Energy(long draw) => draw * 7919 % 1000 / 1000f;
    }

    [Fact]
    public void KnownCrystalsAreLeftOut()
    {
        var crystals = Crystals().Take(4).ToList();
        var options = new SamplingOptions { Cells = [Cell], Count = 50, MaxDraws = 256, Known = [crystals[1], StandardCrystal.Of(crystals[2]).Repeat(1, 2, 1)] };
        var result = Sample(new Spoilt(crystals, _ => Fault.None), options);
        Assert.Equal(2, result.Structures.Length);
        Assert.All(result.Structures, s => Assert.DoesNotContain(options.Known, k => new StructureMatcher(new MatchOptions()).Fits(k, s) == MatchVerdict.Match));
        Assert.Equal(256, Sample(new Spoilt(crystals, _ => Fault.None), options with { Known = [], Unique = false, Count = 256 }).Structures.Length);
    }

    [Theory]
    [InlineData(PresenceRule.Classifier)]
    [InlineData(PresenceRule.RowSum)]
    [InlineData(PresenceRule.Mask)]
    public void PresenceIsDecidedAsAsked(PresenceRule rule)
    {
        // A ninth atom: its row has a sum like any other, but the classifier gives it less than one half.
        var result = Sample(new Spoilt(Crystals(), _ => Fault.ExtraRow), new SamplingOptions { Cells = [Cell], Count = 3, MaxDraws = 128, Presence = rule });
        Assert.Equal(rule == PresenceRule.RowSum ? 0 : 3, result.Structures.Length);
        Assert.Equal(rule == PresenceRule.RowSum, result.Funnel.Rows().Any(r => r.Losses.Any(l => l.Reason == LossReason.WrongComposition)));
    }

    [Fact]
    public void TheStandardFormIsTheSameCrystal()
    {
        var matcher = new StructureMatcher(new MatchOptions { Scale = false, PrimitiveCell = false });
        foreach (var crystal in Crystals())
        {
            var standard = StandardCrystal.Of(crystal);
            Assert.Equal(crystal.Lattice!.Volume, standard.Lattice!.Volume, 1e-9 * crystal.Lattice.Volume);
            Assert.Equal(MatchVerdict.Match, matcher.Fits(crystal, standard));

            // The same distances up to rounding.
            Assert.Equal(Distances(crystal), Distances(standard), (a, b) => Math.Abs(a - b) < 1e-9);
            Assert.All(standard.FractionalPositions, f => Assert.True(Math.Min(f.X, Math.Min(f.Y, f.Z)) > -1e-9 && Math.Max(f.X, Math.Max(f.Y, f.Z)) < 1 + 1e-9));
            Assert.Equal((0.0, 0.0, 0.0), (standard.Lattice.A.Y, standard.Lattice.A.Z, standard.Lattice.B.Z));
        }
    }

    [Fact]
    public void LimitsOfTheDataLetTheDataThrough()
    {
        var crystals = StructureReader.ReadStrict(ReferenceData.PathOf("data/mgmno/mgmno_unique.extxyz"));
        var statistics = GeometryStatistics.Of(crystals);

        // data/mgmno/README.md: volumes 8.93 to 26.80, O-O 1.38, cation-O 1.63, cation-cation 2.16.
        Assert.Equal((8.93, 26.80), (Math.Round(statistics.SmallestVolume, 2), Math.Round(statistics.LargestVolume, 2)));
        Assert.Equal(1.38, Shortest("O", "O"), 0.005);
        Assert.Equal(1.63, Math.Min(Shortest("Mg", "O"), Shortest("Mn", "O")), 0.005);
        Assert.Equal(2.16, new[] { Shortest("Mg", "Mg"), Shortest("Mn", "Mg"), Shortest("Mn", "Mn") }.Min(), 0.005);
        var limits = SampleLimits.Of(statistics);
        Assert.All(crystals, c => Assert.Null(limits.Check(c)));

        double Shortest(string a, string b) => statistics.ShortestDistances[GeometryStatistics.Pair(Element.Parse(a), Element.Parse(b))];
    }

    private static double[] Distances(Structure s) =>
        [.. Enumerable.Range(0, s.AtomCount).SelectMany(i => NeighborList.Build(s, 5).Of(i).ToArray()).Select(n => n.Distance).Order()];

    private static SamplingResult Sample(IConditionedImages source, SamplingOptions options) => new CompositionSampler(source, options).Run();

    private static List<Structure> Crystals()
    {
        var crystals = StructureReader.ReadStrict(ReferenceData.PathOf("data/mgmno/mgmno_unique.extxyz")).Where(s => Layout.CountsOf(s.Composition).SequenceEqual(Cell)).ToList();
        Assert.True(crystals.Count > 10);
        return crystals;
    }

    private enum Fault
    {
        None,
        NotFinite,
        NoCell,
        NoOxygen,
        OneMore,
        Dense,
        CloseAtoms,
        AlsoNone,
        ExtraRow,
    }

    /// Draw i is crystal i, moved at random, with a known fault.
    private sealed class Spoilt(List<Structure> crystals, Func<long, Fault> faultOf, Func<long, float>? energyOf = null) : IConditionedImages
    {
        public CrystalImageLayout Layout => CrystalImageLayout.MgMnO;

        public void Draw(long first, int count, ReadOnlySpan<int> wanted, Span<float> images, Span<float> presence, Span<float> energies)
        {
            for (int i = 0; i < count; i++)
            {
                long draw = first + i;
                energies[i] = energyOf?.Invoke(draw) ?? float.NaN;
                var crystal = crystals[(int)(draw / 8 % crystals.Count)];
                var doubled = wanted[0] == 2 * Cell[0] ? DoubledCell.Of(crystal, Layout, 0, DoublingRule.Corrected) : crystal;
                double[] image = new double[Layout.Length];
                CrystalImage.Encode(doubled, Layout, image);
                var random = new CounterRandom(3, 1).Sequence((uint)draw);
                ImageAugmentation.Translate(image, Layout, new Vector3D(random.NextDouble(), random.NextDouble(), random.NextDouble()));
                bool[] present = new bool[Layout.AtomRows];
                CrystalImage.PresenceBySum(image, Layout, present);
                Spoil(image, present, faultOf(draw));
                for (int k = 0; k < Layout.Length; k++)
                {
                    images[i * Layout.Length + k] = (float)image[k];
                }

                for (int k = 0; k < Layout.AtomRows; k++)
                {
                    presence[i * Layout.AtomRows + k] = present[k] ? 0.9f : 0.1f;
                }
            }
        }

        private static void Spoil(double[] image, bool[] present, Fault fault)
        {
            switch (fault)
            {
                case Fault.NotFinite:
                    image[4] = double.NaN;
                    break;
                case Fault.NoCell:
                    (image[3], image[4], image[5]) = (150.0 / 180, 150.0 / 180, 150.0 / 180);
                    break;
                case Fault.NoOxygen:
                    Array.Clear(present, 16, 12);
                    break;
                case Fault.OneMore:
                    present[27] = true;
                    Array.Fill(image, 0.5, 87, 3);
                    break;
                case Fault.Dense:
                    (image[0], image[1], image[2]) = (image[0] / 2, image[1] / 2, image[2] / 2);
                    break;
                case Fault.CloseAtoms:
                    // The second Mg comes within a hundredth of the cell of the first.
                    (image[9], image[10], image[11]) = (image[6] + 0.01 / 1.5, image[7], image[8]);
                    break;
                case Fault.ExtraRow:
                    Array.Fill(image, 0.5, 87, 3);
                    break;
                default:
                    break;
            }
        }
    }
}

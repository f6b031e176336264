using System.Text.Json;
using Polymorph.Learning;
using Polymorph.Representations.Fingerprints;
using Polymorph.Selection.Metrics;
using Polymorph.Structures;
using Polymorph.Structures.Matching;
using Polymorph.Testing;
using Xunit;

namespace Polymorph.Selection.Tests.Metrics;

/// Match rates, duplicates, known structures, stability and the control arms.
public sealed class PredictionRatesTests
{
    private static readonly StructureMatcher Benchmark = new(MatchOptions.Benchmark), Default = new(new MatchOptions());

    /// The pairs whose verdicts pymatgen 2022.11.7 gives: predictions are the first members, references the second.
    [Theory, InlineData(1), InlineData(2)]
    public void RatesOfTheGoldenPairsComeOut(int threads)
    {
        HashSet<int> undecided = [.. ReferenceData.Json("golden/matching/order_dependent.json").GetProperty("undecided_pairs").GetProperty("pairs.json").EnumerateArray().Select(n => n.GetInt32())];
        var pairs = ReferenceData.Json("golden/matching/pairs.json").GetProperty("pairs").EnumerateArray().Where(p => !undecided.Contains(p.GetProperty("n").GetInt32())).ToList();
        MetricCrystal[] predictions = [.. pairs.Select(p => Describe(ReferenceCrystal.OfVectors(p.GetProperty("a"))))], references = [.. pairs.Select(p => Describe(ReferenceCrystal.OfVectors(p.GetProperty("b"))))];
        double?[] expected = [.. pairs.Select(p => p.GetProperty("result").GetProperty("benchmark").GetProperty("rms") is { ValueKind: JsonValueKind.Number } rms ? rms.GetDouble() : (double?)null)];

        var matches = PredictionRates.Pairwise(predictions, [.. Enumerable.Range(0, pairs.Count)], references, Benchmark, threads, cancellation: TestContext.Current.CancellationToken);
        var rates = PredictionRates.Of(matches.OfType<PredictionMatch>(), pairs.Count, 0.5);
        Assert.Equal(new Rate(expected.Count(e => e is not null), pairs.Count), rates.Found);
        Assert.Equal(expected.OfType<double>().Average(), rates.Rmse, 1e-5);   // the matcher's own tolerance
        Assert.Equal(expected.Average(e => e ?? 0.5), rates.CappedRmse, 1e-5);
    }

    [Fact]
    public void TheBestOfSeveralCountsAndMissesCountTheTolerance()
    {
        var rates = PredictionRates.Of([Match(0, 0.2), Match(0, 0.1), Match(3, 0.4)], references: 5, siteTolerance: 0.5);
        Assert.Equal(new Rate(2, 5), rates.Found);
        Assert.Equal(0.25, rates.Rmse, 1e-12);
        Assert.Equal((0.1 + 0.4 + 3 * 0.5) / 5, rates.CappedRmse, 1e-12);
        var none = PredictionRates.Of([], 4, 0.5);
        Assert.Equal((0.0, 0.5), (none.Found.Value, none.CappedRmse));
        Assert.True(double.IsNaN(none.Rmse));

        static PredictionMatch Match(int reference, double rms) => new(0, reference, rms, rms, 1);
    }

    /// METRe does not ask which prediction was made for which reference.
    [Fact]
    public void EveryoneIsMatchedWhateverTheOrder()
    {
        var references = Sample();
        MetricCrystal?[] shuffled = [null, .. references.Reverse().Select(r => Describe(Written(r.Structure)))];
        var matches = PredictionRates.Everyone(shuffled, references, Benchmark, 2, cancellation: TestContext.Current.CancellationToken);
        Assert.All(matches, m => Assert.InRange(m!.Rms, 0, 1e-5));
        Assert.Equal(Enumerable.Range(0, references.Length).Reverse().Select(i => i + 1), matches.Select(m => m!.Candidate));
        Assert.All(PredictionRates.Everyone([null], references, Benchmark, 2, cancellation: TestContext.Current.CancellationToken), Assert.Null);
    }

    [Theory, InlineData(1), InlineData(4)]
    public void EqualCrystalsFormAGroupUnderTheFirst(int threads)
    {
        var (a, b) = (Sample()[0], Sample()[1]);
        MetricCrystal?[] crystals = [a, null, b, Describe(Written(a.Structure)), Describe(a.Structure.Repeat(1, 1, 2)), b];
        Assert.Equal([0, -1, 2, 0, 0, 2], DistinctCrystals.Leaders(crystals, Default, threads, cancellation: TestContext.Current.CancellationToken));
    }

    [Fact]
    public void KnownCrystalsAreRecognised()
    {
        var sample = Sample();
        var known = new KnownCrystals([.. sample.Skip(1).Select(s => Written(s.Structure))], Default);
        Assert.Equal([-1, 0, -1, 2], known.FindAll([sample[0], sample[1], null, sample[3]], 2, cancellation: TestContext.Current.CancellationToken));
    }

    /// Counted by hand: 0 and 2 are stable, 3 is the copy of 2, 4 is known, 5 failed; 6 leads the group of 0 by another order.
    [Fact]
    public void StableUniqueAndNovelAreCountedOfAll()
    {
        double?[] energies = [0.0, 0.3, -0.01, 0.0, -0.2, null, 0.09];
        int[] leaders = [0, 1, 2, 2, 4, 5, 0], known = [-1, -1, -1, -1, 7, -1, -1];
        var rates = StabilityRates.Of(energies, leaders, known, 0);
        Assert.Equal((new Rate(4, 7), new Rate(2, 7)), (rates.Stable, rates.StableUniqueNovel));
        var loose = StabilityRates.Of(energies, leaders, known, 0.1);
        Assert.Equal((new Rate(5, 7), new Rate(2, 7)), (loose.Stable, loose.StableUniqueNovel));
        Assert.Throws<ArgumentException>(() => StabilityRates.Of(energies, [0], known, 0));
    }

    /// Among the rock salt and the caesium chloride structure KCl takes that of NaCl, whose elements are nearer than those of CsI; cation goes to cation.
    [Fact]
    public void TheNearestTemplateGetsTheElementsAskedFor()
    {
        Structure salt = Binary("Na", "Cl", 0.5), iodide = Binary("Cs", "I", 0.51);
        var prediction = new ControlArms([iodide, salt], new CounterRandom(1, 0)).NearestTemplate(Composition.Parse("KCl"), 0)!;
        Assert.Equal([Element.Parse("K"), Element.Parse("Cl")], prediction.Species);
        Assert.Equal(0.5, prediction.FractionalPositions[1].X, 1e-12);
        double radii = Cube("K") + Cube("Cl"), before = Cube("Na") + Cube("Cl");
        Assert.Equal(radii / before, prediction.Lattice!.Volume / salt.Lattice!.Volume, 1e-9);
        Assert.Null(new ControlArms([salt], new CounterRandom(1, 0)).NearestTemplate(Composition.Parse("SiO2"), 0));

        static double Cube(string symbol) => Math.Pow(Element.Parse(symbol).CovalentRadius, 3);
    }

    [Fact]
    public void RandomTrainingStructuresHaveTheAtomCountAndFollowTheSeed()
    {
        List<Structure> training = [.. Enumerable.Range(0, 40).Select(i => Binary("Na", "Cl", 0.2 + 0.01 * i)), Sample()[0].Structure];
        var (first, again, other) = (new ControlArms(training, new CounterRandom(5, 0)), new ControlArms(training, new CounterRandom(5, 0)), new ControlArms(training, new CounterRandom(6, 0)));
        var target = Composition.Parse("KBr");
        Structure?[] draws = [.. Enumerable.Range(0, 30).Select(i => first.RandomTraining(target, i))];
        Assert.All(draws, d => Assert.Equal(2, d!.AtomCount));
        Assert.Equal(draws, Enumerable.Range(0, 30).Select(i => again.RandomTraining(target, i)));
        Assert.NotEqual(draws, Enumerable.Range(0, 30).Select(i => other.RandomTraining(target, i)));
        Assert.InRange(draws.Distinct().Count(), 12, 30);   // 30 draws of 40 give 21 distinct ones on average
        Assert.Null(first.RandomTraining(Composition.Parse("K4Br"), 0));
    }

    private static MetricCrystal[] Sample() =>
        [.. ReferenceData.Json("golden/matching/fingerprints.json").GetProperty("structures").EnumerateArray().Take(5).Select(e => Describe(ReferenceCrystal.OfParameters(e)))];

    private static MetricCrystal Describe(Structure structure) => MetricCrystal.Of(structure, OxidationTable.Smact2014, MatchOptions.Benchmark, new CrystalFingerprint());

    /// <summary>The same crystal with the atoms in reverse order and another origin.</summary>
    private static Structure Written(Structure structure) =>
        new([.. structure.Species.Reverse()], [.. structure.Positions.Reverse().Select(p => p + new Vector3D(0.4, -1.1, 0.7))], structure.Lattice);

    private static Structure Binary(string first, string second, double place)
    {
        var lattice = new Lattice(new(0, 2.8, 2.8), new(2.8, 0, 2.8), new(2.8, 2.8, 0));
        return new Structure([Element.Parse(first), Element.Parse(second)], [default, lattice.ToCartesian(new(place, place, place))], lattice);
    }
}

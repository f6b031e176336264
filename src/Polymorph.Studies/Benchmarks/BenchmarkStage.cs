using System.Collections.Immutable;
using System.Globalization;
using Polymorph.Foundation;
using Polymorph.Learning;
using Polymorph.Representations.Fingerprints;
using Polymorph.Selection.Metrics;
using Polymorph.Structures;
using Polymorph.Structures.Formats;
using Polymorph.Structures.Matching;
using Polymorph.Studies.Relaxations;
using Polymorph.Studies.Runs;

namespace Polymorph.Studies.Benchmarks;

/// <summary>Computes the field's metrics of generated or predicted crystals, and beside them those of two control arms that need no model.</summary>
/// <param name="request">What is to be compared.</param>
/// <param name="observer">Told how far it is.</param>
/// <param name="cancellation">Stops.</param>
public sealed class BenchmarkStage(BenchmarkRequest request, IStudyObserver observer, CancellationToken cancellation)
{
    private const int PropertySample = 1000;
    private const uint ArmStream = 0x41524d, SampleStream = 0x53414d;

    private const string StartProperty = "start";

    private static readonly double[] Thresholds = [0, 0.08, 0.1];
    private static readonly string[] HullProperties = ["e_above_hull", "energy_above_hull"];

    private readonly int _threads = request.Threads == 0 ? Environment.ProcessorCount : request.Threads;
    private readonly StructureMatcher _matcher = new(request.Matching), _equality = new(request.Equality);

    /// <summary>Compares.</summary>
    /// <exception cref="PolymorphException">PM7040: benchmark data are missing; PM7041: there is no candidate; PM7042: candidates cannot be paired as asked.</exception>
    /// <exception cref="OperationCanceledException">Stopped; nothing is written.</exception>
    public BenchmarkComparison Run()
    {
        var data = BenchmarkData.Read(request.DataFolder, request.Prefix, cancellation);
        request.Benchmark.ThrowIfAnother(data.Test, request.DataFolder);
        var test = data.Test.Take(request.References ?? int.MaxValue).ToImmutableArray();
        var (entries, reasons) = ReadCandidates();
        var pairing = CandidatePairing.Of(entries, test, request.Pairing);
        MetricCrystal[] references = [.. Describe("references", [.. test]).Select((c, i) => c ?? throw new PolymorphException("PM7040", "a test structure is not a crystal", BenchmarkData.IdOf(test[i])))];
        var known = new KnownCrystals(data.Known, _equality);
        var compared = new Compared(data, references, known, SpaceGroups.Of(test, _threads, Progress("references: space groups", test.Length), cancellation));
        if (compared.Groups is null)
        {
            observer.Note("spglib is not installed: the distance of the space groups is left out.");
        }

        observer.Note(string.Create(CultureInfo.InvariantCulture, $"{entries.Count} candidates against {references.Length} test structures of {request.Benchmark.Name}, {known.Count} structures known"));

        var arms = new List<BenchmarkArm> { Arm("candidates", entries, reasons, pairing.Targets, compared) };
        var control = new ControlArms(data.Known, new CounterRandom(request.Seed, ArmStream));
        ImmutableArray<int> each = [.. Enumerable.Range(0, references.Length)];
        arms.Add(Arm("random training structure", Made("random training structures", test, control.RandomTraining), null, each, compared));
        arms.Add(Arm("nearest template", Made("templates", test, control.NearestTemplate), null, each, compared));
        return new BenchmarkComparison(
            request.Benchmark, data, references.Length, references.Count(r => r.IsValid), pairing.Rule, pairing.PerReference, request.Matching, request.Equality, request.OxidationStates.Name, request.Seed, Identity(entries, "method"),
            Identity(entries, "hull"), arms);
    }

    /// <summary>What all candidates say of where they come from; null when they say nothing.</summary>
    private static string? Identity(IReadOnlyList<Structure?> candidates, string property) =>
        candidates.Select(c => c?.Properties.GetValueOrDefault(property) as string).OfType<string>().Distinct().Order(StringComparer.Ordinal).ToList() is { Count: > 0 } names ? string.Join("; ", names) : null;

    private Structure?[] Made(string what, ImmutableArray<Structure> test, Func<Composition, int, Structure?> make)
    {
        var tick = Progress(what, test.Length);
        var made = new Structure?[test.Length];
        Parallel.For(0, test.Length, new ParallelOptions { MaxDegreeOfParallelism = _threads, CancellationToken = cancellation }, i =>
        {
            made[i] = make(test[i].Composition, i);
            tick();
        });
        return made;
    }

    private (IReadOnlyList<Structure?> Entries, IReadOnlyList<string?> Reasons) ReadCandidates()
    {
        var entries = new List<Structure?>();
        var reasons = new List<string?>();
        foreach (var entry in StructureReader.Read(request.Candidates, new ReadOptions { MinDistance = 0 }))
        {
            cancellation.ThrowIfCancellationRequested();
            entries.Add(entry.Structure);
            reasons.Add(entry.Rejection?.ToString());
        }

        return entries.Any(e => e is not null) ? (entries, reasons)
            : throw new PolymorphException("PM7041", reasons.Count == 0 ? "there is no candidate" : "not one candidate could be read", string.Join(", ", request.Candidates), reasons.FirstOrDefault());
    }

    private BenchmarkArm Arm(string name, IReadOnlyList<Structure?> entries, IReadOnlyList<string?>? reasons, ImmutableArray<int> targets, Compared compared)
    {
        var crystals = Describe(name, entries);
        var pairs = PredictionRates.Pairwise(crystals, targets, compared.References, _matcher, _threads, Progress($"{name}: matching", crystals.Length), cancellation);
        var everyone = Everyone(name, crystals, compared);
        int[] leaders = DistinctCrystals.Leaders(crystals, _equality, _threads, Progress($"{name}: duplicates", crystals.Count(c => c is not null)), cancellation);
        int[] known = compared.Known.FindAll(crystals, _threads, Progress($"{name}: known structures", crystals.Length), cancellation);
        int[] built = [.. Enumerable.Range(0, crystals.Length).Where(i => crystals[i] is not null)];
        var coverage = CoverageMetric.Of(
            [.. built.Select(i => crystals[i]!.Fingerprints)], crystals.Length - built.Length, [.. compared.References.Select(r => r.Fingerprints)], request.Benchmark.Cutoffs, _threads, cancellation);
        var nearest = new int[crystals.Length];
        Array.Fill(nearest, -1);
        for (int i = 0; i < built.Length; i++)
        {
            nearest[built[i]] = coverage.NearestReference[i];
        }

        List<BenchmarkRow> rows = [.. Enumerable.Range(0, crystals.Length).Select(i => new BenchmarkRow(
            entries[i] is { } s ? BenchmarkData.IdOf(s) : string.Create(CultureInfo.InvariantCulture, $"{name} {i + 1}"),
            crystals[i],
            crystals[i] is null ? reasons?[i] ?? (entries[i] is null ? "no training structure fits the composition" : "not periodic along all three axes") : null,
            targets[i] < 0 ? null : BenchmarkData.IdOf(compared.References[targets[i]].Structure), pairs[i], leaders[i],
            known[i] < 0 ? null : BenchmarkData.IdOf(compared.Data.Known[known[i]]),
            nearest[i] < 0 ? null : BenchmarkData.IdOf(compared.References[nearest[i]].Structure),
            entries[i] is { } e ? Number(e, HullProperties) : null)
        {
            Energy = entries[i] is { } own ? Number(own, [request.Benchmark.EnergyProperty]) : null,
            RelaxationRmsd = entries[i] is { } moved ? Number(moved, [RelaxedStructures.DistanceProperty]) : null,
            Start = entries[i]?.Properties.GetValueOrDefault(StartProperty)?.ToString(),
        })];
        double?[] energies = [.. rows.Select(r => r.EnergyAboveHull)];
        bool paired = targets.Any(t => t >= 0);
        HashSet<int> first = [.. Enumerable.Range(0, crystals.Length).Where(i => targets[i] >= 0).DistinctBy(i => targets[i])];
        return new BenchmarkArm(
            name, rows,
            paired ? Rates([.. pairs.OfType<PredictionMatch>().Where(m => first.Contains(m.Candidate))], crystals, compared) : null,
            paired ? Rates([.. pairs.OfType<PredictionMatch>()], crystals, compared) : null,
            everyone, coverage, Properties(name, crystals, compared),
            energies.Any(e => e is not null) ? [.. Thresholds.Select(t => StabilityRates.Of(energies, leaders, known, t))] : [])
        {
            Optimisation = OptimisationSuccess.Of(rows.Where(r => r.Start is not null).Select(r => (r.Start!, r.Energy)), request.Benchmark.EnergyPercentiles),
        };
    }

    private MatchRates Everyone(string name, MetricCrystal?[] crystals, Compared compared)
    {
        var tick = Progress($"{name}: METRe", compared.References.Length);
        var all = PredictionRates.Everyone(crystals, compared.References, _matcher, _threads, tick, cancellation);
        bool mixed = all.Any(m => m is not null && !crystals[m.Candidate]!.IsValid);
        MetricCrystal?[] valid = [.. crystals.Select(c => c?.IsValid == true ? c : null)];
        var validOnly = mixed ? PredictionRates.Everyone(valid, compared.References, _matcher, _threads, null, cancellation) : all;
        return new MatchRates(
            PredictionRates.Of(validOnly.OfType<PredictionMatch>(), compared.References.Length, request.Matching.SiteTolerance),
            PredictionRates.Of(all.OfType<PredictionMatch>(), compared.References.Length, request.Matching.SiteTolerance));
    }

    private MatchRates Rates(List<PredictionMatch> matches, MetricCrystal?[] crystals, Compared compared) => new(
        PredictionRates.Of(matches.Where(m => crystals[m.Candidate]!.IsValid), compared.References.Length, request.Matching.SiteTolerance),
        PredictionRates.Of(matches, compared.References.Length, request.Matching.SiteTolerance));

    private PropertyDistances Properties(string name, MetricCrystal?[] crystals, Compared compared)
    {
        List<MetricCrystal> valid = [.. crystals.OfType<MetricCrystal>().Where(c => c.IsValid)];
        var sequence = new CounterRandom(request.Seed, SampleStream).Sequence(0);
        int count = Math.Min(PropertySample, valid.Count);
        for (int i = 0; i < count; i++)
        {
            int j = i + sequence.NextIndex(valid.Count - i);
            (valid[i], valid[j]) = (valid[j], valid[i]);
        }

        var sample = valid.GetRange(0, count);
        List<Structure> drawn = [.. sample.Select(c => c.Structure)];
        Structure[] test = [.. compared.References.Select(r => r.Structure)];
        string[] energy = [request.Benchmark.EnergyProperty];
        return new PropertyDistances(
            count,
            EmpiricalDistance.Wasserstein(drawn.Select(CrystalProperties.Density), test.Select(CrystalProperties.Density)),
            EmpiricalDistance.Wasserstein(drawn.Select(CrystalProperties.ElementCount), test.Select(CrystalProperties.ElementCount)),
            EmpiricalDistance.Wasserstein(drawn.Select(s => (double)s.AtomCount), test.Select(s => (double)s.AtomCount)),
            EmpiricalDistance.Wasserstein(drawn.Select(CrystalProperties.VolumeFraction), test.Select(CrystalProperties.VolumeFraction)),
            EmpiricalDistance.Wasserstein(drawn.Select(CrystalProperties.MeanCoordination).Where(double.IsFinite), test.Select(CrystalProperties.MeanCoordination).Where(double.IsFinite)),
            EmpiricalDistance.Wasserstein(drawn.Select(s => Number(s, energy)).OfType<double>(), test.Select(s => Number(s, energy)).OfType<double>()),
            compared.Groups is null ? double.NaN : EmpiricalDistance.TotalVariation(SpaceGroups.Of(drawn, _threads, Progress($"{name}: space groups", drawn.Count), cancellation)!, compared.Groups),
            EmpiricalDistance.MeanPairwise([.. sample.Select(c => c.Fingerprints.Structure!)]), EmpiricalDistance.MeanPairwise([.. sample.Select(c => c.Fingerprints.Composition)]));
    }

    private MetricCrystal?[] Describe(string what, IReadOnlyList<Structure?> structures)
    {
        var tick = Progress($"{what}: fingerprints", structures.Count);
        var result = new MetricCrystal?[structures.Count];
        Parallel.For(0, structures.Count, new ParallelOptions { MaxDegreeOfParallelism = _threads, CancellationToken = cancellation }, () => new CrystalFingerprint(), (i, _, fingerprint) =>
        {
            result[i] = structures[i] is { } s && s.Periodicity == Periodicity.Full ? MetricCrystal.Of(s, request.OxidationStates, request.Equality, fingerprint) : null;
            tick();
            return fingerprint;
        }, _ => { });
        return result;
    }

    private Action Progress(string what, long total)
    {
        long done = 0;
        return () => observer.Work(what, Interlocked.Increment(ref done), total);
    }

    private static double? Number(Structure structure, string[] names)
    {
        foreach (string name in names)
        {
            switch (structure.Properties.GetValueOrDefault(name))
            {
                case double value when double.IsFinite(value):
                    return value;
                case long whole:
                    return whole;
                default:
                    break;
            }
        }

        return null;
    }

    private sealed record Compared(BenchmarkData Data, MetricCrystal[] References, KnownCrystals Known, int[]? Groups);
}

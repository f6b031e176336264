using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Polymorph.Foundation;
using Polymorph.Learning;
using Polymorph.Representations.CrystalImages;
using Polymorph.Structures;
using Polymorph.Structures.Formats;
using Polymorph.Structures.Matching;
using Polymorph.Studies.Runs;

namespace Polymorph.Studies.CrystalGan;

/// <summary>Which of the structures read go into the training, and why the others do not.</summary>
/// <param name="Layout">Elements and caps.</param>
/// <param name="Training">Structures of the training set, without doubled cells, in the order read.</param>
/// <param name="HeldOut">Structures set aside, in the order read.</param>
/// <param name="Dropped">Structures and entries that were dropped, by code.</param>
/// <param name="Duplicates">Crystals that repeat an earlier one of their cell composition.</param>
/// <param name="Twins">Crystals left out because a held-out one is the same crystal in another cell.</param>
internal sealed record TrainingSetChoice(
    CrystalImageLayout Layout, ImmutableArray<Structure> Training, ImmutableArray<Structure> HeldOut, ImmutableSortedDictionary<string, int> Dropped, int Duplicates, int Twins)
{
    private const uint HoldOutStream = 0x43490003;
    private const int ShownProblems = 5;

    // What is done within a moment needs no progress line.
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(2);

    /// <summary>Makes the choice.</summary>
    /// <param name="entries">Structures and entries that cannot be read, in the order of the files.</param>
    /// <param name="options">How.</param>
    /// <param name="observer">Told of what is dropped.</param>
    /// <param name="cancellation">Stops.</param>
    /// <exception cref="PolymorphException">PM7304: nothing is left; PM7305: only one composition; in strict mode the first problem.</exception>
    public static TrainingSetChoice Of(IEnumerable<ReadResult> entries, PreparationOptions options, IStudyObserver observer, CancellationToken cancellation)
    {
        var problems = new Problems(options.Strict, observer);
        var crystals = new List<Structure>();
        foreach (var (structure, rejection) in entries)
        {
            cancellation.ThrowIfCancellationRequested();
            if (structure is null)
            {
                problems.Add(rejection!.ToException());
            }
            else if (structure.Lattice is null || structure.Periodicity != Periodicity.Full)
            {
                problems.Add(new PolymorphException("PM7306", "this structure does not repeat along all three axes", structure.Id, "Crystals need a lattice and pbc=\"T T T\"; molecules and slabs have no crystal image."));
            }
            else
            {
                crystals.Add(structure);
            }
        }

        var layout = options.Layout ?? (crystals.Count == 0 ? throw problems.NothingLeft()
            : CrystalImageLayout.Smallest(crystals.Select(c => c.Composition)) with { LengthScale = options.LengthScale, AngleScale = options.AngleScale });
        double[] image = new double[layout.Length];
        crystals.RemoveAll(crystal => !problems.Try(() => Check(crystal), crystal.Id));
        if (crystals.Count == 0)
        {
            throw problems.NothingLeft();
        }

        void Check(Structure crystal)
        {
            CrystalImage.Encode(crystal, layout, image);
            TrainingEnergy.Of(crystal);
        }

        problems.Summarise();
        int[] groups = Groups(crystals, options.Threads, observer, cancellation);
        var keys = crystals.ConvertAll(c => layout.CountsOf(c.Composition));
        var distinct = new List<int>();
        var seen = new HashSet<(int, string)>();
        for (int i = 0; i < crystals.Count; i++)
        {
            if (options.KeepDuplicates || seen.Add((groups[i], string.Join(',', keys[i]))))
            {
                distinct.Add(i);
            }
        }

        var heldOut = HoldOut(distinct, keys, options);
        var heldGroups = heldOut.Select(i => groups[i]).ToHashSet();
        int[] training = [.. distinct.Where(i => !heldOut.Contains(i) && !heldGroups.Contains(groups[i]))];
        var result = new TrainingSetChoice(layout, [.. training.Select(i => crystals[i])], [.. distinct.Where(heldOut.Contains).Select(i => crystals[i])],
            problems.Counts, crystals.Count - distinct.Count, distinct.Count - heldOut.Count - training.Length);
        int compositions = training.Select(i => keys[i]).Distinct(CountsComparer.Instance).Count();
        return compositions > 1 || options.AllowOneComposition && compositions == 1
            ? result
            : throw new PolymorphException("PM7305", compositions == 0 ? "no structure is left for the training" : $"all structures have the cell composition {crystals[training[0]].Composition.Formula}, so there is nothing to condition on", null,
                compositions == 0 ? "Hold fewer out." : "Add structures of other compositions, or say --one-composition to train on this one all the same.");
    }

    // Within each composition of n structures round(share n) are set aside, but never the last: one of one structure stays.
    private static HashSet<int> HoldOut(List<int> distinct, List<ImmutableArray<int>> keys, PreparationOptions options)
    {
        var held = new HashSet<int>();
        uint number = 0;
        foreach (var members in distinct.GroupBy(i => keys[i], CountsComparer.Instance).OrderBy(g => g.Key, CountsComparer.Instance).Select(g => g.ToArray()))
        {
            int count = Math.Min(members.Length - 1, (int)Math.Round(options.HoldOut * members.Length, MidpointRounding.AwayFromZero));
            int[] order = new int[members.Length];
            var random = new CounterRandom(options.Seed, HoldOutStream).Sequence(number++);
            ImageAugmentation.Permutation(order, ref random);
            held.UnionWith(order.Take(count).Select(k => members[k]));
        }

        return held;
    }

    /// <summary>Equal numbers for equal crystals, whatever their cell.</summary>
    private static int[] Groups(List<Structure> crystals, int threads, IStudyObserver observer, CancellationToken cancellation)
    {
        var matcher = new StructureMatcher(new MatchOptions());
        var prepared = new PreparedCrystal[crystals.Count];
        int done = 0;
        var clock = Stopwatch.StartNew();
        Parallel.For(0, crystals.Count, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation }, i =>
        {
            prepared[i] = matcher.Prepare(crystals[i]);
            if (Interlocked.Increment(ref done) is var now && clock.Elapsed >= Quiet)
            {
                observer.Work("looking for repeats", now, crystals.Count);
            }
        });
        var groups = StructureGrouping.Group(prepared, matcher, threads, cancellation: cancellation);
        if (groups.UndecidedPairs > 0)
        {
            observer.Note(string.Create(CultureInfo.InvariantCulture, $"{groups.UndecidedPairs} pairs were given up at the matcher's limit and count as different."));
        }

        return [.. groups.LeaderOf];
    }

    /// <summary>Counts problems and shows the first few.</summary>
    private sealed class Problems(bool strict, IStudyObserver observer)
    {
        private readonly SortedDictionary<string, int> _counts = new(StringComparer.Ordinal);
        private PolymorphException? _first;

        public ImmutableSortedDictionary<string, int> Counts => _counts.ToImmutableSortedDictionary(StringComparer.Ordinal);

        public bool Try(Action action, string id)
        {
            try
            {
                action();
                return true;
            }
            catch (PolymorphException e)
            {
                Add(new PolymorphException(e.Code, e.Reason, id.Length > 0 ? id : e.Place, e.NextStep));
                return false;
            }
        }

        public void Add(PolymorphException problem)
        {
            if (strict)
            {
                throw problem;
            }

            _first ??= problem;
            if (_counts.Values.Sum() < ShownProblems)
            {
                observer.Note($"left out: {problem.Message}");
            }

            _counts[problem.Code] = _counts.GetValueOrDefault(problem.Code) + 1;
        }

        public void Summarise()
        {
            if (_counts.Count > 0)
            {
                observer.Note($"{_counts.Values.Sum()} structures are left out: {string.Join(", ", _counts.Select(c => $"{c.Value} {c.Key}"))}.");
            }
        }

        public PolymorphException NothingLeft() => _first is null
            ? new PolymorphException("PM7304", "there is no structure", null, "Give files with crystals.")
            : new PolymorphException("PM7304", $"none of {_counts.Values.Sum()} structures can be used; the first: {_first.Message}", null, "Mend the input, or give elements and caps that hold it (--elements Mg=8,Mn=8,O=12).");
    }
}

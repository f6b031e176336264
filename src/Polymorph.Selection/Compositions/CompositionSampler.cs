using System.Collections.Immutable;
using Polymorph.Representations.CrystalImages;
using Polymorph.Selection.Metrics;
using Polymorph.Structures;
using Polymorph.Structures.Matching;

namespace Polymorph.Selection.Compositions;

/// <summary>What sampling gave.</summary>
/// <param name="Structures">Crystals in standard form, in the order of their draws; with candidates in that of their predicted energies within each batch.</param>
/// <param name="Funnel">What became of every draw.</param>
/// <param name="Undecided">Pairs that the matcher gave up at its limit; they count as different.</param>
public sealed record SamplingResult(ImmutableArray<Structure> Structures, Funnel Funnel, long Undecided)
{
    /// <summary>Draws made.</summary>
    public long Draws => Funnel.Generated;
}

/// <summary>Draws images of one composition until enough sound, different crystals are found or a limit is reached.</summary>
/// <remarks>Draws are judged in parallel and accepted in their order, or in that of their predicted energies, so the result does not depend on the number of threads.
/// The order of the checks: decoding, composition, cell and volume, distances, repeats, known crystals.</remarks>
public sealed class CompositionSampler
{
    /// <summary>Draws of one cell at a time, times the candidates.</summary>
    public const int Batch = 64;

    /// <summary>Draws made at once: refined draws take a while, and nobody should wait for more before a stop or a word of progress.</summary>
    public const int Chunk = 32;

    private readonly IConditionedImages _images;
    private readonly SamplingOptions _options;
    private readonly StructureMatcher _matcher;
    private readonly List<PreparedCrystal> _known;
    private readonly List<PreparedCrystal> _kept = [];
    private long _undecided;

    /// <summary>A sampler for one composition.</summary>
    /// <param name="images">Draws images.</param>
    /// <param name="options">What is wanted.</param>
    public CompositionSampler(IConditionedImages images, SamplingOptions options)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(options);
        if (options.Cells.IsDefaultOrEmpty)
        {
            throw new ArgumentException("there is no cell to draw", nameof(options));
        }

        (_images, _options, _matcher) = (images, options, new StructureMatcher(options.Matching));
        string formula = MetricCrystal.Reduced(images.Layout.CompositionOf(options.Cells[0].AsSpan()));
        _known = [.. options.Known.Where(k => MetricCrystal.Reduced(k.Composition) == formula).Select(_matcher.Prepare)];
    }

    /// <summary>Draws.</summary>
    /// <param name="progress">Told the crystals found and the draws made, from time to time; may be null.</param>
    /// <param name="cancellation">Stops between two batches.</param>
    /// <exception cref="OperationCanceledException">Stopped between two chunks.</exception>
    public SamplingResult Run(Action<int, long>? progress = null, CancellationToken cancellation = default)
    {
        var funnel = new Funnel();
        var found = ImmutableArray.CreateBuilder<Structure>();
        _kept.Clear();
        _undecided = 0;
        var layout = _images.Layout;
        int cells = _options.Cells.Length, batch = Batch * _options.Candidates;
        float[] images = new float[cells * batch * layout.Length], presence = new float[cells * batch * layout.AtomRows], energies = new float[cells * batch];
        var judged = new Judgement[cells * batch];
        for (long first = 0; found.Count < _options.Count && funnel.Generated < _options.MaxDraws; first += batch)
        {
            for (int done = 0; done < cells * batch; done += Chunk)
            {
                cancellation.ThrowIfCancellationRequested();
                progress?.Invoke(found.Count, funnel.Generated + done);
                _images.Draw(first + done % batch, Chunk, _options.Cells[done / batch].AsSpan(), images.AsSpan(done * layout.Length, Chunk * layout.Length), presence.AsSpan(done * layout.AtomRows, Chunk * layout.AtomRows), energies.AsSpan(done, Chunk));
            }

            int before = _kept.Count;
            Parallel.For(0, judged.Length, new ParallelOptions { MaxDegreeOfParallelism = _options.Threads }, turn =>
            {
                // Cells take turns: draw t of a batch belongs to cell t modulo the number of cells.
                int place = turn % cells * batch + turn / cells;
                judged[turn] = Judge(_options.Cells[turn % cells], images.AsSpan(place * layout.Length, layout.Length), presence.AsSpan(place * layout.AtomRows, layout.AtomRows), before) with { Energy = energies[place] };
            });
            Accept(judged, before, first, funnel, found);
            progress?.Invoke(found.Count, funnel.Generated);
        }

        return new SamplingResult(found.ToImmutable(), funnel, _undecided);
    }

    private void Accept(Judgement[] judged, int before, long first, Funnel funnel, ImmutableArray<Structure>.Builder found)
    {
        int draws = (int)Math.Min(judged.Length, _options.MaxDraws - funnel.Generated);
        int places = (judged.Take(draws).Count(j => j.Loss is null) + _options.Candidates - 1) / _options.Candidates;
        foreach (int turn in Ranked(judged, draws))
        {
            // With candidates the whole batch is compared; else drawing ends with the last crystal wanted.
            if (found.Count >= _options.Count && _options.Candidates == 1)
            {
                return;
            }

            var (crystal, prepared, loss, energy) = judged[turn];
            funnel.Enter();
            if (loss is null && (found.Count >= _options.Count || places == 0))
            {
                loss = LossReason.Outranked;
            }
            else if (loss is null && _options.Unique && Repeats(prepared!, before, _kept.Count) is var earlier and >= 0)
            {
                loss = new Loss(LossReason.Duplicate, earlier);
            }

            if (loss is { } reason)
            {
                funnel.Lose(reason);
                continue;
            }

            places--;
            _kept.Add(prepared!);
            var cell = _options.Cells[turn % _options.Cells.Length];
            var named = crystal!.WithProperty("cell", CellCompositions.Formula(cell, _images.Layout)).WithProperty("draw", first + turn / _options.Cells.Length);
            found.Add(float.IsFinite(energy) ? named.WithProperty("predicted_energy_above_hull", Math.Round(energy, 4)) : named);
        }
    }

    private IEnumerable<int> Ranked(Judgement[] judged, int draws) =>
        _options.Candidates == 1 ? Enumerable.Range(0, draws) : Enumerable.Range(0, draws).OrderBy(t => judged[t].Energy).ThenBy(t => t);

    private Judgement Judge(ImmutableArray<int> cell, ReadOnlySpan<float> drawn, ReadOnlySpan<float> presence, int kept)
    {
        var layout = _images.Layout;
        Span<double> image = new double[layout.Length];
        for (int i = 0; i < image.Length; i++)
        {
            image[i] = drawn[i];
        }

        Span<bool> present = new bool[layout.AtomRows];
        Present(image, presence, cell, present);
        var (structure, fault) = CrystalImage.Decode(image, layout, present, cell.AsSpan());
        if (structure is null)
        {
            return new Judgement(null, null, fault switch
            {
                ImageFault.NotFinite => LossReason.NotFinite,
                ImageFault.NoCell => LossReason.BadCell,
                ImageFault.ElementMissing => LossReason.MissingElement,
                _ => LossReason.WrongComposition,
            });
        }

        if (_options.Limits.Check(structure) is { } loss)
        {
            return new Judgement(null, null, loss);
        }

        var standard = StandardCrystal.Of(structure);
        var prepared = _matcher.Prepare(standard);
        return _options.Unique && Repeats(prepared, 0, kept) is var earlier and >= 0 ? new Judgement(null, null, new Loss(LossReason.Duplicate, earlier))
            : _known.FindIndex(k => Matches(k, prepared)) is var known and >= 0 ? new Judgement(null, null, new Loss(LossReason.Known, known))
            : new Judgement(standard, prepared, null);
    }

    private void Present(ReadOnlySpan<double> image, ReadOnlySpan<float> presence, ImmutableArray<int> cell, Span<bool> present)
    {
        if (_options.Presence == PresenceRule.RowSum)
        {
            CrystalImage.PresenceBySum(image, _images.Layout, present);
            return;
        }

        if (_options.Presence == PresenceRule.Classifier)
        {
            for (int row = 0; row < present.Length; row++)
            {
                present[row] = presence[row] > 0.5f;
            }

            return;
        }

        present.Clear();
        for (int block = 0; block < cell.Length; block++)
        {
            int start = _images.Layout.FirstRow(block) - CrystalImageLayout.CellRows, cap = _images.Layout.Blocks[block].Cap;
            var rows = presence.Slice(start, cap).ToArray();
            foreach (int row in Enumerable.Range(0, cap).OrderByDescending(r => rows[r]).ThenBy(r => r).Take(cell[block]))
            {
                present[start + row] = true;
            }
        }
    }

    private int Repeats(PreparedCrystal crystal, int from, int to)
    {
        for (int i = from; i < to; i++)
        {
            if (Matches(_kept[i], crystal))
            {
                return i;
            }
        }

        return -1;
    }

    private bool Matches(PreparedCrystal a, PreparedCrystal b)
    {
        if (a.SiteCount != b.SiteCount)
        {
            return false;
        }

        var verdict = _matcher.Fits(a, b);
        if (verdict == MatchVerdict.Undecided)
        {
            Interlocked.Increment(ref _undecided);
        }

        return verdict == MatchVerdict.Match;
    }

    private readonly record struct Judgement(Structure? Crystal, PreparedCrystal? Prepared, Loss? Loss, float Energy = float.NaN);
}

using Polymorph.Structures.Matching;

namespace Polymorph.Selection.Metrics;

/// <summary>A prediction that matches its reference.</summary>
/// <param name="Candidate">Number of the predicted structure.</param>
/// <param name="Reference">Number of the reference.</param>
/// <param name="Rms">Root mean square distance over (V/N)^(1/3); blind to strain and volume.</param>
/// <param name="Maximum">Largest distance of the same pairing.</param>
/// <param name="VolumeRatio">Volume per atom of the prediction over that of the reference.</param>
public sealed record PredictionMatch(int Candidate, int Reference, double Rms, double Maximum, double VolumeRatio)
{
    /// <summary>Matches a prediction with a reference.</summary>
    /// <param name="candidates">Predictions.</param>
    /// <param name="candidate">Number of the prediction.</param>
    /// <param name="references">References.</param>
    /// <param name="reference">Number of the reference.</param>
    /// <param name="matcher">The matcher.</param>
    /// <returns>Null when they do not match, or when the matcher gave up.</returns>
    public static PredictionMatch? Of(IReadOnlyList<MetricCrystal?> candidates, int candidate, IReadOnlyList<MetricCrystal> references, int reference, StructureMatcher matcher)
    {
        ArgumentNullException.ThrowIfNull(matcher);
        if (candidates[candidate] is not { } a || references[reference] is not { } b || a.ReducedFormula != b.ReducedFormula)
        {
            return null;
        }

        var match = matcher.RmsDistance(a.Prepared, b.Prepared);
        double ratio = a.Structure.Lattice!.Volume / a.Structure.AtomCount / (b.Structure.Lattice!.Volume / b.Structure.AtomCount);
        return match.Verdict == MatchVerdict.Match ? new PredictionMatch(candidate, reference, match.Rms!.Value, match.Maximum!.Value, ratio) : null;
    }
}

/// <summary>How many references were found, and how well.</summary>
/// <param name="Found">References with a match, of all references.</param>
/// <param name="Rmse">Mean root mean square distance of the best match of each reference found; NaN when none is.</param>
/// <param name="CappedRmse">cRMSE: mean over all references, misses counted as the site tolerance.</param>
/// <remarks>Match rate and RMSE: Jiao et al., arXiv 2309.04475; METRe and cRMSE: Martirossyan et al., arXiv 2509.12178.</remarks>
public sealed record PredictionRates(Rate Found, double Rmse, double CappedRmse)
{
    /// <summary>The rates of given matches.</summary>
    /// <param name="matches">All matches; of several of one reference the best counts.</param>
    /// <param name="references">Number of references.</param>
    /// <param name="siteTolerance">What a miss counts.</param>
    public static PredictionRates Of(IEnumerable<PredictionMatch> matches, int references, double siteTolerance)
    {
        double[] best = [.. matches.GroupBy(m => m.Reference).Select(g => g.Min(m => m.Rms))];
        return new PredictionRates(
            new Rate(best.Length, references),
            best.Length == 0 ? double.NaN : best.Average(),
            references == 0 ? double.NaN : (best.Sum() + siteTolerance * (references - best.Length)) / references);
    }

    /// <summary>The match of each prediction with its own reference.</summary>
    /// <param name="candidates">Predictions; null where nothing could be built.</param>
    /// <param name="targets">Number of the reference of each prediction; -1 for none.</param>
    /// <param name="references">References.</param>
    /// <param name="matcher">The matcher.</param>
    /// <param name="threads">How many threads.</param>
    /// <param name="tick">Called after each prediction, from any thread.</param>
    /// <param name="cancellation">Stops.</param>
    /// <returns>[candidates], null where there is no match.</returns>
    public static PredictionMatch?[] Pairwise(
        IReadOnlyList<MetricCrystal?> candidates, IReadOnlyList<int> targets, IReadOnlyList<MetricCrystal> references, StructureMatcher matcher, int threads, Action? tick = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(candidates);
        var matches = new PredictionMatch?[candidates.Count];
        Parallel.For(0, candidates.Count, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation }, i =>
        {
            matches[i] = targets[i] < 0 ? null : PredictionMatch.Of(candidates, i, references, targets[i], matcher);
            tick?.Invoke();
        });
        return matches;
    }

    /// <summary>METRe, "match everyone to reference": the best match of each reference among all predictions of the run.</summary>
    /// <param name="candidates">Predictions; null where nothing could be built.</param>
    /// <param name="references">References.</param>
    /// <param name="matcher">The matcher.</param>
    /// <param name="threads">How many threads.</param>
    /// <param name="tick">Called after each reference, from any thread.</param>
    /// <param name="cancellation">Stops.</param>
    /// <returns>[references], null where there is no match.</returns>
    public static PredictionMatch?[] Everyone(
        IReadOnlyList<MetricCrystal?> candidates, IReadOnlyList<MetricCrystal> references, StructureMatcher matcher, int threads, Action? tick = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(candidates);
        ArgumentNullException.ThrowIfNull(references);
        var byKind = Enumerable.Range(0, candidates.Count).Where(i => candidates[i] is not null).ToLookup(i => Kind(candidates[i]!));
        var matches = new PredictionMatch?[references.Count];
        Parallel.For(0, references.Count, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation }, r =>
        {
            foreach (int i in byKind[Kind(references[r])])
            {
                cancellation.ThrowIfCancellationRequested();
                if (PredictionMatch.Of(candidates, i, references, r, matcher) is { } match && !(match.Rms >= matches[r]?.Rms))
                {
                    matches[r] = match;
                }
            }

            tick?.Invoke();
        });
        return matches;

        // Crystals match only with equal proportions and equally many sites in the reduced cell.
        static (string, int) Kind(MetricCrystal crystal) => (crystal.ReducedFormula, crystal.Prepared.SiteCount);
    }
}

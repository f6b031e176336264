using Polymorph.Foundation;
using Polymorph.Representations.LocalDescriptors;

namespace Polymorph.Selection;

/// <summary>From many generated structures to one representative per cluster: screen, describe, project, cluster, pick. Memory grows by a few numbers per structure only.</summary>
/// <remarks>Method: Kovács et al., Mach. Learn.: Sci. Technol. 5 (2024) 035079, section 2.3. Structures are handled in waves of fixed chunks: chunks in parallel,
/// everything that depends on order one after the other, so that the number of threads never changes the result.</remarks>
public sealed class StreamedSelection
{
    private const byte Passed = 0xFF;

    private readonly int _count;
    private readonly DescriptorWaves _waves;
    private readonly StreamedSelectionOptions _options;
    private readonly byte[] _losses;
    private readonly List<float[]> _keptRows = [];

    private StreamedSelection(int count, DescriptorWaves waves, StreamedSelectionOptions options)
    {
        (_count, _waves, _options) = (count, waves, options);
        _losses = new byte[count];
        Array.Fill(_losses, Passed);
    }

    /// <summary>Selects representatives.</summary>
    /// <param name="count">Number of structures.</param>
    /// <param name="source">Makes a source for one thread; every source gives the same structures.</param>
    /// <param name="descriptor">Makes a describer for one thread.</param>
    /// <param name="options">Settings; by default those of the study.</param>
    /// <param name="cancellation">Stops between waves.</param>
    /// <exception cref="PolymorphException">PM5003: no structure is left before the clustering. PM5001, PM5002: a descriptor is not a finite number.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static SelectionResult Run(
        int count, Func<IStructureSource> source, Func<StructuralDescriptor> descriptor, StreamedSelectionOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(descriptor);
        options ??= new StreamedSelectionOptions();
        using var waves = new DescriptorWaves(source, descriptor, options.Threads);
        return new StreamedSelection(count, waves, options).Select(cancellation);
    }

    private SelectionResult Select(CancellationToken cancellation)
    {
        var covariance = Accumulate(cancellation);
        int[] survivors = [.. Enumerable.Range(0, _count).Where(i => _losses[i] == Passed)];
        if (survivors.Length == 0)
        {
            throw new PolymorphException("PM5003", $"none of {_count} structures is left to choose from", null,
                $"Losses: {FunnelOf().ToString().ReplaceLineEndings("; ")}Train longer or loosen the checks.", ExitCode.NothingSurvived);
        }

        // No more structures than clusters: each stands for itself, and one alone has no spread to project.
        if (survivors.Length <= _options.Clustering.Clusters)
        {
            return new SelectionResult(FunnelOf(), survivors, [], null, null, survivors, _losses);
        }

        var components = PrincipalComponents.Of(covariance, _options.Components);
        double[] points = Project(components, survivors, cancellation);
        var clustering = KMeans.Cluster(points, components.Count, _options.Clustering);
        int[] picks = [.. clustering.NearestPoints(points).Distinct().Select(p => survivors[p])];
        foreach (int lost in survivors.Except(picks))
        {
            _losses[lost] = (byte)LossReason.NotRepresentative;
        }

        return new SelectionResult(FunnelOf(), survivors, points, components, clustering, picks, _losses);
    }

    private CovarianceAccumulator Accumulate(CancellationToken cancellation)
    {
        var covariance = new CovarianceAccumulator(_waves.Width);
        var duplicates = _options.DuplicateTolerance is { } tolerance ? new DuplicateFilter(_waves.Width, tolerance) : null;
        long room = _options.DescriptorBytes / sizeof(float);
        _waves.ForEach(_count, Wanted, (index, row) =>
        {
            string key = _options.Key?.Invoke(index) ?? "";
            if (duplicates?.FindOrAdd(key, row) is not null)
            {
                _losses[index] = (byte)LossReason.Duplicate;
                return;
            }

            if (_options.Known?.Find(key, row) is not null)
            {
                _losses[index] = (byte)LossReason.Known;
                return;
            }

            covariance.Add(row);
            if (covariance.Count * _waves.Width <= room)
            {
                _keptRows.Add(row.ToArray());
            }
            else
            {
                _keptRows.Clear();
            }
        }, cancellation);
        return covariance;

        bool Wanted(int index, ReadOnlySpan<float> positions)
        {
            if (_options.Screen?.Invoke(index, positions) is { } reason)
            {
                _losses[index] = (byte)reason;
                return false;
            }

            return true;
        }
    }

    private double[] Project(PrincipalComponents components, int[] survivors, CancellationToken cancellation)
    {
        var points = new double[survivors.Length * components.Count];
        int done = 0;
        if (_keptRows.Count == survivors.Length)
        {
            _keptRows.ForEach(row => Next(row));
            _keptRows.Clear();
        }
        else
        {
            _keptRows.Clear();
            _waves.ForEach(_count, (index, _) => _losses[index] == Passed, (_, row) => Next(row), cancellation);
        }

        return points;

        void Next(ReadOnlySpan<float> row) => components.Project(row, points.AsSpan(done++ * components.Count, components.Count));
    }

    private Funnel FunnelOf()
    {
        var funnel = new Funnel();
        funnel.Enter(_count);
        for (int i = 0; i < _count; i++)
        {
            if (_losses[i] != Passed)
            {
                var reason = (LossReason)_losses[i];
                funnel.Lose(StageOf(reason), reason);
            }
        }

        return funnel;
    }

    private static FunnelStage StageOf(LossReason reason) => reason switch
    {
        LossReason.NotDecoded => FunnelStage.Decoded,
        LossReason.Duplicate => FunnelStage.Distinct,
        LossReason.Known => FunnelStage.Novel,
        LossReason.NotRepresentative => FunnelStage.Selected,
        _ => FunnelStage.GeometryOk,
    };
}

using System.Globalization;
using Polymorph.Foundation;
using Polymorph.Representations.LocalDescriptors;
using Polymorph.Selection.Coverage;

namespace Polymorph.Selection;

/// <summary>From many generated structures to a few representatives: screen, describe, drop duplicates, project, cluster, pick. Memory grows by a few numbers per structure only.</summary>
/// <remarks>Method: Kovács et al., Mach. Learn.: Sci. Technol. 5 (2024) 035079, section 2.3. Structures are handled in waves of fixed chunks: chunks in parallel,
/// everything that depends on order one after the other, so that neither the number of threads nor a restart changes the result. Held in memory: 5 bytes per structure
/// for its fate; about 100 per different structure to recognise repeats; 8 per coordinate of a projected point, and about 50 while points are clustered.</remarks>
public sealed class StreamedSelection : IDisposable
{
    /// <summary>The fate of a structure that is not lost.</summary>
    internal const byte Passed = 0xFF;

    private readonly int _count;
    private readonly Func<IStructureSource> _source;
    private readonly DescriptorWaves _waves;
    private readonly StreamedSelectionOptions _options;
    private readonly byte[] _losses;
    private readonly int[] _details;
    private readonly SelectionJournal? _journal;
    private readonly SpillingRows? _spilling;
    private readonly CovarianceAccumulator _covariance;

    // Which structure each kept descriptor belongs to.
    private readonly List<int> _owners = [];
    private IRowStore? _rows;
    private DuplicateFilter? _duplicates;

    private StreamedSelection(int count, Func<IStructureSource> source, DescriptorWaves waves, StreamedSelectionOptions options)
    {
        (_count, _source, _waves, _options) = (count, source, waves, options);
        (_losses, _details) = (new byte[count], new int[count]);
        Array.Fill(_losses, Passed);
        Array.Fill(_details, -1);
        _covariance = new CovarianceAccumulator(waves.Width);
        _journal = options.JournalFile is { } file ? SelectionJournal.Open(file, Settings(), waves.Width) : null;
        _spilling = _journal is null && options.DuplicateTolerance is not null ? new SpillingRows(waves.Width, options.DescriptorBytes) : null;
        _rows = (IRowStore?)_journal ?? (IRowStore?)_spilling ?? new MemoryRows();
    }

    /// <summary>Selects representatives.</summary>
    /// <param name="count">Number of structures.</param>
    /// <param name="source">Makes a source for one thread; every source gives the same structures.</param>
    /// <param name="descriptor">Makes a describer for one thread.</param>
    /// <param name="options">Settings; by default those of the study.</param>
    /// <param name="cancellation">Stops between waves; with a journal the same call goes on.</param>
    /// <exception cref="PolymorphException">PM5003: no structure is left before the clustering. PM5001, PM5002: a descriptor is not a finite number. PM5004, PM5005: the journal.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static SelectionResult Run(
        int count, Func<IStructureSource> source, Func<StructuralDescriptor> descriptor, StreamedSelectionOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(descriptor);
        options ??= new StreamedSelectionOptions();
        using var waves = new DescriptorWaves(source, descriptor, options.Threads);
        using var selection = new StreamedSelection(count, source, waves, options);
        return selection.Select(cancellation);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _journal?.Dispose();
        _spilling?.Dispose();
    }

    private SelectionResult Select(CancellationToken cancellation)
    {
        Accumulate(cancellation);
        int[] survivors = [.. Enumerable.Range(0, _count).Where(i => _losses[i] == Passed)];
        if (survivors.Length == 0)
        {
            var nothing = Result([], [], null, null, []);
            _options.NothingLeft?.Invoke(nothing);
            throw new PolymorphException("PM5003", $"none of {_count} structures is left to choose from", null,
                $"Losses: {nothing.Funnel.ToString().ReplaceLineEndings("; ")}Train longer or loosen the checks.", ExitCode.NothingSurvived);
        }

        // No more structures than clusters: each stands for itself, and one alone has no spread to project.
        if (survivors.Length <= _options.Clustering.Clusters)
        {
            return Result(survivors, [], null, null, survivors);
        }

        var components = PrincipalComponents.Of(_covariance, _options.Components);
        double[] points = Project(components, survivors, cancellation);
        var chosen = RepresentativeChoice.Of(_options.Representatives, points, components.Count, _options.Clustering, () => Topologies(survivors, cancellation));
        for (int i = 0; i < survivors.Length; i++)
        {
            if (chosen.StandsFor[i] is var pick && pick != i)
            {
                (_losses[survivors[i]], _details[survivors[i]]) = ((byte)LossReason.NotRepresentative, survivors[pick]);
            }
        }

        return Result(survivors, points, components, chosen.Clustering, [.. chosen.Picks.Select(p => survivors[p])]);
    }

    private SelectionResult Result(int[] survivors, double[] points, PrincipalComponents? components, Clustering? clustering, int[] picks) =>
        new(survivors, points, components, clustering, picks, _losses, _details);

    private void Accumulate(CancellationToken cancellation)
    {
        _journal?.Replay(_losses, _details, Passed, (index, row) =>
        {
            _duplicates ??= NewFilter(DuplicateFilter.RandomVectors(_waves.Width));
            _duplicates?.Register(_options.Key?.Invoke(index) ?? "", row);
            _owners.Add(index);
            if (_losses[index] == Passed)
            {
                _covariance.Add(row);
            }
        });
        _waves.ForEach(_journal?.Done ?? 0, _count, Wanted, wave =>
        {
            _duplicates ??= NewFilter(Axes(wave));
            wave.ForEach(Take);
            _journal?.Append(wave.First, _losses.AsSpan(wave.First, wave.End - wave.First), _details.AsSpan(wave.First, wave.End - wave.First));
        }, cancellation);
    }

    private bool Wanted(int index, ReadOnlySpan<float> positions)
    {
        if (_options.Screen?.Invoke(index, positions) is { } loss)
        {
            (_losses[index], _details[index]) = ((byte)loss.Reason, loss.Detail);
            return false;
        }

        return true;
    }

    private void Take(int index, ReadOnlySpan<float> row)
    {
        string key = _options.Key?.Invoke(index) ?? "";
        if (_duplicates?.FindOrAdd(key, row) is { } first)
        {
            (_losses[index], _details[index]) = ((byte)LossReason.Duplicate, _owners[first]);
            return;
        }

        if (_duplicates is null)
        {
            KeepRow(row);
        }

        _owners.Add(index);
        if (_options.Known?.Find(key, row) is { } known)
        {
            (_losses[index], _details[index]) = ((byte)LossReason.Known, known);
            return;
        }

        _covariance.Add(row);
    }

    // Without repeats to be recognised the descriptors are a convenience: they are made again when they do not fit.
    private void KeepRow(ReadOnlySpan<float> row)
    {
        if (_journal is null && (_rows?.Count + 1L) * _waves.Width * sizeof(float) > _options.DescriptorBytes)
        {
            _rows = null;
        }

        _rows?.Add(row);
    }

    private DuplicateFilter? NewFilter(IEnumerable<IReadOnlyList<double>> axes) =>
        _options.DuplicateTolerance is { } tolerance ? new DuplicateFilter(_waves.Width, tolerance, _rows!, axes) : null;

    /// <summary>Axes along which the first structures differ most: with them few pairs that are no repeats lie in neighbouring cells.</summary>
    private static IEnumerable<IReadOnlyList<double>> Axes(DescriptorWaves.Wave wave)
    {
        var first = new CovarianceAccumulator(wave.Width);
        bool finite = true;
        wave.ForEach((_, row) =>
        {
            foreach (float x in row)
            {
                finite &= float.IsFinite(x);
            }

            first.Add(row);
        });
        return finite && first.Count > 2 * wave.Width ? PrincipalComponents.Of(first, Math.Min(12, wave.Width)).Axes : DuplicateFilter.RandomVectors(wave.Width);
    }

    private double[] Project(PrincipalComponents components, int[] survivors, CancellationToken cancellation)
    {
        double[] points = new double[survivors.Length * components.Count];
        int done = 0;
        if (_rows is not null)
        {
            float[] row = new float[_waves.Width];
            for (int r = 0; r < _owners.Count; r++)
            {
                if (_losses[_owners[r]] == Passed)
                {
                    _rows.Read(r, row);
                    Next(row);
                }
            }
        }
        else
        {
            _waves.ForEach(0, _count, (index, _) => _losses[index] == Passed, wave => wave.ForEach((_, row) => Next(row)), cancellation);
        }

        return points;

        void Next(ReadOnlySpan<float> row) => components.Project(row, points.AsSpan(done++ * components.Count, components.Count));
    }

    /// <summary>The topology of each survivor as a number.</summary>
    private ulong[] Topologies(int[] survivors, CancellationToken cancellation)
    {
        var topology = _options.Topology ?? throw new InvalidOperationException("representatives by topology need to be told what that is");
        ulong[] keys = new ulong[survivors.Length];
        Parallel.For(0, (survivors.Length + 255) / 256, new ParallelOptions { MaxDegreeOfParallelism = _options.Threads, CancellationToken = cancellation },
            () => (Source: _source(), Positions: new float[3 * _options.AtomCount]),
            (chunk, _, own) =>
            {
                for (int i = chunk * 256; i < Math.Min(survivors.Length, (chunk + 1) * 256); i++)
                {
                    own.Source.Fill(survivors[i], 1, own.Positions);
                    keys[i] = topology(survivors[i], own.Positions);
                }

                return own;
            },
            _ => { });
        return keys;
    }

    // What else the fates depend on is the caller's to name.
    private string Settings() => string.Create(CultureInfo.InvariantCulture, $"{_options.JournalSettings}\n{_count} structures, duplicates within {_options.DuplicateTolerance:R}");
}

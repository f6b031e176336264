using System.Globalization;
using Polymorph.Foundation;
using Polymorph.Structures;
using Polymorph.Structures.Formats;

namespace Polymorph.Studies.Data;

/// <summary>What came of one provider.</summary>
/// <param name="Query">What was asked.</param>
/// <param name="Files">Files of the pages that have entries, in order.</param>
/// <param name="Entries">Distinct entries on them, at most the limit.</param>
/// <param name="Fetched">Pages that this call fetched; the others were there.</param>
/// <param name="Complete">True when there is no more, or the limit is reached.</param>
/// <param name="Note">Why it is not complete, or what the user should know; null when there is nothing to say.</param>
public sealed record OptimadeResult(OptimadeQuery Query, IReadOnlyList<string> Files, long Entries, int Fetched, bool Complete, string? Note);

/// <summary>Fetches structures of OPTIMADE providers, page by page, into a folder that a later call goes on from.</summary>
public static class OptimadeFetch
{
    /// <summary>Fetches what a query asks for. Whatever goes wrong after the first page, what has come is the result, with a note.</summary>
    /// <param name="query">The query.</param>
    /// <param name="cacheFolder">Folder that keeps the pages.</param>
    /// <param name="options">Limits.</param>
    /// <param name="refresh">True to fetch again what is there.</param>
    /// <param name="note">Takes lines about progress.</param>
    /// <param name="cancellation">Stops; the same call goes on later.</param>
    /// <exception cref="PolymorphException">PM7204, PM7205, PM7001: the folder cannot be used.</exception>
    /// <exception cref="OperationCanceledException">Cancelled by the user.</exception>
    public static OptimadeResult Run(OptimadeQuery query, string cacheFolder, OptimadeFetchOptions options, bool refresh, Action<string> note, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(note);
        using var cache = OptimadePageCache.Open(cacheFolder, query);
        if (refresh)
        {
            cache.Clear();
        }

        using var client = new OptimadeClient(options, query.Endpoint.IsLoopback, note);
        using var time = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        time.CancelAfter(options.TimeLimit);
        return new Walk(query, cache, client, options, note).RunAsync(time.Token, cancellation).GetAwaiter().GetResult();
    }

    /// <summary>Fetches from several providers, one after the other; those that fail do not stop the others.</summary>
    /// <param name="queries">One for each provider.</param>
    /// <param name="cacheFolder">Folder that keeps the pages.</param>
    /// <param name="options">Limits; the time is that of each provider.</param>
    /// <param name="refresh">True to fetch again what is there.</param>
    /// <param name="note">Takes lines about progress.</param>
    /// <param name="cancellation">Stops; the same call goes on later.</param>
    /// <exception cref="PolymorphException">PM7202: not one entry came, and a provider failed; PM7203: nothing matches; those of <see cref="Run"/>.</exception>
    public static IReadOnlyList<OptimadeResult> RunAll(
        IEnumerable<OptimadeQuery> queries, string cacheFolder, OptimadeFetchOptions options, bool refresh, Action<string> note, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(queries);
        var results = queries.Select(q => Run(q, cacheFolder, options, refresh, note, cancellation)).ToList();
        if (results.TrueForAll(r => r.Entries == 0))
        {
            throw results.Find(r => !r.Complete) is { } failed
                ? new PolymorphException("PM7202", $"nothing could be fetched: {failed.Note}", failed.Query.Endpoint.ToString(), "Check the address and the filter, or try again later.", ExitCode.EngineFailed)
                : new PolymorphException("PM7203", "no structure matches the filter", results.FirstOrDefault()?.Query.Endpoint.ToString(), "Ask for less; filters look like: elements HAS \"Si\" AND nelements=2", ExitCode.NothingSurvived);
        }

        return results;
    }

    /// <summary>The entries of results, every one once, at most as many of each as its limit says; structures name their origin in the value <c>source</c>.</summary>
    /// <param name="results">Results of <see cref="Run"/>.</param>
    /// <param name="reading">Limits of reading.</param>
    public static IEnumerable<ReadResult> Read(IEnumerable<OptimadeResult> results, ReadOptions reading)
    {
        ArgumentNullException.ThrowIfNull(results);
        foreach (var result in results)
        {
            var seen = new HashSet<string>(StringComparer.Ordinal);
            long left = result.Entries;
            foreach (var entry in result.Files.SelectMany(file => StructureReader.Read(file, reading with { Format = StructureFormat.Json })))
            {
                string? id = entry.Structure?.Properties.GetValueOrDefault("id") as string;
                if (id is not null && !seen.Add(id))
                {
                    continue;
                }

                if (left-- == 0)
                {
                    break;
                }

                yield return entry.Structure is { } structure ? new ReadResult(structure.WithProperty("source", $"{result.Query.Endpoint}/{id}"), null) : entry;
            }
        }
    }

    /// <summary>One walk from page to page.</summary>
    private sealed class Walk(OptimadeQuery query, OptimadePageCache cache, OptimadeClient client, OptimadeFetchOptions options, Action<string> note)
    {
        private readonly HashSet<string> _ids = new(StringComparer.Ordinal);
        private readonly HashSet<Uri> _visited = [];
        private readonly List<string> _files = [];
        private int _pages;
        private int _fetched;

        private long Entries => Math.Min(_ids.Count, options.Limit ?? long.MaxValue);

        public async Task<OptimadeResult> RunAsync(CancellationToken time, CancellationToken user)
        {
            var address = query.FirstPage((int)Math.Min(options.PageSize, Math.Max(1, options.Limit ?? int.MaxValue)));
            int fruitless = 0;
            while (_visited.Add(address))
            {
                OptimadePage page;
                try
                {
                    page = await PageAsync(address, time).ConfigureAwait(false);
                }
                catch (WrongPageException e)
                {
                    return Partial(e.Message);
                }
                catch (OperationCanceledException) when (!user.IsCancellationRequested)
                {
                    return Partial(string.Create(CultureInfo.InvariantCulture, $"the time limit of {options.TimeLimit.TotalSeconds:0.#} s was reached"));
                }

                int before = _ids.Count;
                _ids.UnionWith(page.Ids);
                fruitless = _ids.Count == before ? fruitless + 1 : 0;
                note(string.Create(CultureInfo.InvariantCulture, $"{query.Endpoint.Host}: {Entries}{(page.Matching is { } all ? $" of {all}" : "")} entries"));
                if (Entries == options.Limit)
                {
                    return new OptimadeResult(query, _files, Entries, _fetched, Complete: true, null);
                }

                if (page.Next is null)
                {
                    return page.MoreAvailable ? Partial("the provider says that there is more, but not where")
                        : page.Matching > _ids.Count ? Partial(string.Create(CultureInfo.InvariantCulture, $"the provider says that {page.Matching} entries match, but gave {_ids.Count}"))
                        : new OptimadeResult(query, _files, Entries, _fetched, Complete: true, null);
                }

                if (fruitless == options.FruitlessPages)
                {
                    return Partial(string.Create(CultureInfo.InvariantCulture, $"{fruitless} pages brought nothing new"));
                }

                var (next, refusal) = query.Follow(address, page.Next);
                if (next is null)
                {
                    return Partial(refusal!);
                }

                address = next;
            }

            return Partial("the links to next pages form a ring");
        }

        private async Task<OptimadePage> PageAsync(Uri address, CancellationToken time)
        {
            int index = _pages++;
            var page = cache.Find(index, options.LargestPage);
            if (page is null)
            {
                (byte[] bytes, page) = await client.PageAsync(address, time).ConfigureAwait(false);
                cache.Keep(index, bytes);
                _fetched++;
            }

            if (page.Ids.Count > 0)
            {
                _files.Add(cache.FileOf(index));
            }

            return page;
        }

        private OptimadeResult Partial(string why) => new(query, _files, Entries, _fetched, Complete: false, why);
    }
}

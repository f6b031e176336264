using System.Diagnostics;
using Polymorph.Foundation;
using Polymorph.Structures.Formats;
using Polymorph.Studies.Data;
using Polymorph.Testing;
using Xunit;

namespace Polymorph.Studies.Tests;

/// The client against a server of its own that follows the specification, and against everything that servers do instead.
public sealed class OptimadeFetchTests : IDisposable
{
    private static readonly OptimadeFetchOptions Fast = new() { PageSize = 10, FirstPause = TimeSpan.FromMilliseconds(1), IdleLimit = TimeSpan.FromSeconds(20), TimeLimit = TimeSpan.FromMinutes(2) };

    private readonly TemporaryFolder _folder = new();
    private readonly OptimadeServer _server = new(25);

    public void Dispose()
    {
        _server.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("https://example.org/optimade", "https://example.org/optimade/v1/structures")]
    [InlineData("https://example.org/optimade/", "https://example.org/optimade/v1/structures")]
    [InlineData("https://example.org/v1", "https://example.org/v1/structures")]
    [InlineData("http://example.org:5000/api/v1.2/structures", "http://example.org:5000/api/v1.2/structures")]
    [InlineData("http://[::1]:80/x?y=1#z", "http://[::1]/x/v1/structures")]
    public void AddressesAreCompleted(string provider, string endpoint) => Assert.Equal(endpoint, OptimadeQuery.Of(provider).Endpoint.ToString());

    [Theory]
    [InlineData("example.org")]
    [InlineData("ftp://example.org")]
    [InlineData("file:///etc/passwd")]
    [InlineData("https://user:secret@example.org")]
    [InlineData("")]
    public void WhatIsNoAddressIsRefused(string provider) => Assert.Equal("PM7201", Assert.Throws<PolymorphException>(() => OptimadeQuery.Of(provider)).Code);

    [Fact]
    public void FiltersAndFieldsAreEncoded()
    {
        string first = OptimadeQuery.Of(_server.Url, " elements HAS \"Si\" & x ", ["_exmpl_gap"]).FirstPage(7).AbsoluteUri;
        Assert.Contains("filter=elements%20HAS%20%22Si%22%20%26%20x&page_limit=7&", first, StringComparison.Ordinal);
        Assert.EndsWith("%2C_exmpl_gap", first, StringComparison.Ordinal);
        Assert.Contains("cartesian_site_positions", first, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void PagesAreFollowedToTheEndAndNeverFetchedTwice(bool compress)
    {
        _server.Compress = compress;
        var result = Fetch();
        Assert.Equal((25L, 3, true, null), (result.Entries, result.Fetched, result.Complete, result.Note));
        var structures = Structures(result);
        Assert.Equal(Enumerable.Range(0, 25).Select(i => $"s{i}"), structures.Select(s => s.Properties["id"]));
        Assert.Equal(4.024, structures[24].Lattice!.A.X);
        Assert.Equal(24.5, structures[24].Properties["_exmpl_gap"]);
        Assert.EndsWith("/v1/structures/s24", (string)structures[24].Properties["source"], StringComparison.Ordinal);

        var again = Fetch();
        Assert.Equal((25L, 0, true), (again.Entries, again.Fetched, again.Complete));
        Assert.Equal(3, _server.Requests.Count);
        Assert.Equal(3, Fetch(refresh: true).Fetched);
        Assert.Equal(6, _server.Requests.Count);
    }

    [Fact]
    public void ALimitEndsEarlyAndMayBeRaisedLater()
    {
        var some = Fetch(Fast with { Limit = 12 });
        Assert.Equal((12L, 2, true), (some.Entries, some.Fetched, some.Complete));
        Assert.Equal(12, Structures(some).Count);
        var all = Fetch();
        Assert.Equal((25L, 1), (all.Entries, all.Fetched));
        Assert.Equal(3, _server.Requests.Distinct().Count());
        Assert.Equal(3, Structures(Fetch(Fast with { Limit = 3 })).Count);
    }

    [Theory]
    [InlineData(429, "Retry-After: 0\r\n")]
    [InlineData(503, "Retry-After: Wed, 21 Oct 2015 07:28:00 GMT\r\n")]
    [InlineData(500, "")]
    [InlineData(504, "Retry-After: nonsense\r\n")]
    public void BusyServersAreAskedAgain(int status, string headers)
    {
        _server.Fault = (number, _) => number is 2 or 3 ? new OptimadeReply(status, "busy", headers) : null;
        Assert.Equal((25L, true), (Fetch().Entries, true));
        Assert.Equal(5, _server.Requests.Count);
    }

    [Theory]
    [InlineData(50)]
    [InlineData(0)]
    [InlineData(2000)]
    public void CutConnectionsAreTriedAgain(int bytes)
    {
        _server.Fault = (number, target) => number == 2 ? new OptimadeReply(200, _server.Page(target), CutAfter: bytes) : null;
        var result = Fetch();
        Assert.Equal((25L, true), (result.Entries, result.Complete));
        Assert.Equal(4, _server.Requests.Count);
    }

    [Fact]
    public void WhatIsNotJsonIsTriedAgainAndThenGivenUpWithWhatCame()
    {
        _server.Fault = (number, _) => number > 2 ? new OptimadeReply(200, "<html>maintenance</html>") : null;
        var result = Fetch();
        Assert.Equal((20L, 2, false), (result.Entries, result.Fetched, result.Complete));
        Assert.Contains("not JSON", result.Note, StringComparison.Ordinal);
        Assert.Equal(2 + Fast.Attempts, _server.Requests.Count);
        Assert.Equal(20, Structures(result).Count);

        // The same call goes on from there.
        _server.Fault = (_, _) => null;
        var rest = Fetch();
        Assert.Equal((25L, 1, true), (rest.Entries, rest.Fetched, rest.Complete));
    }

    [Theory]
    [InlineData("{\"meta\":{}}", "no list 'data'")]
    [InlineData("{\"data\":{\"id\":\"x\"}}", "no list 'data'")]
    [InlineData("[]", "no list 'data'")]
    [InlineData("{\"data\":[{\"type\":\"structures\"}]}", "no id")]
    [InlineData("{\"data\":[3]}", "no id")]
    [InlineData("{\"data\":[{\"id\":\"\\ud800\"}]}", "not Unicode")]
    [InlineData("{\"errors\":[{\"detail\":\"no\\u0007such field\"}]}", "no such field")]
    [InlineData("{\"data\":[],\"meta\":{\"more_data_available\":true}}", "but not where")]
    [InlineData("{\"data\":[],\"links\":{\"next\":\"file:///etc/passwd\"}}", "no address of the web")]
    [InlineData("{\"data\":[],\"links\":{\"next\":\"http://localhost.invalid/x\"}}", "another host")]
    public void WrongPagesEndWithWhatCame(string body, string why)
    {
        _server.Fault = (number, _) => number == 2 ? new OptimadeReply(200, body) : null;
        var result = Fetch();
        Assert.Equal((10L, false), (result.Entries, result.Complete));
        Assert.Contains(why, result.Note, StringComparison.Ordinal);
        Assert.Equal(2, _server.Requests.Count);
        Assert.Equal(10, Structures(result).Count);
    }

    [Fact]
    public void RepeatedLinksAreNoEndlessLoop()
    {
        string? first = null;
        OptimadeReply Right(string target)
        {
            first ??= target;
            return new OptimadeReply(200, _server.Page(target));
        }

        _server.Fault = (number, target) => number == 2 ? new OptimadeReply(200, WithNext(_server.Page(target), first!)) : Right(target);
        var ring = Fetch();
        Assert.Equal((20L, 2, false), (ring.Entries, ring.Fetched, ring.Complete));
        Assert.Contains("ring", ring.Note, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"data\":[],\"links\":{\"next\":\"structures?page_offset=NUMBER\"}}", 0)]
    [InlineData("{\"data\":[ENTRY],\"links\":{\"next\":\"structures?page_offset=NUMBER\"}}", 1)]
    public void PagesThatBringNothingNewAreNoEndlessLoop(string body, int entries)
    {
        _server.Fault = (number, _) => new OptimadeReply(200, body.Replace("NUMBER", $"{number}", StringComparison.Ordinal).Replace("ENTRY", OptimadeServer.Entry(7), StringComparison.Ordinal));
        var result = Fetch();
        Assert.Equal((entries, false), ((int)result.Entries, result.Complete));
        Assert.Equal(Fast.FruitlessPages + entries, _server.Requests.Count);
        Assert.Equal(entries, Structures(result).Count); // the same entry on several pages comes once
    }

    [Fact]
    public void AGiantPageEndsWithWhatCame()
    {
        _server.Fault = (number, _) => number == 2 ? new OptimadeReply(200, "{\"data\":[", Endless: true) : null;
        long before = GC.GetTotalAllocatedBytes();
        var result = Fetch(Fast with { LargestPage = 1 << 20 });
        Assert.True(GC.GetTotalAllocatedBytes() - before < 64 << 20); // a page of at most 1 MiB, buffers that double
        Assert.Equal((10L, false), (result.Entries, result.Complete));
        Assert.Contains("more than 1048576 bytes", result.Note, StringComparison.Ordinal);
    }

    [Fact]
    public void SilentServersAreGivenUp()
    {
        _server.Fault = (number, _) => number > 1 ? new OptimadeReply(200, "", Delay: TimeSpan.FromMinutes(5)) : null;
        var clock = Stopwatch.StartNew();
        var result = Fetch(Fast with { IdleLimit = TimeSpan.FromSeconds(0.2), Attempts = 2 });
        Assert.Equal((10L, false), (result.Entries, result.Complete));
        Assert.Contains("nothing came", result.Note, StringComparison.Ordinal);
        Assert.True(clock.Elapsed < TimeSpan.FromMinutes(1)); // half a second, on a machine however busy; the server would wait five minutes
    }

    [Fact]
    public void TheTimeOfAProviderIsLimited()
    {
        _server.Fault = (number, _) => number > 1 ? new OptimadeReply(200, "{", Endless: true) : null;
        var result = Fetch(Fast with { TimeLimit = TimeSpan.FromSeconds(2), LargestPage = 1 << 30 });
        Assert.Equal((10L, false), (result.Entries, result.Complete));
        Assert.Contains("time limit", result.Note, StringComparison.Ordinal);
        _server.Fault = (number, _) => new OptimadeReply(429, "", "Retry-After: 3600\r\n"); // a pause does not outlast the limit
        Assert.Contains("time limit", Fetch(Fast with { TimeLimit = TimeSpan.FromSeconds(0.5) }).Note, StringComparison.Ordinal);
    }

    [Fact]
    public void WhereNothingComesThereIsAnError()
    {
        _server.Fault = (_, _) => new OptimadeReply(400, "{\"errors\":[{\"status\":\"400\",\"detail\":\"bad filter\"}]}");
        var error = Assert.Throws<PolymorphException>(() => FetchAll(_server.Url));
        Assert.Equal(("PM7202", ExitCode.EngineFailed), (error.Code, error.ExitCode));
        Assert.Contains("status 400: bad filter", error.Reason, StringComparison.Ordinal);
        Assert.Single(_server.Requests); // asking again would not help

        string closed;
        using (var empty = new OptimadeServer(0))
        {
            closed = empty.Url;
            Assert.Equal(("PM7203", ExitCode.NothingSurvived), Code(() => FetchAll(closed)));
        }

        Assert.Equal(("PM7202", ExitCode.EngineFailed), Code(() => FetchAll(closed, Path.Combine(_folder.Path, "other"))));
    }

    [Fact]
    public void OneProviderThatFailsDoesNotStopTheOthers()
    {
        _server.Fault = (_, _) => new OptimadeReply(404, "");
        using var other = new OptimadeServer(3);
        var results = OptimadeFetch.RunAll([OptimadeQuery.Of(_server.Url), OptimadeQuery.Of(other.Url)], _folder.Path, Fast, false, _ => { }, TestContext.Current.CancellationToken);
        Assert.Equal([false, true], results.Select(r => r.Complete));
        Assert.Equal(3, OptimadeFetch.Read(results, new ReadOptions()).Count(r => r.Structure is not null));
    }

    [Fact]
    public void BadEntriesAreSetAside()
    {
        _server.Fault = (number, target) => number == 1 ? new OptimadeReply(200, _server.Page(target).Replace("\"id\":\"s3\",\"type\":\"structures\",\"attributes\":{\"dimension_types\":[1,1,1]", "\"id\":\"s3\",\"type\":\"structures\",\"attributes\":{\"dimension_types\":[1,1,3]", StringComparison.Ordinal)) : null;
        var entries = OptimadeFetch.Read([Fetch()], new ReadOptions()).ToList();
        Assert.Equal(25, entries.Count);
        var rejection = Assert.Single(entries, e => e.Rejection is not null).Rejection!;
        Assert.Equal(("PM2603", 4L), (rejection.Code, rejection.Line));
    }

    [Fact]
    public void ADamagedPageIsFetchedAgain()
    {
        var result = Fetch();
        File.WriteAllText(result.Files[1], File.ReadAllText(result.Files[1])[..500]);
        var again = Fetch();
        Assert.Equal((25L, 1, true), (again.Entries, again.Fetched, again.Complete));
    }

    [Fact]
    public void ASecondProcessIsTurnedAway()
    {
        var query = OptimadeQuery.Of(_server.Url);
        using var first = OptimadePageCache.Open(_folder.Path, query);
        Assert.Equal(("PM7204", ExitCode.Usage), Code(() => Fetch()));
        string file = _folder.Write("file", "");
        Assert.Equal("PM7205", Code(() => OptimadeFetch.Run(query, file, Fast, false, _ => { }, TestContext.Current.CancellationToken)).Code);
    }

    [Fact]
    public void StoppingKeepsWhatCame()
    {
        using var stop = new CancellationTokenSource();
        _server.Fault = (number, _) =>
        {
            if (number == 3)
            {
                stop.Cancel();
                return new OptimadeReply(200, "", Delay: TimeSpan.FromMinutes(5));
            }

            return null;
        };
        Assert.ThrowsAny<OperationCanceledException>(() => OptimadeFetch.Run(OptimadeQuery.Of(_server.Url), _folder.Path, Fast, false, _ => { }, stop.Token));
        var rest = Fetch();
        Assert.Equal((25L, 1, true), (rest.Entries, rest.Fetched, rest.Complete));
    }

    [Theory]
    [InlineData("https://example.org/optimade", "http://example.org/optimade/v1/structures?page=2", "https://example.org/optimade/v1/structures?page=2")]
    [InlineData("https://example.org/optimade", "/optimade/v1/structures?page=2", "https://example.org/optimade/v1/structures?page=2")]
    [InlineData("http://example.org/optimade", "https://EXAMPLE.org/x", "https://example.org/x")]
    public void LinksStayWithTheProvider(string provider, string link, string next)
    {
        var query = OptimadeQuery.Of(provider);
        Assert.Equal(next, query.Follow(query.FirstPage(10), link).Next?.ToString());
    }

    private static string WithNext(string page, string next) => page.Replace(page.Split("\"next\":")[1].Split("},\"meta\":{\"api")[0], $"\"{next}\"", StringComparison.Ordinal);

    private static (string Code, ExitCode Exit) Code(Action act)
    {
        var error = Assert.Throws<PolymorphException>(act);
        return (error.Code, error.ExitCode);
    }

    private OptimadeResult Fetch(OptimadeFetchOptions? options = null, bool refresh = false) =>
        OptimadeFetch.Run(OptimadeQuery.Of(_server.Url), _folder.Path, options ?? Fast, refresh, _ => { }, TestContext.Current.CancellationToken);

    private void FetchAll(string url, string? cache = null) => OptimadeFetch.RunAll([OptimadeQuery.Of(url)], cache ?? _folder.Path, Fast, false, _ => { }, TestContext.Current.CancellationToken);

    private static List<Polymorph.Structures.Structure> Structures(OptimadeResult result) => [.. OptimadeFetch.Read([result], new ReadOptions { Strict = true }).Select(r => r.Structure!)];
}

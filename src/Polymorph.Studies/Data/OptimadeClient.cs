using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace Polymorph.Studies.Data;

/// <summary>Fetches pages over HTTP; asks again, after a pause that grows, where that may help.</summary>
internal sealed class OptimadeClient : IDisposable
{
    // A provider that asks for a longer pause gets this one; the time limit ends what does not end by itself.
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(2);

    private readonly HttpClient _http;
    private readonly OptimadeFetchOptions _options;
    private readonly Action<string> _note;

    /// <summary>A client.</summary>
    /// <param name="options">Limits.</param>
    /// <param name="local">True for a provider on this machine, which no proxy is asked for.</param>
    /// <param name="note">Takes lines about pauses.</param>
    public OptimadeClient(OptimadeFetchOptions options, bool local, Action<string> note)
    {
        (_options, _note) = (options, note);
        _http = new HttpClient(new SocketsHttpHandler
        {
            AutomaticDecompression = DecompressionMethods.All,
            ConnectTimeout = options.IdleLimit,
            MaxResponseHeadersLength = 64,
            UseCookies = false,
            UseProxy = !local,
        })
        {
            Timeout = Timeout.InfiniteTimeSpan, // own limits below
        };
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("Polymorph", "0.1"));
        _http.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        _http.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("application/vnd.api+json"));
    }

    /// <summary>The bytes of a page, and what is in them.</summary>
    /// <param name="address">Its address.</param>
    /// <param name="cancellation">Ends the attempt.</param>
    /// <exception cref="WrongPageException">It does not come, or is no page, also after the last attempt.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public async Task<(byte[] Bytes, OptimadePage Page)> PageAsync(Uri address, CancellationToken cancellation)
    {
        for (int attempt = 1; ; attempt++)
        {
            WrongPageException problem;
            try
            {
                byte[] bytes = await BytesAsync(address, cancellation).ConfigureAwait(false);
                return (bytes, OptimadePage.Parse(bytes));
            }
            catch (WrongPageException e)
            {
                problem = e;
            }
            catch (Exception e) when (e is HttpRequestException or IOException or InvalidDataException)
            {
                problem = new WrongPageException($"the connection failed: {(e.InnerException ?? e).Message}", mayPass: true);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                problem = new WrongPageException(string.Create(CultureInfo.InvariantCulture, $"nothing came for {_options.IdleLimit.TotalSeconds:0.#} s"), mayPass: true);
            }

            if (!problem.MayPass || attempt == _options.Attempts)
            {
                throw problem;
            }

            var own = _options.FirstPause * Math.Pow(2, attempt - 1);
            var pause = problem.Wait is { } asked && asked > own ? asked : own;
            pause = pause < LongestPause ? pause : LongestPause;
            _note(string.Create(CultureInfo.InvariantCulture, $"{address.Host}: {problem.Message}; asking again in {pause.TotalSeconds:0.#} s"));
            await Task.Delay(pause, cancellation).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<byte[]> BytesAsync(Uri address, CancellationToken cancellation)
    {
        using var idle = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        idle.CancelAfter(_options.IdleLimit);
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, idle.Token).ConfigureAwait(false);
        var body = await response.Content.ReadAsStreamAsync(idle.Token).ConfigureAwait(false);
        await using (body.ConfigureAwait(false))
        {
            using var bytes = new MemoryStream();
            var buffer = new byte[1 << 15];
            while (await body.ReadAsync(buffer, idle.Token).ConfigureAwait(false) is var count and > 0)
            {
                idle.CancelAfter(_options.IdleLimit);
                bytes.Write(buffer, 0, count);
                if (bytes.Length > _options.LargestPage)
                {
                    throw new WrongPageException(string.Create(CultureInfo.InvariantCulture, $"a page has more than {_options.LargestPage} bytes; ask for fewer entries per page"), mayPass: false);
                }
            }

            if (!response.IsSuccessStatusCode)
            {
                throw Refused(response, bytes.ToArray());
            }

            return bytes.ToArray();
        }
    }

    private static WrongPageException Refused(HttpResponseMessage response, byte[] body)
    {
        int status = (int)response.StatusCode;
        bool mayPass = status is 408 or 425 or 429 or >= 500 and not 501 and not 505;
        TimeSpan? wait = response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - DateTimeOffset.UtcNow,
            _ => null,
        };
        string reason = OptimadePage.ErrorIn(body) is { } error ? $": {error}" : "";
        return new WrongPageException(string.Create(CultureInfo.InvariantCulture, $"the provider answers with status {status}{reason}"), mayPass, wait);
    }
}

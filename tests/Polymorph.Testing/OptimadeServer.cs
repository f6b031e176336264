using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Polymorph.Testing;

/// <summary>What the server sends instead of the right page.</summary>
/// <param name="Status">Status code.</param>
/// <param name="Body">Body.</param>
/// <param name="Headers">Further header lines.</param>
/// <param name="CutAfter">Bytes of the body after which the connection is cut; null for all.</param>
/// <param name="Delay">Pause before the answer.</param>
/// <param name="Endless">True to go on sending blanks for ever.</param>
public sealed record OptimadeReply(int Status, string Body, string Headers = "", int? CutAfter = null, TimeSpan Delay = default, bool Endless = false);

/// <summary>A provider on the loopback interface, written from the OPTIMADE specification 1.2: pages of structures with <c>links.next</c> and <c>meta</c>.</summary>
public sealed class OptimadeServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<string> _requests = new();
    private readonly int _entries;

    /// <summary>A server of this many structures.</summary>
    /// <param name="entries">Number of structures.</param>
    public OptimadeServer(int entries)
    {
        _entries = entries;
        _listener.Start();
        _ = Task.Run(AcceptAsync);
    }

    /// <summary>Base URL without a version.</summary>
    public string Url => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/optimade");

    /// <summary>Targets of the requests so far.</summary>
    public IReadOnlyList<string> Requests => [.. _requests];

    /// <summary>Decides what to send instead of the right page: given the number of the request, from 1, and its target; null for the right page.</summary>
    public Func<int, string, OptimadeReply?> Fault { get; set; } = (_, _) => null;

    /// <summary>True to compress the pages.</summary>
    public bool Compress { get; set; }

    /// <summary>A structures entry: a cubic cell of two atoms.</summary>
    /// <param name="index">From 0.</param>
    public static string Entry(int index)
    {
        string a = (4 + index * 0.001).ToString(CultureInfo.InvariantCulture), half = (2 + index * 0.0005).ToString(CultureInfo.InvariantCulture);
        return $$$"""{"id":"s{{{index}}}","type":"structures","attributes":{"dimension_types":[1,1,1],"lattice_vectors":[[{{{a}}},0,0],[0,{{{a}}},0],[0,0,{{{a}}}]],"cartesian_site_positions":[[0,0,0],[{{{half}}},{{{half}}},{{{half}}}]],"species_at_sites":["Cs","Cl"],"species":[{"name":"Cs","chemical_symbols":["Cs"],"concentration":[1.0]},{"name":"Cl","chemical_symbols":["Cl"],"concentration":[1.0]}],"nsites":2,"structure_features":[],"_exmpl_gap":{{{index}}}.5}}""";
    }

    /// <summary>The right page for a target.</summary>
    /// <param name="target">Path and query.</param>
    public string Page(string target)
    {
        int limit = Number(target, "page_limit", 10), offset = Number(target, "page_offset", 0);
        var entries = Enumerable.Range(offset, Math.Max(0, Math.Min(limit, _entries - offset))).Select(Entry);
        string next = "null";
        if (offset + limit < _entries)
        {
            string rest = string.Join('&', target.Split('?')[^1].Split('&').Where(p => !p.StartsWith("page_offset=", StringComparison.Ordinal)));
            string link = string.Create(CultureInfo.InvariantCulture, $"{Url}/v1/structures?{rest}&page_offset={offset + limit}");
            next = offset % 20 == 0 ? $"\"{link}\"" : $"{{\"href\":\"{link}\",\"meta\":{{}}}}"; // both forms are allowed
        }

        return string.Create(CultureInfo.InvariantCulture,
            $"{{\"links\":{{\"next\":{next}}},\"meta\":{{\"api_version\":\"1.2.0\",\"data_returned\":{_entries},\"more_data_available\":{(next == "null" ? "false" : "true")}}},\"data\":[{string.Join(",\n", entries)}]}}");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop.Cancel();
        _listener.Stop();
        _stop.Dispose();
    }

    private static int Number(string target, string name, int otherwise) =>
        target.Split('?', '&').FirstOrDefault(p => p.StartsWith(name + "=", StringComparison.Ordinal)) is { } pair ? int.Parse(pair.AsSpan(name.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture) : otherwise;

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                _ = Task.Run(() => ServeAsync(client));
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
                string target = (await reader.ReadLineAsync(_stop.Token))?.Split(' ')[1] ?? "/";
                while (!string.IsNullOrEmpty(await reader.ReadLineAsync(_stop.Token)))
                {
                }

                _requests.Enqueue(target);
                var reply = Fault(_requests.Count, target)
                    ?? (target.StartsWith("/optimade/v1/structures?", StringComparison.Ordinal) ? new OptimadeReply(200, Page(target)) : new OptimadeReply(404, "{\"errors\":[{\"status\":\"404\",\"title\":\"Not Found\"}]}"));
                await SendAsync(stream, reply);
            }
            catch (Exception e) when (e is IOException or OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // The client has gone, or the test is over.
            }
        }
    }

    private async Task SendAsync(NetworkStream stream, OptimadeReply reply)
    {
        await Task.Delay(reply.Delay, _stop.Token);
        byte[] body = Encoding.UTF8.GetBytes(reply.Body);
        if (Compress)
        {
            var packed = new MemoryStream();
            using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            {
                gzip.Write(body);
            }

            body = packed.ToArray();
        }

        string length = reply.Endless ? "" : string.Create(CultureInfo.InvariantCulture, $"Content-Length: {body.Length}\r\n");
        string head = string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 {reply.Status} Reason\r\n{length}{(Compress ? "Content-Encoding: gzip\r\n" : "")}Content-Type: application/vnd.api+json\r\nConnection: close\r\n{reply.Headers}\r\n");
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head), _stop.Token);
        await stream.WriteAsync(body.AsMemory(0, Math.Min(body.Length, reply.CutAfter ?? body.Length)), _stop.Token);
        byte[] blanks = Encoding.ASCII.GetBytes(new string(' ', 1 << 12));
        while (reply.Endless)
        {
            await stream.WriteAsync(blanks, _stop.Token);
        }

        await stream.FlushAsync(_stop.Token);
        stream.Socket.Shutdown(SocketShutdown.Send);
    }
}

using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Polymorph.Foundation;

namespace Polymorph.Studies.Data;

/// <summary>What is asked of one OPTIMADE provider.</summary>
/// <remarks>Source: OPTIMADE specification 1.2, "Base URL" and "Entry Listing Endpoints".</remarks>
public sealed partial record OptimadeQuery
{
    // What a structure is read from, and what tells that it is not one.
    private const string NeededFields = "lattice_vectors,dimension_types,nperiodic_dimensions,cartesian_site_positions,species,species_at_sites,nsites,structure_features,chemical_formula_reduced";

    private OptimadeQuery(Uri endpoint, string filter, string fields) => (Endpoint, Filter, Fields) = (endpoint, filter, fields);

    /// <summary>Address of the provider's structures: <c>https://example.org/optimade/v1/structures</c>.</summary>
    public Uri Endpoint { get; }

    /// <summary>Filter in OPTIMADE's language; empty for everything.</summary>
    public string Filter { get; }

    /// <summary>Fields asked for, separated by commas.</summary>
    public string Fields { get; }

    /// <summary>A name for the folder with the pages of this query: the host, and a digest of the rest.</summary>
    public string CacheName => string.Create(CultureInfo.InvariantCulture,
        $"{Endpoint.Host}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Endpoint}\n{Filter}\n{Fields}")).AsSpan(0, 8))}");

    /// <summary>Makes a query.</summary>
    /// <param name="provider">Base URL of the provider, with or without its version: <c>https://example.org/optimade</c>.</param>
    /// <param name="filter">For example <c>elements HAS ALL "Si","O" AND nelements=2</c>; empty or null for everything.</param>
    /// <param name="furtherFields">Fields of the provider to fetch besides the structure: <c>_exmpl_energy</c>.</param>
    /// <exception cref="PolymorphException">PM7201: the address is none of the web.</exception>
    public static OptimadeQuery Of(string provider, string? filter = null, IEnumerable<string>? furtherFields = null)
    {
        if (!Uri.TryCreate(provider, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https") || address.Host.Length == 0 || address.UserInfo.Length > 0)
        {
            throw new PolymorphException("PM7201", $"'{provider}' is no address of an OPTIMADE provider", null, "Give its base URL, such as https://example.org/optimade.", ExitCode.Usage);
        }

        string path = address.AbsolutePath.TrimEnd('/');
        path = path.EndsWith("/structures", StringComparison.Ordinal) ? path[..^"/structures".Length] : path;
        path += Version().IsMatch(path) ? "" : "/v1";
        var endpoint = new UriBuilder(address) { Path = path + "/structures", Query = "", Fragment = "" }.Uri;
        return new OptimadeQuery(endpoint, filter?.Trim() ?? "", string.Join(',', [NeededFields, .. furtherFields ?? []]));
    }

    /// <summary>Address of the first page.</summary>
    /// <param name="pageSize">Entries per page to ask for; the provider may give fewer.</param>
    public Uri FirstPage(int pageSize)
    {
        string filter = Filter.Length > 0 ? $"filter={Uri.EscapeDataString(Filter)}&" : "";
        return new Uri(string.Create(CultureInfo.InvariantCulture, $"{Endpoint}?{filter}page_limit={pageSize}&response_format=json&response_fields={Uri.EscapeDataString(Fields)}"));
    }

    /// <summary>Address of a next page, or the reason why it is not followed.</summary>
    /// <param name="current">Address of the page with the link.</param>
    /// <param name="link">The link; it may be relative.</param>
    /// <remarks>Links stay with the provider. Servers behind a proxy often write http where they are reached by https: the connection stays encrypted.</remarks>
    internal (Uri? Next, string? Refusal) Follow(Uri current, string link)
    {
        if (!Uri.TryCreate(current, link, out var next) || next.Scheme is not ("http" or "https"))
        {
            return (null, "the link to the next page is no address of the web");
        }

        if (!next.Host.Equals(Endpoint.Host, StringComparison.OrdinalIgnoreCase))
        {
            return (null, $"the link to the next page leads to another host ({next.Host})");
        }

        return (Endpoint.Scheme == "https" && next.Scheme == "http" ? new UriBuilder(next) { Scheme = "https", Port = Endpoint.Port }.Uri : next, null);
    }

    [GeneratedRegex(@"/v\d+(\.\d+)*$")]
    private static partial Regex Version();
}

using System.Text.Json;

namespace Polymorph.Studies.Data;

/// <summary>One page of an answer: which entries it has, and where the next page is.</summary>
/// <param name="Ids">Ids of its entries.</param>
/// <param name="Next">Link to the next page, or null.</param>
/// <param name="Matching">How many entries match in all, as the provider says; null when it does not.</param>
/// <param name="MoreAvailable">True when the provider says that there is more.</param>
/// <remarks>Source: OPTIMADE specification 1.2, "JSON Response Schema: Common Fields". The structures themselves are read by the readers of files.</remarks>
internal sealed record OptimadePage(IReadOnlyList<string> Ids, string? Next, long? Matching, bool MoreAvailable)
{
    /// <summary>Reads a page.</summary>
    /// <param name="json">The whole answer.</param>
    /// <exception cref="WrongPageException">It is no such page.</exception>
    public static OptimadePage Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return Read(document.RootElement);
        }
        catch (JsonException)
        {
            throw new WrongPageException("the answer is not JSON, or has been cut", mayPass: true);
        }
        catch (InvalidOperationException)
        {
            throw new WrongPageException("a text of the answer is not Unicode", mayPass: false);
        }
    }

    private static OptimadePage Read(JsonElement root)
    {
        if (ErrorOf(root) is { } error)
        {
            throw new WrongPageException($"the provider reports an error: {error}", mayPass: false);
        }

        if (Field(root, "data") is not { ValueKind: JsonValueKind.Array } data)
        {
            throw new WrongPageException("the answer has no list 'data' of entries", mayPass: false);
        }

        var ids = new List<string>();
        foreach (var entry in data.EnumerateArray())
        {
            ids.Add(Field(entry, "id") is { ValueKind: JsonValueKind.String } id ? id.GetString()! : throw new WrongPageException("an entry of the answer has no id", mayPass: false));
        }

        var next = Field(root, "links") is { } links ? Field(links, "next") : null;
        next = next is { ValueKind: JsonValueKind.Object } link ? Field(link, "href") : next;
        var meta = Field(root, "meta");
        return new OptimadePage(ids, next is { ValueKind: JsonValueKind.String } text && text.GetString() is { Length: > 0 } address ? address : null,
            meta is { } m && Field(m, "data_returned") is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out long count) ? count : null,
            meta is { } n && Field(n, "more_data_available") is { ValueKind: JsonValueKind.True });
    }

    /// <summary>The reason in an error answer, or null.</summary>
    /// <param name="json">An answer of any kind.</param>
    public static string? ErrorIn(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return ErrorOf(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static string? ErrorOf(JsonElement root)
    {
        if (Field(root, "errors") is not { ValueKind: JsonValueKind.Array } errors || errors.GetArrayLength() == 0)
        {
            return null;
        }

        string reason = (Field(errors[0], "detail") ?? Field(errors[0], "title")) is { ValueKind: JsonValueKind.String } text ? text.GetString()! : "without a reason";
        return string.Concat(reason.Take(300).Select(c => char.IsControl(c) ? ' ' : c));
    }

    private static JsonElement? Field(JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out var field) && field.ValueKind != JsonValueKind.Null ? field : null;
}

/// <summary>An answer that cannot be used.</summary>
/// <param name="reason">Why.</param>
/// <param name="mayPass">True when asking again may help.</param>
/// <param name="wait">How long the provider asks to wait; null when it does not.</param>
internal sealed class WrongPageException(string reason, bool mayPass, TimeSpan? wait = null) : Exception(reason)
{
    /// <summary>True when asking again may help.</summary>
    public bool MayPass { get; } = mayPass;

    /// <summary>How long the provider asks to wait; null when it does not.</summary>
    public TimeSpan? Wait { get; } = wait;
}

using System.Text.Json;

namespace Polymorph.Energies.External.IPi;

/// <summary>What a client may say in the text behind its forces: a JSON object, as i-PI passes further properties on.</summary>
internal static class ExtraText
{
    private const string BandGap = "band_gap_eV";

    /// <summary>The band gap that a client sends, eV; null when it sends none, or something else.</summary>
    /// <param name="extra">The text.</param>
    public static double? BandGapEV(string extra)
    {
        if (!extra.StartsWith('{'))
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(extra);
            return document.RootElement.TryGetProperty(BandGap, out var gap) && gap.ValueKind == JsonValueKind.Number && gap.GetDouble() is >= 0 and < 1000 and var value ? value : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

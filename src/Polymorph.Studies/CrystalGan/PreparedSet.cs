using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Polymorph.Foundation;
using Polymorph.Representations.CrystalImages;
using Polymorph.Selection.Compositions;
using Polymorph.Structures;
using Polymorph.Structures.Formats;
using Polymorph.Studies.Runs;

namespace Polymorph.Studies.CrystalGan;

/// <summary>A prepared training set: its structures and how images are made of them. The images themselves are computed when they are asked for.</summary>
/// <param name="Layout">Elements, caps and scales.</param>
/// <param name="Training">Structures of the training set, without doubled cells.</param>
/// <param name="Supercells">Doubled cells.</param>
/// <param name="PerComposition">Images of each cell composition.</param>
/// <param name="Translated">Whether images get random origins.</param>
/// <param name="Seed">Seed of the images.</param>
/// <param name="Statistics">Distances and volumes of the training structures.</param>
/// <param name="Sha256">Hash of the structures' file.</param>
public sealed record PreparedSet(
    CrystalImageLayout Layout, ImmutableArray<Structure> Training, DoublingRule Supercells, int PerComposition, bool Translated, ulong Seed, GeometryStatistics Statistics, string Sha256)
{
    /// <summary>Settings and counts.</summary>
    public const string SettingsName = "prepared.json";

    /// <summary>The training structures.</summary>
    public const string ParentsName = "parents.extxyz";

    /// <summary>The structures set aside.</summary>
    public const string HeldOutName = "held-out.extxyz";

    /// <summary>Counts of each composition.</summary>
    public const string CompositionsName = "compositions.csv";

    /// <summary>All files of a prepared folder; the settings come last.</summary>
    internal static readonly string[] FileNames = [ParentsName, HeldOutName, CompositionsName, SettingsName];

    /// <summary>Equal for sets that make the same images.</summary>
    internal string Identity => string.Create(CultureInfo.InvariantCulture, $"{Layout} {Layout.LengthScale} {Layout.AngleScale} {NameOf(Supercells)} {PerComposition} {Translated} {Seed} {Sha256}");

    /// <summary>Name and version of the settings' form.</summary>
    internal const string Schema = "polymorph.crystal-gan-data/1";

    private const int LargestSettings = 1 << 24;

    /// <summary>The images.</summary>
    public AugmentedImages Images() => new(WithDoubled(Training, Layout, Supercells), Layout, PerComposition, Seed, Translated);

    /// <summary>Cell compositions of the training, doubled cells included.</summary>
    public IReadOnlyList<ImmutableArray<int>> Compositions() =>
        [.. WithDoubled(Training, Layout, Supercells).Select(s => Layout.CountsOf(s.Composition)).Distinct(CountsComparer.Instance).Order(CountsComparer.Instance)];

    /// <summary>Structures followed by their doubled cells where these fit the caps and the length scale.</summary>
    internal static ImmutableArray<Structure> WithDoubled(ImmutableArray<Structure> structures, CrystalImageLayout layout, DoublingRule rule)
    {
        if (rule == DoublingRule.None)
        {
            return structures;
        }

        var doubled = from s in structures
                      where DoubledCell.Fits(layout.CountsOf(s.Composition).AsSpan(), layout)
                      from axis in Enumerable.Range(0, 3)
                      where 2 * s.Lattice![axis].Length <= layout.LengthScale
                      select DoubledCell.Of(s, layout, axis, rule);
        return [.. structures, .. doubled];
    }

    /// <summary>Reads a prepared folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="PolymorphException">PM7302: not a prepared folder, or damaged; PM7307: its structures are not those it was made with.</exception>
    public static PreparedSet Read(string folder)
    {
        string file = Path.Combine(folder, SettingsName), parents = Path.Combine(folder, ParentsName);
        if (!File.Exists(file))
        {
            throw new PolymorphException("PM7302", $"this is not a prepared training set: it has no {SettingsName}", folder, "Make one with 'polymorph data prepare crystal-gan FILES --out FOLDER'.", ExitCode.Usage);
        }

        try
        {
            using var json = JsonDocument.Parse(BoundedFile.Read(file, LargestSettings, reason => new PolymorphException("PM7302", reason, file, "Prepare the data again.")));
            var root = json.RootElement;
            if (root.GetProperty("schema").GetString() != Schema)
            {
                throw Damaged(file, $"its schema is not {Schema}", null);
            }

            string hash = root.GetProperty("parents").GetProperty("sha256").GetString()!;
            if (!File.Exists(parents) || FileHash.Whole(parents) != hash)
            {
                throw new PolymorphException("PM7307", "the structures are not those that were prepared", parents, "Put the file back, or prepare the data again.");
            }

            var layout = CrystalImageLayout.Parse(root.GetProperty("elements").GetString()!) with
            {
                LengthScale = root.GetProperty("lengthScaleA").GetDouble(),
                AngleScale = root.GetProperty("angleScaleDegrees").GetDouble(),
            };
            var rule = RuleOf(root.GetProperty("supercells").GetString()!) ?? throw Damaged(file, "it names an unknown rule of supercells", null);
            return new PreparedSet(layout, [.. StructureReader.ReadStrict(parents, new ReadOptions { MinDistance = 0 })], rule,
                root.GetProperty("perComposition").GetInt32(), root.GetProperty("translated").GetBoolean(), root.GetProperty("seed").GetUInt64(), StatisticsOf(root.GetProperty("statistics")), hash);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or IOException or UnauthorizedAccessException)
        {
            throw Damaged(file, e.Message, e);
        }
    }

    /// <summary>The name of a rule of supercells.</summary>
    public static string NameOf(DoublingRule rule) => rule switch { DoublingRule.Corrected => "corrected", DoublingRule.AsPublished => "as-published", _ => "none" };

    /// <summary>The rule of a name, or null.</summary>
    public static DoublingRule? RuleOf(string name) => name switch { "corrected" => DoublingRule.Corrected, "as-published" => DoublingRule.AsPublished, "none" => DoublingRule.None, _ => null };

    /// <summary>Statistics as JSON.</summary>
    internal static JsonObject Json(GeometryStatistics statistics) => new()
    {
        ["smallestVolumePerAtomA3"] = statistics.SmallestVolume,
        ["largestVolumePerAtomA3"] = statistics.LargestVolume,
        ["shortestDistancesA"] = new JsonObject(statistics.ShortestDistances.Select(d => KeyValuePair.Create($"{d.Key.A}-{d.Key.B}", (JsonNode?)d.Value))),
    };

    private static GeometryStatistics StatisticsOf(JsonElement json) => new(
        json.GetProperty("smallestVolumePerAtomA3").GetDouble(), json.GetProperty("largestVolumePerAtomA3").GetDouble(),
        json.GetProperty("shortestDistancesA").EnumerateObject().ToImmutableSortedDictionary(p => Pair(p.Name), p => p.Value.GetDouble()));

    private static (Element A, Element B) Pair(string text) =>
        text.Split('-') is [var a, var b] ? GeometryStatistics.Pair(Element.Parse(a), Element.Parse(b)) : throw new FormatException($"'{text}' is not a pair of elements");

    private static PolymorphException Damaged(string file, string reason, Exception? inner) =>
        new("PM7302", $"the settings of a prepared training set cannot be read: {reason}", file, "Prepare the data again.", ExitCode.InputData, inner);
}

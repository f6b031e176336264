using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Polymorph.Foundation;
using Polymorph.Representations.CrystalImages;
using Polymorph.Selection.Compositions;
using Polymorph.Structures;
using Polymorph.Structures.Formats;
using Polymorph.Studies.Runs;

namespace Polymorph.Studies.CrystalGan;

/// <summary>How many structures went where.</summary>
/// <param name="Training">Structures that are trained on, without doubled cells.</param>
/// <param name="HeldOut">Structures set aside.</param>
/// <param name="Supercells">Doubled cells.</param>
/// <param name="Compositions">Cell compositions of the training.</param>
/// <param name="Images">Images of one epoch.</param>
/// <param name="Duplicates">Crystals that repeat an earlier one of their cell composition.</param>
/// <param name="Twins">Crystals left out because a held-out one is the same crystal in another cell.</param>
/// <param name="Dropped">What cannot be used, by code.</param>
public sealed record PreparationCounts(
    long Training, long HeldOut, long Supercells, long Compositions, long Images, long Duplicates, long Twins, ImmutableSortedDictionary<string, int> Dropped);

/// <summary>What a preparation gave.</summary>
/// <param name="Folder">Full path.</param>
/// <param name="Settings">Content of <c>prepared.json</c>.</param>
/// <param name="Counts">How many structures went where.</param>
/// <param name="WasThere">True when the folder already held this very set.</param>
public sealed record PreparationResult(string Folder, JsonObject Settings, PreparationCounts Counts, bool WasThere);

/// <summary>Makes a training set of the Crystal GAN from structures: a folder with the structures that are trained on, those held out, and all settings.</summary>
/// <remarks><c>prepared.json</c> is written last: a preparation that was stopped leaves a folder without it, and the same command makes it whole.</remarks>
public static class TrainingSetPreparation
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Prepares a training set.</summary>
    /// <param name="inputs">Files that are read, for the record.</param>
    /// <param name="entries">Their entries.</param>
    /// <param name="folder">The folder to make; it may hold an unfinished or an equal set.</param>
    /// <param name="options">How.</param>
    /// <param name="observer">Told what is left out and how far it is.</param>
    /// <param name="cancellation">Stops.</param>
    /// <exception cref="PolymorphException">PM7303: the folder holds other things; PM7304, PM7305: nothing to train on; PM7001: the folder cannot be written.</exception>
    public static PreparationResult Run(
        IReadOnlyList<string> inputs, IEnumerable<ReadResult> entries, string folder, PreparationOptions options, IStudyObserver observer, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(observer);
        string root = Path.GetFullPath(folder);
        RefuseForeign(root, folder);
        var choice = TrainingSetChoice.Of(entries, options, observer, cancellation);
        string parents = Text(choice.Training);
        var counts = Count(choice, options);
        var settings = Settings(inputs, options, choice, counts, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(parents))));
        string file = Path.Combine(root, PreparedSet.SettingsName), text = settings.ToJsonString(Indented) + "\n";
        if (File.Exists(file))
        {
            return File.ReadAllText(file) == text ? new PreparationResult(root, settings, counts, WasThere: true)
                : throw new PolymorphException("PM7303", "this folder holds a training set that was prepared from other structures or with other settings; nothing was touched", folder, "Choose another folder, or remove this one.", ExitCode.Usage);
        }

        AtomicFile.WriteText(Path.Combine(root, PreparedSet.ParentsName), parents);
        AtomicFile.WriteText(Path.Combine(root, PreparedSet.HeldOutName), Text(choice.HeldOut));
        AtomicFile.WriteText(Path.Combine(root, PreparedSet.CompositionsName), CompositionTable(choice, options));
        AtomicFile.WriteText(file, text);
        return new PreparationResult(root, settings, counts, WasThere: false);
    }

    private static void RefuseForeign(string root, string folder)
    {
        if (File.Exists(root) || Directory.Exists(root) && Directory.EnumerateFileSystemEntries(root).Select(e => Path.GetFileName(e)).Any(n => !PreparedSet.FileNames.Contains(AtomicFile.TargetOf(n) ?? n)))
        {
            throw new PolymorphException("PM7303", "this is no prepared training set and it is not empty; nothing was touched", folder, "Choose a new or empty folder.", ExitCode.Usage);
        }
    }

    private static string Text(IEnumerable<Structure> structures)
    {
        using var writer = new StringWriter(CultureInfo.InvariantCulture);
        StructureWriter.Write(writer, structures.Select(s => s.Properties.ContainsKey("source") || s.Id.Length == 0 ? s : s.WithProperty("source", s.Id)), StructureFormat.ExtendedXyz);
        return writer.ToString();
    }

    private static PreparationCounts Count(TrainingSetChoice choice, PreparationOptions options)
    {
        var all = PreparedSet.WithDoubled(choice.Training, choice.Layout, options.Supercells);
        long compositions = all.Select(s => choice.Layout.CountsOf(s.Composition)).Distinct(CountsComparer.Instance).Count();
        return new PreparationCounts(choice.Training.Length, choice.HeldOut.Length, all.Length - choice.Training.Length, compositions, compositions * options.PerComposition,
            choice.Duplicates, choice.Twins, choice.Dropped);
    }

    private static JsonObject Settings(IReadOnlyList<string> inputs, PreparationOptions options, TrainingSetChoice choice, PreparationCounts counts, string hash)
    {
        var layout = choice.Layout;
        return new JsonObject
        {
            ["schema"] = PreparedSet.Schema,
            ["elements"] = layout.ToString(),
            ["lengthScaleA"] = layout.LengthScale,
            ["angleScaleDegrees"] = layout.AngleScale,
            ["seed"] = options.Seed,
            ["perComposition"] = options.PerComposition,
            ["holdOut"] = options.HoldOut,
            ["supercells"] = PreparedSet.NameOf(options.Supercells),
            ["translated"] = options.Translated,
            ["keepDuplicates"] = options.KeepDuplicates,
            ["inputs"] = new JsonArray([.. inputs.Select(i => (JsonNode)new JsonObject { ["file"] = i, ["sha256"] = File.Exists(i) ? FileHash.Whole(i) : null })]),
            ["parents"] = new JsonObject { ["file"] = PreparedSet.ParentsName, ["sha256"] = hash },
            ["counts"] = new JsonObject
            {
                ["training"] = counts.Training,
                ["heldOut"] = counts.HeldOut,
                ["supercells"] = counts.Supercells,
                ["compositions"] = counts.Compositions,
                ["images"] = counts.Images,
                ["duplicates"] = counts.Duplicates,
                ["twinsOfHeldOut"] = counts.Twins,
                ["dropped"] = new JsonObject(counts.Dropped.Select(d => KeyValuePair.Create(d.Key, (JsonNode?)d.Value))),
            },
            ["statistics"] = PreparedSet.Json(GeometryStatistics.Of(choice.Training)),
        };
    }

    private static string CompositionTable(TrainingSetChoice choice, PreparationOptions options)
    {
        var layout = choice.Layout;
        var training = Count(choice.Training);
        var held = Count(choice.HeldOut);
        var all = Count(PreparedSet.WithDoubled(choice.Training, layout, options.Supercells));
        var text = new StringBuilder("cell,").AppendJoin(',', layout.Blocks.Select(b => b.Element.Symbol)).Append(",atoms,training,held_out,supercells,images,axis_swaps,translations_each,random_translations\n");
        foreach (var counts in all.Keys.Union(held.Keys, CountsComparer.Instance).Order(CountsComparer.Instance))
        {
            int n = all.GetValueOrDefault(counts);
            var plan = new AugmentationPlan(n, options.PerComposition);
            text.Append(CellCompositions.Formula(counts, layout)).Append(',').AppendJoin(',', counts)
                .Append(CultureInfo.InvariantCulture, $",{counts.Sum()},{training.GetValueOrDefault(counts)},{held.GetValueOrDefault(counts)},{n - training.GetValueOrDefault(counts)}")
                .Append(n == 0 ? ",0,0,0,0\n" : string.Create(CultureInfo.InvariantCulture, $",{options.PerComposition},{plan.AxisSwaps},{plan.TranslationsEach},{plan.Remainder}\n"));
        }

        return text.ToString();

        Dictionary<ImmutableArray<int>, int> Count(ImmutableArray<Structure> structures) =>
            structures.GroupBy(s => layout.CountsOf(s.Composition), CountsComparer.Instance).ToDictionary(g => g.Key, g => g.Count(), CountsComparer.Instance);
    }
}

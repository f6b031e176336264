using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Polymorph.Foundation;
using Polymorph.Selection;
using Polymorph.Structures;
using Polymorph.Structures.Formats;
using Polymorph.Studies.Recipes;
using Polymorph.Studies.Runs;

namespace Polymorph.Studies.Stages;

/// <summary>Which known molecules were found.</summary>
/// <param name="Generated">Among everything that was generated.</param>
/// <param name="Selected">Among the selected structures; null when nothing has been selected.</param>
/// <param name="Relaxed">Among those of them that relaxed to a minimum; null when nothing has been relaxed.</param>
public sealed record Comparison(IsomerTable Generated, IsomerTable? Selected, IsomerTable? Relaxed);

/// <summary>Looks for known molecules among the generated and the selected ones, by connectivity.</summary>
public static class CompareStage
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>True when bonds and valences decide what the structures of a run are.</summary>
    /// <param name="session">The run folder.</param>
    public static bool IsOfMolecules(StudySession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        return GeometryScreening.CanName(session.ReadTask().Assembly);
    }

    /// <summary>Compares and writes <c>comparison.json</c>.</summary>
    /// <param name="session">The run folder.</param>
    /// <param name="observer">Told how far it is.</param>
    /// <param name="cancellation">Stops.</param>
    /// <exception cref="PolymorphException">PM7010: no model is finished; PM7014: these are no molecules that bonds and valences decide; those of the known structures.</exception>
    public static Comparison Run(StudySession session, IStudyObserver observer, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(observer);
        var structures = new GeneratedStructures(session);
        if (!GeometryScreening.CanName(structures.Assembly))
        {
            throw new PolymorphException("PM7014", "only molecules of elements with one fixed valence can be compared by their bonds", session.Folder.Root,
                "Relax them first, then 'polymorph compare RUN --known targets.extxyz' compares energies and distances.", ExitCode.Usage);
        }

        var known = Known(session, new Composition(structures.Assembly.Species));
        if (known.Count == 0)
        {
            observer.Note("No saturated molecule without rings has this formula, and no list was given: --known FILE names the molecules to look for.");
        }

        var names = GeometryScreening.Of(structures, ScreenKind.Molecules, new CellOptions(), session.Plan.Threads, observer, cancellation);
        var all = new IsomerTally(known);
        for (int index = 0; index < structures.Count; index++)
        {
            all.Add(structures.ModelOf(index), names.Name(index));
        }

        var selected = File.Exists(session.Folder.SelectedFile) ? Table(known, session.Folder.ReadSelected()) : null;
        var relaxed = File.Exists(session.Folder.RelaxedFile) ? Table(known, session.Folder.ReadRelaxed()) : null;
        var result = new Comparison(all.Table(), selected, relaxed);
        AtomicFile.WriteText(session.Folder.ComparisonFile, Json(result).ToJsonString(Indented) + "\n");
        session.Events.Write("compare", ("known", result.Generated.Known.Count), ("foundGenerated", result.Generated.Found), ("foundSelected", result.Selected?.Found), ("foundRelaxed", result.Relaxed?.Found));
        return result;
    }

    /// <summary>The comparison as JSON.</summary>
    /// <param name="comparison">The comparison.</param>
    public static JsonObject Json(Comparison comparison)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        return new JsonObject
        {
            ["known"] = comparison.Generated.Known.Count,
            ["generated"] = Table(comparison.Generated),
            ["selected"] = comparison.Selected is null ? null : Table(comparison.Selected),
            ["relaxed"] = comparison.Relaxed is null ? null : Table(comparison.Relaxed),
        };
    }

    private static IsomerTable Table(List<string> known, IReadOnlyList<Structure> structures)
    {
        var tally = new IsomerTally(known);
        foreach (var (structure, name) in structures.Zip(new SaturatedMoleculeNamer().Names(structures)))
        {
            tally.Add(structure.Properties.GetValueOrDefault("model") as string ?? "", name);
        }

        return tally.Table();
    }

    private static JsonObject Table(IsomerTable table) => new()
    {
        ["structures"] = table.Generated,
        ["valid"] = table.Valid,
        ["found"] = table.Found,
        ["isomers"] = Rows(table.Known),
        ["others"] = Rows(table.Others),
        ["models"] = new JsonArray([.. table.Models.Select(m => (JsonNode)new JsonObject { ["model"] = m.Model, ["generated"] = m.Generated, ["valid"] = m.Valid, ["found"] = m.KnownFound })]),
    };

    private static JsonArray Rows(IReadOnlyList<IsomerRow> rows) => new([.. rows.Select(row => (JsonNode)new JsonObject
    {
        ["smiles"] = row.Smiles,
        ["count"] = row.Count,
        ["models"] = new JsonObject(row.Models.Select(m => KeyValuePair.Create(m.Model, (JsonNode?)m.Count))),
    })]);

    private static List<string> Known(StudySession session, Composition formula)
    {
        var tally = session.Plan.Known switch
        {
            null => IsomerTally.FromFormula(formula),
            var file when Path.GetExtension(file) is ".smi" or ".smiles" or ".txt" => IsomerTally.FromSmiles(SmilesLines(file)),
            var file => IsomerTally.FromStructures(StructureReader.ReadStrict(file)),
        };
        return [.. tally.Table().Known.Select(row => row.Smiles)];
    }

    private static IEnumerable<string> SmilesLines(string file)
    {
        try
        {
            return [.. File.ReadLines(file).Select(line => line.Split(' ', '\t')[0].Trim()).Where(word => word.Length > 0 && word[0] != '#')];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PolymorphException("PM7015", $"the known molecules cannot be read: {e.Message}", file, "Check the path.", inner: e);
        }
    }
}

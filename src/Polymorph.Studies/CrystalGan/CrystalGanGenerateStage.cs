using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Polymorph.Foundation;
using Polymorph.Selection;
using Polymorph.Selection.Compositions;
using Polymorph.Structures;
using Polymorph.Structures.Formats;
using Polymorph.Studies.Runs;
using Polymorph.Studies.Stages;

namespace Polymorph.Studies.CrystalGan;

/// <summary>What came of one composition.</summary>
/// <param name="Name">The composition.</param>
/// <param name="Cells">Cells that were drawn, as formulas.</param>
/// <param name="Found">Crystals written.</param>
/// <param name="Funnel">What became of every draw.</param>
/// <param name="File">Where they are.</param>
public sealed record CompositionOutcome(string Name, ImmutableArray<string> Cells, int Found, Funnel Funnel, string File)
{
    /// <summary>Share of the draws that passed every filter before repeats are counted, 0 to 1.</summary>
    public double Acceptance => Funnel.Generated == 0 ? 0 : (double)Funnel.After(FunnelStage.GeometryOk) / Funnel.Generated;
}

/// <summary>Draws crystals of wanted compositions with the model of a run.</summary>
public static class CrystalGanGenerateStage
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Generates.</summary>
    /// <param name="session">The run folder.</param>
    /// <param name="request">What is wanted.</param>
    /// <param name="observer">Told how far it is.</param>
    /// <param name="cancellation">Stops; files that are whole stay.</param>
    /// <exception cref="PolymorphException">PM7010: the model is not finished; the disk is full.</exception>
    public static ImmutableArray<CompositionOutcome> Run(CrystalGanSession session, CrystalGanRequest request, IStudyObserver observer, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(observer);
        var (images, candidates) = CrystalGanModel.LoadImages(session, request);
        if (!File.Exists(session.Folder.ModelFile(CrystalGanRun.Name)))
        {
            observer.Note("the training is not finished: its last checkpoint is asked");
        }

        return Run(session, request with { Candidates = candidates }, images, observer, cancellation);
    }

    internal static ImmutableArray<CompositionOutcome> Run(CrystalGanSession session, CrystalGanRequest request, IConditionedImages images, IStudyObserver observer, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(observer);
        RequireFolder(request.Output);
        var limits = SampleLimits.Of(session.Data.Statistics);
        limits = request.Limits?.Invoke(limits) ?? limits;
        var all = new List<Structure>();
        var outcomes = ImmutableArray.CreateBuilder<CompositionOutcome>();
        foreach (var wanted in request.Compositions)
        {
            var sampler = new CompositionSampler(images, new SamplingOptions
            {
                Cells = wanted.Cells,
                Count = request.Count,
                MaxDraws = request.MaxDraws,
                Presence = request.Presence,
                Limits = limits,
                Candidates = request.Candidates ?? 1,
                Unique = request.Unique,
                Known = request.Novel ? session.Data.Training : [],
                Threads = request.Threads ?? session.Plan.Threads,
            });
            var result = sampler.Run((found, draws) => observer.Work($"{wanted.Name} ({draws.ToString("N0", CultureInfo.InvariantCulture)} draws)", found, request.Count), cancellation);
            var structures = result.Structures.Select((s, i) => Named(s, wanted, i)).ToList();
            string file = request.Output ?? Path.Combine(session.Folder.GeneratedFolder, $"{wanted.Name}.{(request.Cif ? "cif" : "extxyz")}");
            if (File.Exists(file) && outcomes.All(o => o.File != file))
            {
                observer.Note(structures.Count > 0 ? $"{file} of an earlier call is replaced." : $"{file} is of an earlier call; this one found nothing.");
            }

            // One file for all compositions is written again after each, so that a stop keeps what is finished.
            all.AddRange(structures);
            if (structures.Count > 0)
            {
                StructureWriter.Write(file, request.Output is null ? structures : all);
            }

            if (result.Undecided > 0)
            {
                observer.Note($"{wanted.Name}: {result.Undecided} pairs of crystals were too hard for the matcher and count as different.");
            }

            var outcome = new CompositionOutcome(wanted.Name, [.. wanted.Cells.Select(c => CellCompositions.Formula(c, images.Layout))], structures.Count, result.Funnel, file);
            outcomes.Add(outcome);
            session.Events.Write("generate", ("composition", wanted.Name), ("found", outcome.Found), ("draws", result.Draws), ("acceptance", outcome.Acceptance));
            WriteCounts(Path.Combine(session.Folder.Root, "generation.json"), outcomes);
        }

        return outcomes.ToImmutable();
    }

    /// <summary>What cannot be written is said before minutes of drawing.</summary>
    private static void RequireFolder(string? output)
    {
        if (output is not null)
        {
            string probe = output + ".probe";
            AtomicFile.WriteText(probe, "");
            AtomicFile.Remove(probe);
        }
    }

    /// <summary>Keeps the counts of compositions that earlier calls asked for, whose files are still there.</summary>
    private static void WriteCounts(string file, IReadOnlyCollection<CompositionOutcome> outcomes)
    {
        var counts = Json(outcomes);
        if (File.Exists(file) && Earlier(file) is { } earlier)
        {
            var asked = outcomes.Select(o => o.Name).ToHashSet();
            counts = new JsonArray([.. earlier.Where(o => !asked.Contains(o?["composition"]?.ToString() ?? "")).Concat(counts).Select(o => o?.DeepClone())]);
        }

        AtomicFile.WriteText(file, counts.ToJsonString(Indented) + "\n");
    }

    private static JsonArray? Earlier(string file)
    {
        try
        {
            return JsonNode.Parse(File.ReadAllText(file)) as JsonArray;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The outcomes as JSON.</summary>
    /// <param name="outcomes">The outcomes.</param>
    public static JsonArray Json(IEnumerable<CompositionOutcome> outcomes) => new([.. outcomes.Select(o => (JsonNode)new JsonObject
    {
        ["composition"] = o.Name,
        ["cells"] = new JsonArray([.. o.Cells.Select(c => (JsonNode)c)]),
        ["found"] = o.Found,
        ["draws"] = o.Funnel.Generated,
        ["acceptance"] = o.Acceptance,
        ["file"] = o.Found > 0 ? o.File : null,
        ["funnel"] = SelectStage.FunnelJson(o.Funnel),
    })]);

    private static Structure Named(Structure structure, WantedComposition wanted, int number)
    {
        string id = string.Create(CultureInfo.InvariantCulture, $"{wanted.Name}-{number}");
        return structure.WithId(id).WithProperty("id", id).WithProperty("composition", wanted.Formula);
    }
}

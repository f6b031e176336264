using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Polymorph.Foundation;
using Polymorph.Representations.LocalDescriptors;
using Polymorph.Selection;
using Polymorph.Structures;
using Polymorph.Structures.Bonds;
using Polymorph.Structures.Formats;
using Polymorph.Studies.Recipes;
using Polymorph.Studies.Runs;

namespace Polymorph.Studies.Stages;

/// <summary>What a selection kept.</summary>
/// <param name="Funnel">Counts by stage, with the reasons of every loss.</param>
/// <param name="Structures">The structures kept; molecules carry their SMILES.</param>
public sealed record SelectionOutcome(Funnel Funnel, IReadOnlyList<Structure> Structures);

/// <summary>From everything the models generate to a few representatives: screen, drop duplicates and what is known, project, cluster, pick.</summary>
public static class SelectStage
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Selects and writes <c>structures/selected.extxyz</c> and <c>funnel.json</c>.</summary>
    /// <param name="session">The run folder.</param>
    /// <param name="observer">Told how far it is.</param>
    /// <param name="cancellation">Stops.</param>
    /// <exception cref="PolymorphException">PM7010: no model is finished; PM5003: nothing survived.</exception>
    public static SelectionOutcome Run(StudySession session, IStudyObserver observer, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(observer);
        var plan = session.Plan.Selection;
        var structures = new GeneratedStructures(session);
        var kind = plan.Screen;
        if (kind == ScreenKind.Molecules && !Screening.CanName(structures.Assembly))
        {
            observer.Note("Bonds and valences do not decide what these structures are; their distances are checked instead.");
            kind = ScreenKind.Distances;
        }

        var known = kind == ScreenKind.Molecules ? Known(session, observer) : [];
        if (known is null)
        {
            (kind, known) = (ScreenKind.Distances, []);
        }

        var screening = Screening.Of(structures, kind, session.Plan.Threads, observer, cancellation);
        var describe = Descriptors(structures, plan);
        var (funnel, picks) = screening.Distinct <= plan.Clusters
            ? KeepAll(structures, screening, known, describe, plan.DuplicateDistance)
            : Cluster(session, structures, screening, known, describe, observer, cancellation);
        if (picks.Count == 0)
        {
            throw new PolymorphException("PM7013", $"none of {structures.Count} structures is left", session.Folder.Root,
                $"Losses: {string.Join("; ", funnel.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries))}. Train longer, or with more models.", ExitCode.NothingSurvived);
        }

        List<Structure> selected = [.. structures.At(picks).Zip(picks, (s, index) => screening.Name(index) is { } smiles ? s.WithProperty("smiles", smiles) : s)];
        StructureWriter.Write(session.Folder.SelectedFile, selected);
        AtomicFile.WriteText(session.Folder.FunnelFile, FunnelJson(funnel).ToJsonString(Indented) + "\n");
        session.Events.Write("select", ("generated", funnel.Generated), ("selected", selected.Count));
        return new SelectionOutcome(funnel, selected);
    }

    /// <summary>The funnel as JSON: a list of stages with counts and losses by reason.</summary>
    /// <param name="funnel">The funnel.</param>
    public static JsonArray FunnelJson(Funnel funnel)
    {
        ArgumentNullException.ThrowIfNull(funnel);
        return new JsonArray([.. funnel.Rows().Select(row => (JsonNode)new JsonObject
        {
            ["stage"] = JsonNamingPolicy.CamelCase.ConvertName(row.Stage.ToString()),
            ["entered"] = row.Entered,
            ["survived"] = row.Survived,
            ["losses"] = new JsonObject(row.Losses.Select(l => KeyValuePair.Create(l.Reason.Code(), (JsonNode?)l.Count))),
        })]);
    }

    private static Func<StructuralDescriptor> Descriptors(GeneratedStructures structures, SelectionPlan plan)
    {
        var assembly = structures.Assembly;
        Element[] elements = [.. assembly.Species.Distinct().Order()];
        int[] types = [.. assembly.Species.Select(e => Array.IndexOf(elements, e))];
        return () => new StructuralDescriptor(plan.Descriptor, types, elements.Length, assembly.Lattice, assembly.Periodicity);
    }

    // No more different structures than clusters: each is kept, and there is nothing to cluster.
    private static (Funnel Funnel, IReadOnlyList<int> Picks) KeepAll(
        GeneratedStructures structures, Screening screening, HashSet<string> known, Func<StructuralDescriptor> describe, double? duplicateDistance)
    {
        var funnel = new Funnel();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var picks = new List<int>();
        var descriptor = describe();
        var nameless = duplicateDistance is { } distance ? new DuplicateFilter(descriptor.Length, distance) : null;
        var source = structures.Source();
        float[] positions = new float[3 * structures.Assembly.Species.Length], row = new float[descriptor.Length];
        funnel.Enter(structures.Count);
        for (int index = 0; index < structures.Count; index++)
        {
            if (screening.Loss(index) is { } reason)
            {
                funnel.Lose(FunnelStage.GeometryOk, reason);
            }
            else if (screening.Name(index) is { } name ? !seen.Add(name) : IsRepeat(index))
            {
                funnel.Lose(FunnelStage.Distinct, LossReason.Duplicate);
            }
            else if (known.Contains(screening.Name(index) ?? ""))
            {
                funnel.Lose(FunnelStage.Novel, LossReason.Known);
            }
            else
            {
                picks.Add(index);
            }
        }

        return (funnel, picks);

        bool IsRepeat(int index)
        {
            if (nameless is null)
            {
                return false;
            }

            source.Fill(index, 1, positions);
            descriptor.Describe(positions, 1, row);
            return nameless.FindOrAdd("", row) is not null;
        }
    }

    private static (Funnel Funnel, IReadOnlyList<int> Picks) Cluster(
        StudySession session, GeneratedStructures structures, Screening screening, HashSet<string> known, Func<StructuralDescriptor> describe, IStudyObserver observer, CancellationToken cancellation)
    {
        var plan = session.Plan.Selection;
        int width = describe().Length, done = 0;
        bool named = plan.Screen == ScreenKind.Molecules && Screening.CanName(structures.Assembly);
        DuplicateFilter? knownFilter = null;
        foreach (string name in known)
        {
            (knownFilter ??= new DuplicateFilter(width, double.PositiveInfinity)).FindOrAdd(name, new float[width]);
        }

        LossReason? Screened(int index, ReadOnlySpan<float> positions)
        {
            int now = Interlocked.Increment(ref done);
            if ((now & 0xFFF) == 0 || now == structures.Count)
            {
                observer.Work("selecting", now, structures.Count);
            }

            return screening.Loss(index);
        }

        var result = StreamedSelection.Run(structures.Count, structures.Source, describe, new StreamedSelectionOptions
        {
            Components = Math.Min(plan.Components, width),
            Clustering = new KMeansOptions { Clusters = plan.Clusters, Seed = session.Plan.Seed, Threads = session.Plan.Threads },
            Screen = Screened,
            DuplicateTolerance = named ? double.PositiveInfinity : plan.DuplicateDistance,
            Known = knownFilter,
            Key = named ? index => screening.Name(index)! : null,
            Threads = session.Plan.Threads,
        }, cancellation);
        return (result.Funnel, result.Picks);
    }

    /// <summary>Names of the known molecules; null when most of them have multiple bonds, so that the same would be dropped from what was generated.</summary>
    private static HashSet<string>? Known(StudySession session, IStudyObserver observer)
    {
        List<Structure> molecules = [.. session.ReadTraining().Where(s => !s.Periodicity.Any && s.AtomCount <= MoleculeClassifier.MaxAtoms)];
        List<string> names = [.. new SaturatedMoleculeNamer().Names(molecules).OfType<string>()];
        int unnamed = molecules.Count - names.Count;
        if (unnamed == 0)
        {
            return [.. names];
        }

        bool most = 2 * unnamed > molecules.Count;
        observer.Note($"{unnamed} of {molecules.Count} known molecules have multiple bonds or broken ones. " + (most
            ? "Structures are checked by their distances instead."
            : "Such molecules are dropped as wrong-valence; '--screen distances' keeps them."));
        return most ? null : [.. names];
    }
}

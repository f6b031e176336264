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
        var screen = plan.Screen;
        if (screen == ScreenKind.Molecules && !MoleculeNames.CanName(structures.Assembly))
        {
            observer.Note("Bonds and valences do not decide what these structures are; their distances are checked instead.");
            screen = ScreenKind.Distances;
        }

        var names = screen == ScreenKind.Molecules ? MoleculeNames.Of(structures, session.Plan.Threads, observer, cancellation) : null;
        var known = names is null ? [] : KnownMolecules(session.ReadTraining());
        var (funnel, picks) = names is not null && FirstOfEach(structures, names, known) is var firsts && firsts.Picks.Count <= plan.Clusters
            ? firsts
            : Cluster(session, structures, names, known, screen, observer, cancellation);
        if (picks.Count == 0)
        {
            throw new PolymorphException("PM7013", $"none of {structures.Count} structures is left", session.Folder.Root,
                $"Losses: {string.Join("; ", funnel.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries))}. Train longer, or with more models.", ExitCode.NothingSurvived);
        }

        List<Structure> selected = [.. structures.At(picks).Zip(picks, (s, index) => names?.Name(index) is { } smiles ? s.WithProperty("smiles", smiles) : s)];
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

    // Few different molecules: each is kept, and there is nothing to cluster.
    private static (Funnel Funnel, IReadOnlyList<int> Picks) FirstOfEach(GeneratedStructures structures, MoleculeNames names, HashSet<string> known)
    {
        var funnel = new Funnel();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var picks = new List<int>();
        funnel.Enter(structures.Count);
        for (int index = 0; index < structures.Count; index++)
        {
            if (names.Loss(index) is { } reason)
            {
                funnel.Lose(FunnelStage.GeometryOk, reason);
            }
            else if (!seen.Add(names.Name(index)!))
            {
                funnel.Lose(FunnelStage.Distinct, LossReason.Duplicate);
            }
            else if (known.Contains(names.Name(index)!))
            {
                funnel.Lose(FunnelStage.Novel, LossReason.Known);
            }
            else
            {
                picks.Add(index);
            }
        }

        return (funnel, picks);
    }

    private static (Funnel Funnel, IReadOnlyList<int> Picks) Cluster(
        StudySession session, GeneratedStructures structures, MoleculeNames? names, HashSet<string> known, ScreenKind screen, IStudyObserver observer, CancellationToken cancellation)
    {
        var plan = session.Plan.Selection;
        var assembly = structures.Assembly;
        Element[] elements = [.. assembly.Species.Distinct().Order()];
        int[] types = [.. assembly.Species.Select(e => Array.IndexOf(elements, e))];
        var geometry = new GeometryCheck(assembly.Species, null, assembly.Lattice, assembly.Periodicity);
        StructuralDescriptor NewDescriptor() => new(plan.Descriptor, types, elements.Length, assembly.Lattice, assembly.Periodicity);
        int width = NewDescriptor().Length, done = 0;
        DuplicateFilter? knownFilter = null;
        foreach (string name in known)
        {
            (knownFilter ??= new DuplicateFilter(width, double.PositiveInfinity)).FindOrAdd(name, new float[width]);
        }

        LossReason? Screened(int index, ReadOnlySpan<float> positions)
        {
            if ((Interlocked.Increment(ref done) & 0xFFF) == 0 || done == structures.Count)
            {
                observer.Work("selecting", done, structures.Count);
            }

            return screen switch
            {
                ScreenKind.Molecules => names!.Loss(index),
                ScreenKind.Distances => geometry.Check(positions).Reason,
                _ => null,
            };
        }

        var result = StreamedSelection.Run(structures.Count, structures.Source, NewDescriptor, new StreamedSelectionOptions
        {
            Components = Math.Min(plan.Components, width),
            Clustering = new KMeansOptions { Clusters = plan.Clusters, Seed = session.Plan.Seed, Threads = session.Plan.Threads },
            Screen = Screened,
            DuplicateTolerance = names is null ? plan.DuplicateDistance : double.PositiveInfinity,
            Known = knownFilter,
            Key = names is null ? null : index => names.Name(index)!,
            Threads = session.Plan.Threads,
        }, cancellation);
        return (result.Funnel, result.Picks);
    }

    private static HashSet<string> KnownMolecules(IReadOnlyList<Structure> training) =>
        [.. new SaturatedMoleculeNamer().Names([.. training.Where(s => !s.Periodicity.Any && s.AtomCount <= MoleculeClassifier.MaxAtoms)]).OfType<string>()];
}

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
using Polymorph.Studies.Relaxations;
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
    /// <exception cref="PolymorphException">PM7010: no model is finished; PM7013: nothing survived.</exception>
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
        if (kind == ScreenKind.Molecules && screening.KeepNearMolecules(known, plan.Clusters) is var near and > 0)
        {
            observer.Note($"{near} structures are kept that nearly are molecules which no structure is.");
        }

        var (funnel, picks, sizes) = Survivors(session, () => Select(session, structures, kind == ScreenKind.Molecules ? null : plan.DuplicateDistance, known, screening, observer, cancellation), screening);
        List<Structure> selected = [.. structures.At(picks).Zip(picks, (s, index) => Named(s, screening, index).WithProperty(RelaxationCandidate.SizeProperty, sizes[index]))];

        // Relaxed structures of another selection would be taken for those of this one; their results stay in the folder 'relax'.
        foreach (string stale in new[] { session.Folder.RelaxedFile, session.Folder.RelaxationFile }.Where(File.Exists))
        {
            AtomicFile.Remove(stale);
        }

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

    private static Structure Named(Structure structure, Screening screening, int index) => screening.Name(index) is { } smiles
        ? structure.WithProperty("smiles", smiles).WithProperty(RelaxationCandidate.RepeatsProperty, screening.Repeats(index) ?? 1)
        : screening.NearName(index) is { } near ? structure.WithProperty("near_molecule", near)
        : structure;

    /// <summary>How many generated structures each pick stands for: its cluster, the repeats of molecules counted.</summary>
    private static Dictionary<int, long> Sizes(SelectionResult result, Screening screening)
    {
        if (result.Clustering is not { } clustering)
        {
            return result.Picks.ToDictionary(pick => pick, pick => screening.Repeats(pick) ?? 1);
        }

        var ofCluster = new long[clustering.Count];
        for (int i = 0; i < result.Clustered.Count; i++)
        {
            ofCluster[clustering.Labels[i]] += screening.Repeats(result.Clustered[i]) ?? 1;
        }

        // Two centres may share their nearest structure.
        return clustering.NearestPoints(result.Points.Span).Zip(ofCluster, (point, size) => (Pick: result.Clustered[point], Size: size))
            .GroupBy(p => p.Pick).ToDictionary(g => g.Key, g => g.Sum(p => p.Size));
    }

    private static (Funnel Funnel, IReadOnlyList<int> Picks, Dictionary<int, long> Sizes) Survivors(StudySession session, Func<SelectionResult> select, Screening screening)
    {
        try
        {
            var result = select();
            return (result.Funnel, result.Picks, Sizes(result, screening));
        }
        catch (PolymorphException e) when (e.ExitCode == ExitCode.NothingSurvived)
        {
            throw new PolymorphException("PM7013", e.Reason, session.Folder.Root, $"{e.NextStep} More models help, too.", ExitCode.NothingSurvived, e);
        }
    }

    private static SelectionResult Select(
        StudySession session, GeneratedStructures structures, double? duplicates, HashSet<string> known, Screening screening, IStudyObserver observer, CancellationToken cancellation)
    {
        var plan = session.Plan.Selection;
        var describe = Descriptors(structures, plan);
        int done = 0;

        // Molecules are told apart by their names before they are described; other structures by their descriptors.
        LossReason? Screened(int index, ReadOnlySpan<float> positions)
        {
            int now = Interlocked.Increment(ref done);
            if ((now & 0xFFF) == 0 || now == structures.Count)
            {
                observer.Work("selecting", now, structures.Count);
            }

            return screening.Loss(index) ?? (screening.Name(index) is not { } name ? null
                : screening.IsRepeat(index) ? LossReason.Duplicate
                : known.Contains(name) ? LossReason.Known : null);
        }

        return StreamedSelection.Run(structures.Count, structures.Source, describe, new StreamedSelectionOptions
        {
            Components = Math.Min(plan.Components, describe().Length),
            Clustering = new KMeansOptions { Clusters = plan.Clusters, Seed = session.Plan.Seed, Threads = session.Plan.Threads },
            Screen = Screened,
            DuplicateTolerance = duplicates,
            Threads = session.Plan.Threads,
        }, cancellation);
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

using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Polymorph.Foundation;
using Polymorph.Models.LoGan;
using Polymorph.Representations.LocalDescriptors;
using Polymorph.Selection;
using Polymorph.Selection.Coverage;
using Polymorph.Selection.Metrics;
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
public sealed record SelectionOutcome(Funnel Funnel, IReadOnlyList<Structure> Structures)
{
    /// <summary>How much of what the models give has been seen; null when repeats were not looked for.</summary>
    public CoverageEstimate? Coverage { get; init; }

    /// <summary>The file that tells the fate of every structure.</summary>
    public required string LossesFile { get; init; }
}

/// <summary>From everything the models generate to a few representatives: screen, drop duplicates and what is known, project, cluster, pick.</summary>
public static class SelectStage
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Selects and writes <c>structures/selected.extxyz</c>, <c>funnel.json</c>, <c>selection.json</c> and <c>losses.tsv.gz</c>. A killed process is continued by the same command.</summary>
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
        if (kind == ScreenKind.Molecules && !GeometryScreening.CanName(structures.Assembly))
        {
            observer.Note("Bonds and valences do not decide what these structures are; their distances are checked instead.");
            kind = ScreenKind.Distances;
        }

        var known = kind == ScreenKind.Molecules ? KnownMolecules.Of(session, observer) : KnownMolecules.None;
        if (known is null)
        {
            (kind, known) = (ScreenKind.Distances, KnownMolecules.None);
        }

        if (plan.DropsKnownCrystals && structures.Assembly.Periodicity != Periodicity.Full)
        {
            observer.Note("These are no crystals that repeat along three axes; the structure matcher is not asked which of them are known.");
        }

        string imbalance = plan.AsksChargeBalance ? Imbalance(structures.Assembly) : "";
        if (imbalance.Length > 0)
        {
            observer.Note($"No structure has balanced charges: {imbalance}.");
        }

        var screening = GeometryScreening.Of(structures, kind, new CellOptions { IsBalanced = _ => imbalance.Length == 0 }, session.Plan.Threads, observer, cancellation);
        if (kind == ScreenKind.Molecules && screening.KeepNearMolecules(known.Names, plan.Clusters) is var near and > 0)
        {
            observer.Note($"{near} structures are kept that nearly are molecules which no structure is.");
        }

        bool recognisesRepeats = kind == ScreenKind.Molecules || plan.DuplicateDistance is not null;
        var result = Survivors(session, () => Select(session, structures, kind, known, screening, Record, observer, cancellation));

        // What only nearly is a molecule is none: it is no draw.
        var coverage = recognisesRepeats ? result.Coverage(i => kind != ScreenKind.Molecules || screening.Name(i) is not null) : null;
        var sizes = Sizes(result, screening);
        List<Structure> selected = [.. structures.At(result.Picks).Zip(result.Picks, (s, index) => Named(s, screening, index).WithProperty(RelaxationCandidate.SizeProperty, sizes[index]))];

        // Relaxed structures of another selection would be taken for those of this one; their results stay in the folder 'relax'.
        foreach (string stale in new[] { session.Folder.RelaxedFile, session.Folder.RelaxationFile }.Where(File.Exists))
        {
            AtomicFile.Remove(stale);
        }

        Record(result);
        StructureWriter.Write(session.Folder.SelectedFile, selected);
        AtomicFile.WriteText(session.Folder.FunnelFile, FunnelJson(result.Funnel).ToJsonString(Indented) + "\n");
        var outcome = new SelectionOutcome(result.Funnel, selected) { Coverage = coverage, LossesFile = session.Folder.LossesFile };
        AtomicFile.WriteText(session.Folder.SelectionFile, new JsonObject
        {
            ["representatives"] = plan.Representatives.ToString().ToLowerInvariant(),
            ["selected"] = selected.Count,
            ["coverage"] = CoverageJson(coverage),
            ["losses"] = Path.GetFileName(session.Folder.LossesFile),
        }.ToJsonString(Indented) + "\n");
        AtomicFile.Remove(session.Folder.SelectionJournalFile);
        session.Events.Write("select", ("generated", result.Funnel.Generated), ("selected", selected.Count), ("unseen", coverage?.Unseen));
        return outcome;

        void Record(SelectionResult fates) =>
            LossFile.Write(session.Folder.LossesFile, fates, structures.Assembly.Species, structures.IdOf, i => FormattableString.Invariant($"known {i}"), imbalance);
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
            ["pairs"] = new JsonObject(row.Pairs.Select(p => KeyValuePair.Create($"{p.Reason.Code()} {p.Pair}", (JsonNode?)p.Count))),
        })]);
    }

    /// <summary>The coverage as JSON; null when repeats were not looked for.</summary>
    /// <param name="coverage">The estimates.</param>
    public static JsonObject? CoverageJson(CoverageEstimate? coverage) => coverage is null ? null : RelaxationJson.Of(coverage, randomSample: true);

    /// <summary>The formula and why its charges cannot balance; empty when they can.</summary>
    private static string Imbalance(StructureAssembly assembly)
    {
        var composition = new Composition(assembly.Species);
        return CompositionalValidity.WhyNot(composition, OxidationTable.Smact2014) is { } why ? $"{composition.Formula}: {why}" : "";
    }

    private static Func<StructuralDescriptor> Descriptors(GeneratedStructures structures, SelectionPlan plan)
    {
        var assembly = structures.Assembly;
        Element[] elements = [.. assembly.Species.Distinct().Order()];
        int[] types = [.. assembly.Species.Select(e => Array.IndexOf(elements, e))];
        return () => new StructuralDescriptor(plan.Descriptor, types, elements.Length, assembly.Lattice, assembly.Periodicity);
    }

    private static Structure Named(Structure structure, GeometryScreening screening, int index) => screening.Name(index) is { } smiles
        ? structure.WithProperty("smiles", smiles).WithProperty(RelaxationCandidate.RepeatsProperty, screening.Repeats(index) ?? 1)
        : screening.NearName(index) is { } near ? structure.WithProperty("near_molecule", near)
        : structure;

    /// <summary>How many generated structures each pick stands for, the repeats of molecules counted.</summary>
    private static Dictionary<int, long> Sizes(SelectionResult result, GeometryScreening screening)
    {
        var sizes = result.Picks.ToDictionary(pick => pick, _ => 0L);
        foreach (int index in result.Clustered)
        {
            sizes[result.RepresentativeOf(index)] += screening.Repeats(index) ?? 1;
        }

        return sizes;
    }

    private static SelectionResult Survivors(StudySession session, Func<SelectionResult> select)
    {
        try
        {
            return select();
        }
        catch (PolymorphException e) when (e.ExitCode == ExitCode.NothingSurvived)
        {
            throw new PolymorphException("PM7013", e.Reason, session.Folder.Root, $"{e.NextStep} More models help, too.", ExitCode.NothingSurvived, e);
        }
    }

    private static SelectionResult Select(
        StudySession session, GeneratedStructures structures, ScreenKind kind, KnownMolecules known, GeometryScreening screening, Action<SelectionResult> nothingLeft, IStudyObserver observer, CancellationToken cancellation)
    {
        var plan = session.Plan.Selection;
        var assembly = structures.Assembly;
        var describe = Descriptors(structures, plan);
        var crystals = plan.DropsKnownCrystals && assembly.Periodicity == Periodicity.Full ? new TrainingCrystals(session.ReadTraining()) : null;
        int done = 0;

        // Molecules are told apart by their names before they are described; other structures by their descriptors.
        Loss? Screened(int index, ReadOnlySpan<float> positions)
        {
            int now = Interlocked.Increment(ref done);
            if ((now & 0xFFF) == 0 || now == structures.Count)
            {
                observer.Work("selecting", now, structures.Count);
            }

            return screening.Loss(index, positions) ?? (screening.Name(index) is { } name
                ? screening.Better(index) is { } better ? new Loss(LossReason.Duplicate, better) : known.Find(name) is { } same ? new Loss(LossReason.Known, same) : null
                : crystals?.FirstMatch(structures.ToStructure(positions)) is { } frame ? new Loss(LossReason.Known, frame) : null);
        }

        return StreamedSelection.Run(structures.Count, structures.Source, describe, new StreamedSelectionOptions
        {
            Components = Math.Min(plan.Components, describe().Length),
            Clustering = new KMeansOptions { Clusters = plan.Clusters, Seed = session.Plan.Seed, Threads = session.Plan.Threads },
            Representatives = plan.Representatives,
            Topology = plan.Representatives == RepresentativeMethod.Topology ? Topology(assembly, screening) : null,
            AtomCount = assembly.Species.Length,
            Screen = Screened,
            NothingLeft = nothingLeft,
            DuplicateTolerance = kind == ScreenKind.Molecules ? null : plan.DuplicateDistance,
            Threads = session.Plan.Threads,
            JournalFile = session.Folder.SelectionJournalFile,
            JournalSettings = Settings(session, structures, kind, plan),
        }, cancellation);
    }

    /// <summary>Molecules with every valence right are told apart by their names, everything else by coordination sequences.</summary>
    private static StructureTopology Topology(StructureAssembly assembly, GeometryScreening screening)
    {
        var coordination = new CoordinationKey(assembly.Species, assembly.Lattice, assembly.Periodicity);
        var molecules = GeometryScreening.CanName(assembly) ? new MoleculeClassifier(assembly.Species) : null;
        return (index, positions) => (screening.Name(index) ?? molecules?.Classify(positions).Smiles) is { } name
            ? BitConverter.ToUInt64(SHA256.HashData(Encoding.UTF8.GetBytes(name)))
            : coordination.Of(positions);
    }

    /// <summary>Everything that decides the fates of structures before representatives are chosen.</summary>
    private static string Settings(StudySession session, GeneratedStructures structures, ScreenKind kind, SelectionPlan plan)
    {
        string File(string path) => Convert.ToHexString(SHA256.HashData(System.IO.File.ReadAllBytes(path)));
        return string.Create(CultureInfo.InvariantCulture,
            $"{kind}, {(kind == ScreenKind.Molecules ? plan.Clusters : 0)} wanted, {plan.Descriptor}, known crystals dropped: {plan.DropsKnownCrystals}, charges balanced: {plan.AsksChargeBalance}, {structures.PerModel} of each of {string.Join(' ', structures.Models.Select(m => $"{m} {File(session.Folder.ModelFile(m))}"))}, known {File(session.Folder.TrainingFile)}");
    }
}

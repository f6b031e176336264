using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Polymorph.Energies.Batch;
using Polymorph.Energies.Catalogue;
using Polymorph.Energies.Relaxation;
using Polymorph.Foundation;
using Polymorph.Models.LoGan;
using Polymorph.Structures;
using Polymorph.Structures.Formats;
using Polymorph.Studies.Recipes;
using Polymorph.Studies.Relaxations;
using Polymorph.Studies.Runs;

namespace Polymorph.Studies.Stages;

/// <summary>What a relaxation gave.</summary>
/// <param name="Method">Method of every energy.</param>
/// <param name="Folder">Folder with the results; null for a plain file.</param>
/// <param name="File">The relaxed structures; null when there is none to write into a plain file.</param>
/// <param name="Campaign">Results and what they add up to.</param>
/// <param name="Unread">Entries of a plain file that could not be read.</param>
/// <param name="Elapsed">Time this process took.</param>
public sealed record RelaxationOutcome(string Method, string? Folder, string? File, CampaignResult Campaign, int Unread, TimeSpan Elapsed)
{
    /// <summary>How the command ends: partly converged when some structures are no minima, failed when the engine failed for all.</summary>
    public ExitCode Exit
    {
        get
        {
            int count = Campaign.Relaxed.Length, converged = Campaign.Count(RelaxationStatus.Converged);
            return count == 0 ? ExitCode.InputData
                : converged == count && Unread == 0 ? ExitCode.Done
                : Campaign.Count(RelaxationStatus.EngineFailed) == count ? ExitCode.EngineFailed
                : ExitCode.PartlyConverged;
        }
    }
}

/// <summary>Takes the selected structures of a run to local minima.</summary>
/// <remarks>Results lie in <c>relax/METHOD-SETTINGS/results.jsonl</c>, one folder per method and settings, so that they are never mixed;
/// <c>structures/relaxed.extxyz</c> and <c>relaxation.json</c> are of the last relaxation.</remarks>
public static class RelaxStage
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Relaxes what is not relaxed yet.</summary>
    /// <param name="session">The run folder.</param>
    /// <param name="catalogue">The engines.</param>
    /// <param name="observer">Told how far it is.</param>
    /// <param name="cancellation">Stops; what is saved stays, and the same command continues.</param>
    /// <exception cref="PolymorphException">PM7011: nothing has been selected; PM7022 to PM7024; those of engines.</exception>
    public static RelaxationOutcome Run(StudySession session, EngineCatalogue catalogue, IStudyObserver observer, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(catalogue);
        ArgumentNullException.ThrowIfNull(observer);
        var clock = Stopwatch.StartNew();
        var plan = session.Plan.Relaxation;
        var candidates = Candidates(session);
        using var pool = new EvaluatorPool(catalogue.OpenForRelaxation(plan.Engine, EngineRequest.For(plan.Precision, candidates.Select(c => c.Start))));
        string method = pool.Engine.Method, key = plan.Key(method), folder = session.Folder.RelaxationFolder(key);
        observer.Note($"method: {method}");
        using var journal = RelaxationJournal.Open(Path.Combine(folder, "results.jsonl"), plan.Settings(method));
        session.Events.Write("relax.begin", ("method", method), ("key", key), ("candidates", candidates.Count), ("done", journal.Count));
        if (journal.DamagedLines > 0)
        {
            observer.Note($"{journal.DamagedLines} damaged lines of earlier results are left out; those structures are relaxed again.");
        }

        var campaign = new RelaxationCampaign(plan, pool, journal, observer)
        {
            Threads = session.Plan.Threads,
            TrajectoryFolder = plan.Trajectories ? Path.Combine(folder, "trajectories") : null,
            Descriptor = session.Plan.Selection.Descriptor,
            Prepare = plan.CriticSteps > 0 ? CriticSteps(session, plan.CriticSteps) : null,
        };
        var result = campaign.Run(candidates, cancellation);
        StructureWriter.Write(session.Folder.RelaxedFile, result.Relaxed.Where(r => r.IsKept).Select(RelaxedStructures.ToStructure));
        var outcome = new RelaxationOutcome(method, folder, session.Folder.RelaxedFile, result, 0, clock.Elapsed);
        var document = RelaxationJson.Of(outcome);
        document["engine"] = plan.Engine;
        document["settings"] = plan.Settings(method);
        document["folder"] = Path.GetRelativePath(session.Folder.Root, folder).Replace('\\', '/');
        AtomicFile.WriteText(session.Folder.RelaxationFile, document.ToJsonString(Indented) + "\n");

        // It was of the structures before.
        AtomicFile.Remove(session.Folder.ComparisonFile);
        session.Events.Write("relax.end", ("method", method), ("relaxed", result.Relaxed.Length), ("converged", result.Count(RelaxationStatus.Converged)), ("distinct", result.Minima.Count));
        return outcome;
    }

    /// <summary>The selected structures as candidates; atoms of a substrate stay where they are.</summary>
    /// <param name="session">The run folder.</param>
    /// <exception cref="PolymorphException">PM7011: nothing has been selected.</exception>
    internal static List<RelaxationCandidate> Candidates(StudySession session)
    {
        var selected = session.Folder.ReadSelected();
        int fixedAtoms = session.Plan.Resolved.Has(RecipeKeys.Substrate) ? StructureReader.ReadStrict(session.Folder.SubstrateFile, new ReadOptions { MinDistance = 0 })[0].AtomCount : 0;
        return [.. selected.Select(s => RelaxationCandidate.Of(s, Enumerable.Range(0, fixedAtoms)))];
    }

    /// <summary>Walks a structure down the score of the critic of the model that made it. Critics are one thread's: each model has as many as threads use it.</summary>
    private static Func<Structure, Structure> CriticSteps(StudySession session, int steps)
    {
        var idle = new ConcurrentDictionary<string, ConcurrentBag<CriticRefinement>>(StringComparer.Ordinal);
        return structure =>
        {
            if (structure.Properties.GetValueOrDefault("model") is not string model)
            {
                return structure;
            }

            var bag = idle.GetOrAdd(model, _ => []);
            var critic = bag.TryTake(out var found) ? found : CriticRefinement.Load(session.Folder.ModelFile(model));
            var refined = critic.Refine(structure, steps);
            bag.Add(critic);
            return refined;
        };
    }
}

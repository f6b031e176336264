using System.Diagnostics;
using Polymorph.Energies.Batch;
using Polymorph.Energies.Catalogue;
using Polymorph.Foundation;
using Polymorph.Structures.Formats;
using Polymorph.Studies.Relaxations;
using Polymorph.Studies.Runs;

namespace Polymorph.Studies.Stages;

/// <summary>Relaxes the structures of plain files into one file, without a run folder. A killed process is continued by the same command.</summary>
public static class FileRelaxation
{
    /// <summary>The file that holds what is done until all is done.</summary>
    /// <param name="output">The file to write.</param>
    public static string JournalOf(string output) => output + ".relaxing.jsonl";

    /// <summary>Relaxes.</summary>
    /// <param name="entries">The structures as they are read.</param>
    /// <param name="output">The file to write; its name tells the format.</param>
    /// <param name="plan">Settings.</param>
    /// <param name="threads">Threads to use.</param>
    /// <param name="catalogue">The engines.</param>
    /// <param name="observer">Told of what cannot be read, and how far it is.</param>
    /// <param name="cancellation">Stops; the same command continues.</param>
    /// <exception cref="PolymorphException">PM7025: nothing could be read; PM2150: the name of the output tells no format; PM7022 to PM7024; those of engines.</exception>
    public static RelaxationOutcome Run(
        IEnumerable<ReadResult> entries, string output, RelaxationPlan plan, int threads, EngineCatalogue catalogue, IStudyObserver observer, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(entries);
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(catalogue);
        ArgumentNullException.ThrowIfNull(observer);
        var clock = Stopwatch.StartNew();
        if (StructureFormats.WrittenAs(output) is null)
        {
            throw new PolymorphException("PM7026", "the name of the output tells no format that can be written", output, "End it with .extxyz, .xyz, .cif, .vasp or .jsonl.", ExitCode.Usage);
        }

        var (candidates, unread) = Read(entries, observer);
        using var pool = new EvaluatorPool(catalogue.OpenForRelaxation(plan.Engine, EngineRequest.For(plan.Precision, candidates.Select(c => c.Start))));
        string method = pool.Engine.Method, journalFile = JournalOf(output);
        observer.Note($"method: {method}");
        CampaignResult result;
        using (var journal = RelaxationJournal.Open(journalFile, plan.Settings(method)))
        {
            if (journal.Count > 0)
            {
                observer.Note($"{journal.Count} relaxations of an earlier call are taken over.");
            }

            var campaign = new RelaxationCampaign(plan, pool, journal, observer) { Threads = threads, TrajectoryFolder = plan.Trajectories ? output + ".trajectories" : null };
            result = campaign.Run(candidates, cancellation);

            // Nothing is no reason to empty a file that may be there.
            if (result.Relaxed.Any(r => r.IsKept))
            {
                StructureWriter.Write(output, result.Relaxed.Where(r => r.IsKept).Select(RelaxedStructures.ToStructure));
            }
        }

        AtomicFile.Remove(journalFile);
        return new RelaxationOutcome(method, null, result.Relaxed.Any(r => r.IsKept) ? Path.GetFullPath(output) : null, result, unread, clock.Elapsed);
    }

    private static (List<RelaxationCandidate> Candidates, int Unread) Read(IEnumerable<ReadResult> entries, IStudyObserver observer)
    {
        var candidates = new List<RelaxationCandidate>();
        int unread = 0;
        Rejection? first = null;
        foreach (var (structure, rejection) in entries)
        {
            if (structure is not null)
            {
                candidates.Add(RelaxationCandidate.Of(structure));
                continue;
            }

            first ??= rejection;
            unread++;
            observer.Note($"left out: {rejection}");
        }

        return candidates.Count > 0 ? (candidates, unread)
            : throw (first?.ToException() ?? new PolymorphException("PM7025", "there is no structure to relax", nextStep: "Give files with at least one structure."));
    }
}

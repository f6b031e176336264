using System.Collections.Immutable;
using Polymorph.Foundation;
using Polymorph.Models.LoGan;
using Polymorph.Structures;
using Polymorph.Structures.Formats;
using Polymorph.Studies.Runs;

namespace Polymorph.Studies.Stages;

/// <summary>What a model generated.</summary>
/// <param name="Model">Its name.</param>
/// <param name="File">The file with the structures.</param>
/// <param name="Count">How many.</param>
public sealed record GeneratedFile(string Model, string File, long Count);

/// <summary>Generates structures with every finished model of a study. Structure i of a model is the same however many are asked and however the work is split.</summary>
public static class GenerateStage
{
    private const int Chunk = 256;

    /// <summary>Writes one file per model, streamed.</summary>
    /// <param name="session">The run folder.</param>
    /// <param name="observer">Told how many are done.</param>
    /// <param name="cancellation">Stops; files that are whole stay.</param>
    /// <exception cref="PolymorphException">PM7010: no model is finished; the disk is full.</exception>
    public static ImmutableArray<GeneratedFile> Run(StudySession session, IStudyObserver observer, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(observer);
        var models = session.FinishedModels();
        long perModel = session.Plan.StructuresPerModel, done = 0;
        var files = new GeneratedFile[models.Length];
        try
        {
            Parallel.For(0, models.Length, new ParallelOptions { MaxDegreeOfParallelism = session.Plan.Threads, CancellationToken = cancellation }, index =>
            {
                string model = models[index], file = session.Folder.GeneratedFile(model);
                var generator = session.LoadGenerator(model);
                long written = StructureWriter.Write(file, Structures(generator, model, perModel, chunk =>
                {
                    cancellation.ThrowIfCancellationRequested();
                    observer.Work("generating", Interlocked.Add(ref done, chunk), perModel * models.Length);
                }));
                files[index] = new GeneratedFile(model, file, written);
                session.Events.Write("generate", ("model", model), ("count", written));
            });
        }
        catch (AggregateException e)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }

        return [.. files];
    }

    private static IEnumerable<Structure> Structures(LoGanGenerator generator, string model, long count, Action<int> progress)
    {
        int size = 3 * generator.Assembly.Species.Length;
        var positions = new float[Chunk * size];
        for (long first = 0; first < count; first += Chunk)
        {
            int rows = (int)Math.Min(Chunk, count - first);
            generator.Fill(first, rows, positions);
            for (int row = 0; row < rows; row++)
            {
                yield return generator.ToStructure(positions.AsSpan(row * size, size), "")
                    .WithProperty("model", model).WithProperty("index", first + row);
            }

            progress(rows);
        }
    }
}

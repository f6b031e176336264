using Polymorph.Foundation;
using Polymorph.Studies.Runs;

namespace Polymorph.Studies.Stages;

/// <summary>The last two checkpoints of a model in training, and its file when it is done.</summary>
/// <param name="folder">The run folder.</param>
/// <param name="model">Name of the model.</param>
/// <param name="events">The log.</param>
/// <param name="observer">Told of damaged files.</param>
internal sealed class ModelCheckpoints(RunFolder folder, string model, EventLog events, IStudyObserver observer)
{
    /// <summary>Loads the newest checkpoint that is whole; a damaged one is set aside with a note.</summary>
    /// <param name="load">Loads a file.</param>
    /// <returns>Name of the file; null when the training begins.</returns>
    public string? Resume(Action<string> load)
    {
        foreach (string file in new[] { folder.CheckpointFile(model), folder.PreviousCheckpointFile(model) }.Where(File.Exists))
        {
            try
            {
                load(file);
                return Path.GetFileName(file);
            }
            catch (PolymorphException e)
            {
                observer.Note($"{model}: {e.Message} An older checkpoint is taken, or the beginning where there is none.");
                events.Write("checkpoint.damaged", ("model", model), ("file", Path.GetFileName(file)), ("reason", e.Message));
                AtomicFile.Rename(file, file + ".damaged");
            }
        }

        return null;
    }

    /// <summary>Writes a checkpoint. The last one stays under another name until the new one is whole.</summary>
    /// <param name="save">Writes a file.</param>
    public void Save(Action<string> save)
    {
        string file = folder.CheckpointFile(model);
        if (File.Exists(file))
        {
            AtomicFile.Rename(file, folder.PreviousCheckpointFile(model));
        }

        save(file);
    }

    /// <summary>Writes the finished model and removes its checkpoints.</summary>
    /// <param name="save">Writes a file.</param>
    public void Finish(Action<string> save)
    {
        save(folder.ModelFile(model));
        AtomicFile.Remove(folder.CheckpointFile(model));
        AtomicFile.Remove(folder.PreviousCheckpointFile(model));
    }

    /// <summary>Records why the model diverged.</summary>
    /// <param name="reason">The error.</param>
    /// <param name="epoch">Epochs done.</param>
    public void Diverged(PolymorphException reason, int epoch)
    {
        AtomicFile.WriteText(folder.DivergedFile(model), reason.Message + "\n");
        events.Write("model.diverged", ("model", model), ("epoch", epoch), ("reason", reason.Message));
    }
}

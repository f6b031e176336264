using System.Globalization;
using System.Security.Cryptography;
using Polymorph.Foundation;
using Polymorph.Studies.Recipes;
using Polymorph.Studies.Runs;

namespace Polymorph.Studies.CrystalGan;

/// <summary>What a run of the Crystal GAN does.</summary>
/// <param name="Preset">published, paper or polymorph.</param>
/// <param name="Seed">Seed.</param>
/// <param name="Epochs">Epochs.</param>
/// <param name="Batch">Images per batch.</param>
/// <param name="WidthDivisor">Divisor of the published widths.</param>
/// <param name="LearningRate">Adam's step of generator and critic; null for the preset's.</param>
/// <param name="CriticUpdates">Critic updates to one of the generator.</param>
/// <param name="Threads">Threads.</param>
/// <param name="CheckpointSeconds">Seconds between checkpoints.</param>
public sealed record CrystalGanPlan(string Preset, ulong Seed, int Epochs, int Batch, int WidthDivisor, double? LearningRate, int CriticUpdates, int Threads, double CheckpointSeconds);

/// <summary>A run folder of the Crystal GAN that this process works in: its plan, its training set, its lock, its log.</summary>
public sealed class CrystalGanSession : IDisposable
{
    private readonly RunLock _lock;

    private CrystalGanSession(RunFolder folder, RunLock held, EventLog events, CrystalGanPlan plan, PreparedSet data) =>
        (Folder, _lock, Events, Plan, Data) = (folder, held, events, plan, data);

    /// <summary>The folder.</summary>
    public RunFolder Folder { get; }

    /// <summary>The log.</summary>
    public EventLog Events { get; }

    /// <summary>What is to be done.</summary>
    public CrystalGanPlan Plan { get; }

    /// <summary>The training set, as the run keeps it.</summary>
    public PreparedSet Data { get; }

    /// <summary>True when the last process to work here was killed.</summary>
    public bool PreviousWasKilled => _lock.PreviousWasKilled;

    /// <summary>Begins a run in a new or empty folder, or continues the one that is there.</summary>
    /// <param name="path">The run folder.</param>
    /// <param name="asked">What is asked; for a run that has begun, nothing or the same as before.</param>
    /// <exception cref="PolymorphException">PM7003 to PM7008 as for other runs; PM7308: no training set is given; PM7309: the folder holds a run of another model.</exception>
    public static CrystalGanSession Begin(string path, CrystalGanRecipe asked)
    {
        ArgumentNullException.ThrowIfNull(asked);
        var folder = RunFolder.ForStudy(path);
        if (folder.HasStudy && !CrystalGanRun.IsAt(folder.Root))
        {
            throw new PolymorphException("PM7309", "this run folder holds a run of another model", path, "Choose another folder.", ExitCode.Usage);
        }

        // Read before the folder is touched, so that a mistake leaves nothing behind.
        var data = folder.HasStudy ? null : PreparedSet.Read(asked.Text(CrystalGanRecipe.Data)
            ?? throw new PolymorphException("PM7308", "no training set is given", path, "Name it with --data FOLDER; 'polymorph data prepare crystal-gan' makes one.", ExitCode.Usage));
        var held = RunLock.Take(folder);
        try
        {
            var resolved = data is null ? Continued(folder, asked) : Created(folder, asked, data);
            AtomicFile.RemoveAbandoned(folder.Root);
            return Open(folder, held, resolved);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>Opens a run to generate with it.</summary>
    /// <param name="path">The run folder.</param>
    /// <exception cref="PolymorphException">PM7002: no run is there; PM7309: one of another model; PM7004 to PM7007.</exception>
    public static CrystalGanSession Continue(string path)
    {
        RunFolder.Existing(path);
        return Begin(path, new CrystalGanRecipe());
    }

    /// <summary>The plan recorded in a folder.</summary>
    /// <param name="folder">The run folder.</param>
    /// <exception cref="PolymorphException">PM7101 to PM7107: <c>resolved.yaml</c> was damaged.</exception>
    public static CrystalGanPlan ReadPlan(RunFolder folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        return PlanOf(CrystalGanRecipe.ReadFile(folder.ResolvedFile));
    }

    /// <summary>Closes the log and gives the folder back.</summary>
    public void Dispose()
    {
        Events.Dispose();
        _lock.Dispose();
    }

    private static CrystalGanSession Open(RunFolder folder, RunLock held, CrystalGanRecipe resolved)
    {
        var plan = PlanOf(resolved);
        var data = PreparedSet.Read(CrystalGanRun.DataFolder(folder));
        var events = new EventLog(folder);
        events.Write("open", ("model", CrystalGanRun.Name), ("seed", plan.Seed), ("previousWasKilled", held.PreviousWasKilled));
        return new CrystalGanSession(folder, held, events, plan, data);
    }

    private static CrystalGanRecipe Created(RunFolder folder, CrystalGanRecipe asked, PreparedSet data)
    {
        // The training set is kept in the folder: later changes elsewhere cannot change a run that has begun.
        string from = asked.Text(CrystalGanRecipe.Data)!, to = CrystalGanRun.DataFolder(folder);
        foreach (string name in PreparedSet.FileNames.Where(n => File.Exists(Path.Combine(from, n))))
        {
            using var source = new FileStream(Path.Combine(from, name), FileMode.Open, FileAccess.Read, FileShare.Read);
            AtomicFile.Write(Path.Combine(to, name), target => source.CopyTo(target));
        }

        var resolved = Defaults();
        resolved.Overlay(asked);
        resolved.Set(CrystalGanRecipe.Data, Path.GetRelativePath(folder.Root, to).Replace('\\', '/'), "");

        // recipe.yaml comes last: a folder with one is a run, so a process killed here leaves an empty folder.
        WriteResolved(folder, resolved);
        asked.Set(CrystalGanRecipe.Model, CrystalGanRun.Name, "");
        AtomicFile.WriteText(folder.RecipeFile, asked.Write("What was asked. resolved.yaml has every value that was used.", describe: false));
        return resolved;
    }

    /// <summary>The values on record with new ones for how to work; anything else that differs is a contradiction.</summary>
    private static CrystalGanRecipe Continued(RunFolder folder, CrystalGanRecipe asked)
    {
        var resolved = CrystalGanRecipe.ReadFile(folder.ResolvedFile);
        foreach (var key in CrystalGanRecipe.Keys.Where(k => !k.IsOperational && asked.Text(k) is not null))
        {
            if (key == CrystalGanRecipe.Data)
            {
                string was = PreparedSet.Read(CrystalGanRun.DataFolder(folder)).Identity, now = PreparedSet.Read(asked.Text(key)!).Identity;
                RefuseUnless(was == now, folder, key, "another training set", asked.Text(key)!);
                continue;
            }

            RefuseUnless(asked.Text(key) == resolved.Text(key), folder, key, resolved.Text(key) ?? "open", asked.Text(key)!);
        }

        resolved.Overlay(asked, key => key.IsOperational);
        resolved.Set(CrystalGanRecipe.Data, Path.GetRelativePath(folder.Root, CrystalGanRun.DataFolder(folder)).Replace('\\', '/'), "");
        WriteResolved(folder, resolved);
        return resolved;
    }

    private static void WriteResolved(RunFolder folder, CrystalGanRecipe resolved) =>
        AtomicFile.WriteText(folder.ResolvedFile, resolved.Write("Every value used. This file is a recipe: it makes the same run again.", describe: true));

    private static void RefuseUnless(bool same, RunFolder folder, RecipeKey key, string was, string now)
    {
        if (!same)
        {
            throw new PolymorphException("PM7008", $"this run was begun with {key.Name} {was}, and now it is {now}", folder.Root, "Choose another folder for another run, or leave the value out to continue.", ExitCode.Usage);
        }
    }

    private static CrystalGanRecipe Defaults()
    {
        var recipe = new CrystalGanRecipe();
        recipe.Set(CrystalGanRecipe.Model, CrystalGanRun.Name, "");
        recipe.Set(CrystalGanRecipe.Preset, "polymorph", "");
        recipe.Set(CrystalGanRecipe.Seed, RandomNumberGenerator.GetInt32(1, int.MaxValue).ToString(CultureInfo.InvariantCulture), "");
        recipe.Set(CrystalGanRecipe.Epochs, "501", "");
        recipe.Set(CrystalGanRecipe.Batch, "32", "");
        recipe.Set(CrystalGanRecipe.WidthDivisor, "1", "");
        recipe.Set(CrystalGanRecipe.CriticUpdates, "5", "");
        recipe.Set(CrystalGanRecipe.CheckpointSeconds, "180", "");
        return recipe;
    }

    private static CrystalGanPlan PlanOf(CrystalGanRecipe resolved)
    {
        var full = Defaults();
        full.Overlay(resolved);
        return new CrystalGanPlan(full.Text(CrystalGanRecipe.Preset)!, (ulong)full.Whole(CrystalGanRecipe.Seed)!.Value, (int)full.Whole(CrystalGanRecipe.Epochs)!.Value,
            (int)full.Whole(CrystalGanRecipe.Batch)!.Value, (int)full.Whole(CrystalGanRecipe.WidthDivisor)!.Value, full.Real(CrystalGanRecipe.LearningRate), (int)full.Whole(CrystalGanRecipe.CriticUpdates)!.Value,
            (int)(full.Whole(CrystalGanRecipe.Threads) ?? Environment.ProcessorCount), full.Real(CrystalGanRecipe.CheckpointSeconds)!.Value);
    }
}

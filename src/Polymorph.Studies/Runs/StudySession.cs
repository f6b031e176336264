using System.Collections.Immutable;
using Polymorph.Foundation;
using Polymorph.Models.LoGan;
using Polymorph.Representations.LocalDescriptors;
using Polymorph.Structures;
using Polymorph.Structures.Formats;
using Polymorph.Studies.Recipes;

namespace Polymorph.Studies.Runs;

/// <summary>A run folder that this process works in: its plan, its lock, its log.</summary>
public sealed class StudySession : IDisposable
{
    private static readonly string[] Sections = ["", "target", RecipeKeys.ModelsSection, "train"];

    private readonly RunLock _lock;

    private StudySession(RunFolder folder, RunLock held, EventLog events, StudyPlan plan) => (Folder, _lock, Events, Plan) = (folder, held, events, plan);

    /// <summary>The folder.</summary>
    public RunFolder Folder { get; }

    /// <summary>The log.</summary>
    public EventLog Events { get; }

    /// <summary>What is to be done.</summary>
    public StudyPlan Plan { get; }

    /// <summary>True when the last process to work here was killed.</summary>
    public bool PreviousWasKilled => _lock.PreviousWasKilled;

    /// <summary>Begins a study in a new or empty folder, or continues the one that is there.</summary>
    /// <param name="path">The run folder.</param>
    /// <param name="asked">What is asked; for a study that has begun, empty or the same as before.</param>
    /// <param name="observer">Told of entries that cannot be used.</param>
    /// <param name="builtIn">Known structures that come with the program, instead of files.</param>
    /// <exception cref="PolymorphException">PM7003 to PM7009 and those of recipes and structures.</exception>
    public static StudySession Begin(string path, RecipeValues asked, IStudyObserver observer, IReadOnlyList<Structure>? builtIn = null)
    {
        ArgumentNullException.ThrowIfNull(asked);
        var folder = RunFolder.ForStudy(path);
        var fresh = folder.HasStudy ? null : StudyPreparation.Prepare(asked, builtIn, observer);
        return Locked(folder, held => fresh is null ? Opened(folder, held, Continued(folder, asked)) : Created(folder, held, asked, fresh));
    }

    /// <summary>Continues a study, with other values for later stages where they are asked.</summary>
    /// <param name="path">The run folder.</param>
    /// <param name="asked">Values of the sections generate, select and compare.</param>
    /// <exception cref="PolymorphException">PM7002: no study is there; PM7004 to PM7008.</exception>
    public static StudySession Continue(string path, RecipeValues asked)
    {
        var folder = RunFolder.Existing(path);
        return Locked(folder, held => Opened(folder, held, Continued(folder, asked)));
    }

    /// <summary>The known structures, as the run folder keeps them.</summary>
    public IReadOnlyList<Structure> ReadTraining() => StructureReader.ReadStrict(Folder.TrainingFile, new ReadOptions { MinDistance = 0 });

    /// <summary>What is to be generated.</summary>
    public LoGanTask ReadTask() => TargetPlanner.Build(Plan.Resolved);

    /// <summary>Names of the models whose training is done, in their order.</summary>
    /// <exception cref="PolymorphException">PM7010: there is none.</exception>
    public ImmutableArray<string> FinishedModels()
    {
        ImmutableArray<string> models = [.. Plan.Models.Select(m => m.Name).Where(m => File.Exists(Folder.ModelFile(m)))];
        return models.IsEmpty
            ? throw new PolymorphException("PM7010", "no model of this run is finished", Folder.Root, "Train it first: 'polymorph train RUN'.", ExitCode.Usage)
            : models;
    }

    /// <summary>The generator of a finished model.</summary>
    /// <param name="model">Its name.</param>
    /// <exception cref="PolymorphException">PM7017: the file holds another model; PM4101 to PM4104: it is damaged or of another kind.</exception>
    public LoGanGenerator LoadGenerator(string model)
    {
        string file = Folder.ModelFile(model);
        var (generator, _, seed, _) = LoGanModelFile.LoadGenerator(file);
        ulong expected = Plan.Models.Single(m => m.Name == model).Seed;
        return seed == expected
            ? generator
            : throw new PolymorphException("PM7017", $"this is not the model {model} of the run: its seed is {seed}, not {expected}", file, "Put its own file back, or remove this one to train the model again.");
    }

    /// <summary>Closes the log and gives the folder back.</summary>
    public void Dispose()
    {
        Events.Dispose();
        _lock.Dispose();
    }

    private static StudySession Locked(RunFolder folder, Func<RunLock, StudySession> open)
    {
        var held = RunLock.Take(folder);
        try
        {
            return open(held);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    private static StudySession Created(RunFolder folder, RunLock held, RecipeValues asked, StudyPreparation fresh)
    {
        // The structures are kept in the folder: later changes of the files cannot change a run that has begun.
        StructureWriter.Write(folder.TrainingFile, fresh.Training);
        var resolved = fresh.Plan.Resolved;
        resolved.Set(RecipeKeys.Training, [Path.GetRelativePath(folder.Root, folder.TrainingFile).Replace('\\', '/')], RecipeKeys.Training.FullName);
        if (resolved.Text(RecipeKeys.WithoutMatches) is { } targets)
        {
            StructureWriter.Write(folder.WithoutMatchesFile, StructureReader.ReadStrict(targets));
            StructureWriter.Write(folder.LeftOutFile, fresh.LeftOut);
            resolved.Set(RecipeKeys.WithoutMatches, [Path.GetRelativePath(folder.Root, folder.WithoutMatchesFile).Replace('\\', '/')], RecipeKeys.WithoutMatches.FullName);
        }

        if (resolved.Text(RecipeKeys.Substrate) is { } substrate)
        {
            StructureWriter.Write(folder.SubstrateFile, StructureReader.Read(substrate).Take(1).Select(r => r.Structure!));
            resolved.Set(RecipeKeys.Substrate, [Path.GetRelativePath(folder.Root, folder.SubstrateFile).Replace('\\', '/')], RecipeKeys.Substrate.FullName);
        }

        // recipe.yaml comes last: a folder with one is a study, so a process killed here leaves an empty folder.
        folder.WriteResolved(fresh.Plan);
        folder.WriteRecipe(asked);
        return Opened(folder, held, folder.ReadPlan());
    }

    private static StudySession Opened(RunFolder folder, RunLock held, StudyPlan plan)
    {
        AtomicFile.RemoveAbandoned(folder.Root);
        folder.WriteResolved(plan);
        var events = new EventLog(folder);
        events.Write("open", ("seed", plan.Seed), ("models", plan.Models.Length), ("previousWasKilled", held.PreviousWasKilled));
        return new StudySession(folder, held, events, plan);
    }

    /// <summary>The plan on record with new values for how to work and for later stages; anything else that differs is a contradiction.</summary>
    private static StudyPlan Continued(RunFolder folder, RecipeValues asked)
    {
        var before = folder.ReadRecipe();
        var resolved = RecipeValues.ReadFile(folder.ResolvedFile);
        var now = folder.ReadRecipe();
        now.Overlay(asked);
        foreach (var values in new[] { before, now }.Where(v => !v.Has(RecipeKeys.Seed)))
        {
            values.Set(RecipeKeys.Seed, resolved.All(RecipeKeys.Seed), RecipeKeys.Seed.FullName);
        }

        CheckUnchanged(folder, StudyPlanner.Plan(before), StudyPlanner.Plan(now));
        resolved.Overlay(asked, key => key.IsOperational || !Sections.Contains(key.Section));
        return StudyPlanner.Plan(resolved);
    }

    private static void CheckUnchanged(RunFolder folder, StudyPlan before, StudyPlan now)
    {
        foreach (var key in RecipeKeys.All.Where(k => !k.IsOperational && Sections.Contains(k.Section)))
        {
            string was = string.Join(", ", before.Resolved.All(key)), wanted = string.Join(", ", now.Resolved.All(key));
            if (was != wanted)
            {
                throw Contradiction(folder, key.FullName, was, wanted);
            }
        }

        if (!before.Models.Select(Identity).SequenceEqual(now.Models.Select(Identity)))
        {
            throw Contradiction(folder, "models", $"a list of {before.Models.Length}", $"another list of {now.Models.Length}");
        }
    }

    // The training options are compared key by key above.
    private static (string, ulong, PowerSpectrumOptions) Identity(ModelPlan model) => (model.Name, model.Seed, model.Options.Descriptor);

    private static PolymorphException Contradiction(RunFolder folder, string key, string was, string wanted) =>
        new("PM7008", $"this run was begun with {key} {(was.Length > 0 ? was : "open")}, and now it is {(wanted.Length > 0 ? wanted : "open")}", folder.Root,
            "Choose another folder for another study, or leave the value out to continue.", ExitCode.Usage);
}

using Polymorph.Foundation;
using Polymorph.Structures;
using Polymorph.Structures.Formats;
using Polymorph.Studies.Cgcnn;
using Polymorph.Studies.CrystalGan;
using Polymorph.Studies.Recipes;

namespace Polymorph.Studies.Runs;

/// <summary>The folder of one study: everything about it, readable with any tool.</summary>
/// <remarks><c>recipe.yaml</c> (what was asked), <c>resolved.yaml</c> (every value used), <c>events.jsonl</c>, <c>inputs/</c>, <c>models/*.safetensors</c>, <c>structures/*.extxyz</c>.</remarks>
public sealed class RunFolder
{
    private RunFolder(string path) => Root = path;

    /// <summary>Full path.</summary>
    public string Root { get; }

    /// <summary>What was asked.</summary>
    public string RecipeFile => Path.Combine(Root, "recipe.yaml");

    /// <summary>Every value used.</summary>
    public string ResolvedFile => Path.Combine(Root, "resolved.yaml");

    /// <summary>What happened, one JSON object per line.</summary>
    public string EventsFile => Path.Combine(Root, "events.jsonl");

    /// <summary>Held by the process that works here.</summary>
    public string LockFile => Path.Combine(Root, "lock");

    /// <summary>Who holds the lock.</summary>
    public string LockHolderFile => Path.Combine(Root, "lock.txt");

    /// <summary>The known structures as they were read.</summary>
    public string TrainingFile => Path.Combine(Root, "inputs", "training.extxyz");

    /// <summary>Crystals whose likes were left out of the training.</summary>
    public string WithoutMatchesFile => Path.Combine(Root, "inputs", "without-matches.extxyz");

    /// <summary>Known structures that were left out of the training, each with its place among those read.</summary>
    public string LeftOutFile => Path.Combine(Root, "inputs", "left-out.extxyz");

    /// <summary>Atoms that stay fixed.</summary>
    public string SubstrateFile => Path.Combine(Root, "inputs", "substrate.extxyz");

    /// <summary>The structures kept by the selection.</summary>
    public string SelectedFile => Path.Combine(Root, "structures", "selected.extxyz");

    /// <summary>The structures kept by the selection, read back.</summary>
    /// <exception cref="PolymorphException">PM7011: nothing has been selected yet.</exception>
    public IReadOnlyList<Structure> ReadSelected() => File.Exists(SelectedFile)
        ? StructureReader.ReadStrict(SelectedFile, new ReadOptions { MinDistance = 0 })
        : throw new PolymorphException("PM7011", "nothing has been selected in this run yet", Root, "Select first: 'polymorph select RUN'.", ExitCode.Usage);

    /// <summary>What the selection did with every structure, one line each, compressed.</summary>
    public string LossesFile => Path.Combine(Root, "losses.tsv.gz");

    /// <summary>What the selection found out besides the counts.</summary>
    public string SelectionFile => Path.Combine(Root, "selection.json");

    /// <summary>Progress of a selection under way.</summary>
    public string SelectionJournalFile => Path.Combine(Root, "structures", "selecting.journal");

    /// <summary>The selection's counts and losses.</summary>
    public string FunnelFile => Path.Combine(Root, "funnel.json");

    /// <summary>The last relaxation: its settings, counts and files.</summary>
    public string RelaxationFile => Path.Combine(Root, "relaxation.json");

    /// <summary>The minima of the last relaxation, read back.</summary>
    /// <exception cref="PolymorphException">PM7027: nothing has been relaxed yet.</exception>
    public IReadOnlyList<Structure> ReadRelaxed() => File.Exists(RelaxedFile)
        ? [.. StructureReader.ReadStrict(RelaxedFile, new ReadOptions { MinDistance = 0 }).Where(s => s.Properties.GetValueOrDefault("status") is "converged")]
        : throw NothingRelaxed(Root);

    /// <summary>The error of a run without relaxed structures.</summary>
    /// <param name="path">Its folder.</param>
    internal static PolymorphException NothingRelaxed(string path) => new("PM7027", "nothing has been relaxed in this run yet", path, "Relax first: 'polymorph relax RUN'.", ExitCode.Usage);

    /// <summary>The relaxed structures of the last relaxation.</summary>
    public string RelaxedFile => Path.Combine(Root, "structures", "relaxed.extxyz");

    /// <summary>Results of relaxations by one method with one set of settings.</summary>
    /// <param name="key">Name made of both.</param>
    public string RelaxationFolder(string key) => Path.Combine(Root, "relax", key);

    /// <summary>The comparison with known structures.</summary>
    public string ComparisonFile => Path.Combine(Root, "comparison.json");

    /// <summary>Trained weights of a model.</summary>
    /// <param name="model">Its name.</param>
    public string ModelFile(string model) => Path.Combine(Root, "models", $"{model}.safetensors");

    /// <summary>Last checkpoint of a model in training.</summary>
    /// <param name="model">Its name.</param>
    public string CheckpointFile(string model) => Path.Combine(Root, "models", $"{model}.checkpoint.safetensors");

    /// <summary>The checkpoint before the last.</summary>
    /// <param name="model">Its name.</param>
    public string PreviousCheckpointFile(string model) => Path.Combine(Root, "models", $"{model}.previous.safetensors");

    /// <summary>Why a model stopped for good; exists only for models that diverged.</summary>
    /// <param name="model">Its name.</param>
    public string DivergedFile(string model) => Path.Combine(Root, "models", $"{model}.diverged.txt");

    /// <summary>Where generated structures are.</summary>
    public string GeneratedFolder => Path.Combine(Root, "structures", "generated");

    /// <summary>What a model generated.</summary>
    /// <param name="model">Its name.</param>
    public string GeneratedFile(string model) => Path.Combine(GeneratedFolder, $"{model}.extxyz");

    /// <summary>True when the folder holds a study.</summary>
    public bool HasStudy => File.Exists(RecipeFile);

    /// <summary>A folder that may hold anything.</summary>
    /// <param name="path">The folder.</param>
    internal static RunFolder Of(string path) => new(Path.GetFullPath(path));

    /// <summary>A folder that must hold a study.</summary>
    /// <param name="path">The folder.</param>
    /// <exception cref="PolymorphException">PM7002: it does not; PM7347: it holds a crystal graph network.</exception>
    public static RunFolder Existing(string path)
    {
        CgcnnRun.Refuse(path);
        var folder = new RunFolder(Path.GetFullPath(path));
        return folder.HasStudy
            ? folder
            : throw new PolymorphException("PM7002", "this is not a run folder: it has no recipe.yaml", path, "Begin a run with 'polymorph train RUN --preset fast --training FILE --formula FORMULA'.", ExitCode.Usage);
    }

    /// <summary>A folder that holds a study, or is empty or missing.</summary>
    /// <param name="path">The folder; it is not created yet.</param>
    /// <exception cref="PolymorphException">PM7003: it holds other things; PM7347: it holds a crystal graph network.</exception>
    public static RunFolder ForStudy(string path)
    {
        CgcnnRun.Refuse(path);
        var folder = new RunFolder(Path.GetFullPath(path));
        bool foreign = File.Exists(folder.Root) || Directory.Exists(folder.Root) && !folder.HasStudy
            && Directory.EnumerateFileSystemEntries(folder.Root).Select(entry => Path.GetFileName(entry))
                .Any(name => (AtomicFile.TargetOf(name) ?? name) is not ("lock" or "lock.txt" or "inputs" or "resolved.yaml" or "recipe.yaml"));
        return foreign
            ? throw new PolymorphException("PM7003", "this is no run folder and it is not empty; nothing was touched", path, "Choose a new or empty folder.", ExitCode.Usage)
            : folder;
    }

    /// <summary>The plan recorded here.</summary>
    /// <exception cref="PolymorphException">PM7301: it is the folder of a Crystal GAN; PM7101 to PM7111: <c>resolved.yaml</c> was damaged.</exception>
    public StudyPlan ReadPlan()
    {
        CrystalGanRun.Refuse(Root);
        return StudyPlanner.Plan(RecipeValues.ReadFile(ResolvedFile));
    }

    /// <summary>What was asked.</summary>
    /// <exception cref="PolymorphException">PM7101 to PM7107: <c>recipe.yaml</c> was damaged.</exception>
    public RecipeValues ReadRecipe()
    {
        CrystalGanRun.Refuse(Root);
        return RecipeValues.ReadFile(RecipeFile);
    }

    /// <summary>Records what was asked.</summary>
    /// <param name="asked">The values, without defaults.</param>
    public void WriteRecipe(RecipeValues asked) =>
        AtomicFile.WriteText(RecipeFile, RecipeText.Write(asked, "What was asked. resolved.yaml has every value that was used.", describe: false, relativeTo: null));

    /// <summary>Records what was decided.</summary>
    /// <param name="plan">The plan.</param>
    public void WriteResolved(StudyPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        AtomicFile.WriteText(ResolvedFile, RecipeText.Write(plan.Resolved, "Every value used. This file is a recipe: it makes the same study again.", describe: true, relativeTo: Root));
    }
}

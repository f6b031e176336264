using Polymorph.Foundation;
using Polymorph.Models.LoGan;
using Polymorph.Structures;
using Polymorph.Structures.Formats;
using Polymorph.Studies.Recipes;

namespace Polymorph.Studies.Runs;

/// <summary>Reads and checks everything a new study needs before its folder is touched, so that a mistake leaves nothing behind.</summary>
internal sealed record StudyPreparation(StudyPlan Plan, IReadOnlyList<Structure> Training, LoGanTask Task)
{
    /// <summary>Known structures that are left out of the training.</summary>
    public IReadOnlyList<Structure> LeftOut { get; private init; } = [];

    private const int ShownRejections = 5;

    /// <summary>Prepares a study.</summary>
    /// <param name="asked">What is asked.</param>
    /// <param name="builtIn">Known structures that come with the program, instead of files; null to read the recipe's.</param>
    /// <param name="observer">Told of entries that cannot be used.</param>
    /// <exception cref="PolymorphException">Anything that would stop the study later.</exception>
    public static StudyPreparation Prepare(RecipeValues asked, IReadOnlyList<Structure>? builtIn, IStudyObserver observer)
    {
        var plan = StudyPlanner.Plan(asked);
        var task = TargetPlanner.Build(plan.Resolved);
        var training = builtIn ?? ReadTraining(asked, observer);
        IReadOnlyList<Structure> leftOut = [];
        if (asked.Text(RecipeKeys.WithoutMatches) is { } targets)
        {
            (training, leftOut) = CleanSplit.Of(training, targets, observer);
        }

        // One displaced copy is enough to find what cannot be learnt, for each setting of the descriptor.
        foreach (var options in plan.Models.DistinctBy(m => m.Options.Descriptor).Select(m => m.Options with { RattleCopies = 1 }))
        {
            LoGanTrainingSet.Create(training, options, task, seed: 0);
        }

        return new StudyPreparation(plan, training, task) { LeftOut = leftOut };
    }

    private static List<Structure> ReadTraining(RecipeValues asked, IStudyObserver observer)
    {
        if (!asked.Has(RecipeKeys.Training))
        {
            throw new PolymorphException("PM7009", "no known structures are given", RecipeKeys.Training.FullName,
                "Name their files with 'training: known.extxyz' in the recipe or --training known.extxyz.", ExitCode.Usage);
        }

        var structures = new List<Structure>();
        int rejected = 0;
        Rejection? first = null;
        foreach (var (structure, rejection) in StructureReader.Read(asked.All(RecipeKeys.Training)))
        {
            if (structure is not null)
            {
                structures.Add(structure);
            }
            else if (rejection is not null)
            {
                first ??= rejection;
                if (rejected++ < ShownRejections)
                {
                    observer.Note($"left out: {rejection}");
                }
            }
        }

        if (structures.Count == 0 && first is not null)
        {
            throw first.ToException();
        }

        if (rejected > 0)
        {
            observer.Note($"{rejected} of {rejected + structures.Count} known structures cannot be used; 'polymorph data inspect' lists all.");
        }

        return structures;
    }
}

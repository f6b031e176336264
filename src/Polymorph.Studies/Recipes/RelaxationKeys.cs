using System.Collections.Immutable;
using System.Globalization;
using Polymorph.Energies;
using Polymorph.Energies.Relaxation;
using Polymorph.Foundation;
using Polymorph.Studies.Relaxations;

namespace Polymorph.Studies.Recipes;

/// <summary>The section <c>relax</c>.</summary>
public static class RelaxationKeys
{
    /// <summary>Name of the section.</summary>
    public const string Section = "relax";

    private static readonly RelaxationPlan Default = new();

    /// <summary>The engine.</summary>
    public static RecipeKey Engine { get; } = new(Section, "engine", RecipeKind.Text, "Engine, as 'polymorph potentials list' names it; 'auto' lets the elements decide.");

    /// <summary>Arithmetic.</summary>
    public static RecipeKey Precision { get; } = Choice<Precision>("precision", "Arithmetic of potentials made of networks.");

    /// <summary>Largest force at the end.</summary>
    public static RecipeKey MaximumForce { get; } = new(Section, "fmax", RecipeKind.Real, "Converged when no force is longer, eV/Å.") { Smallest = 1e-6, Largest = 99 };

    /// <summary>Most steps.</summary>
    public static RecipeKey Steps { get; } = new(Section, "steps", RecipeKind.Whole, "Steps after which a relaxation ends unconverged.") { Smallest = 0, Largest = 10_000_000 };

    /// <summary>What of the cell moves.</summary>
    public static RecipeKey Cell { get; } = Choice<CellFreedom>("cell", "What of the cell may change: 'fixed', 'full', its 'volume' or its 'shape'.");

    /// <summary>Pressure.</summary>
    public static RecipeKey Pressure { get; } = new(Section, "pressure", RecipeKind.Real, "External pressure in GPa with a free cell.") { Smallest = -1000, Largest = 10_000 };

    /// <summary>Largest stress at the end.</summary>
    public static RecipeKey MaximumStress { get; } = new(Section, "smax", RecipeKind.Real, "With a free cell: converged when no stress beyond the pressure is larger, GPa.") { Smallest = 1e-6, Largest = 1000 };

    /// <summary>Symmetry.</summary>
    public static RecipeKey KeepSymmetry { get; } = new(Section, "keep_symmetry", RecipeKind.Switch, "Keep the space group operations of each start.");

    /// <summary>Steps by the critic.</summary>
    public static RecipeKey CriticSteps { get; } = new(Section, "refine_by_critic", RecipeKind.Whole, "Steps down the trained critic's score before each relaxation.") { Smallest = 0, Largest = 10_000 };

    /// <summary>First so many.</summary>
    public static RecipeKey Top { get; } = new(Section, "top", RecipeKind.Whole, "Relax only the first so many, in the order of 'order'.") { Smallest = 1, Largest = 1e9 };

    /// <summary>Budget.</summary>
    public static RecipeKey Budget { get; } = new(Section, "budget", RecipeKind.Whole, "At most so many relaxations, the most informative first, with an estimate after each batch of what remains unseen.") { Smallest = 1, Largest = 1e9 };

    /// <summary>Coverage that is enough.</summary>
    public static RecipeKey UntilCoverage { get; } = new(Section, "until_coverage", RecipeKind.Real, "Stop when this share of what can be found is estimated to be found.") { Smallest = 0.01, Largest = 1 };

    /// <summary>Relaxations between estimates.</summary>
    public static RecipeKey Batch { get; } = new(Section, "batch", RecipeKind.Whole, "Relaxations between two estimates.") { Smallest = 1, Largest = 1e6 };

    /// <summary>Order.</summary>
    public static RecipeKey Order { get; } = new(Section, "order", RecipeKind.Choice,
        "What comes first: 'size', structures that stand for many; 'energy', a low energy before the relaxation; 'diversity', far from what was taken; several are combined by their ranks.")
    { Choices = [.. Words<RelaxationCriterion>()], IsList = true };

    /// <summary>Every step kept.</summary>
    public static RecipeKey Trajectories { get; } = new(Section, "trajectories", RecipeKind.Switch, "Keep every step of every relaxation as extended XYZ.");

    /// <summary>All keys.</summary>
    public static ImmutableArray<RecipeKey> All { get; } =
        [Engine, Precision, MaximumForce, Steps, Cell, Pressure, MaximumStress, KeepSymmetry, CriticSteps, Top, Budget, UntilCoverage, Batch, Order, Trajectories];

    /// <summary>The plan of what was asked.</summary>
    /// <exception cref="PolymorphException">PM7031: a pressure that would have no effect.</exception>
    internal static RelaxationPlan Plan(RecipeValues asked)
    {
        var plan = Read(asked);
        return plan.Options is { PressureGPa: not 0, Cell: CellFreedom.Fixed }
            ? throw new PolymorphException("PM7031", string.Create(CultureInfo.InvariantCulture, $"a pressure of {plan.Options.PressureGPa} GPa is asked for, and the cell is fixed"), asked.Place(Pressure),
                "Free the cell with --cell full (or volume), or leave the pressure at 0.", ExitCode.Usage)
            : plan;
    }

    private static RelaxationPlan Read(RecipeValues asked) => new()
    {
        IsAsked = All.Any(asked.Has),
        Engine = asked.Text(Engine) ?? Default.Engine,
        Precision = Value(asked, Precision, Default.Precision),
        Options = new RelaxationOptions
        {
            MaximumForce = asked.Real(MaximumForce) ?? Default.Options.MaximumForce,
            MaximumSteps = (int?)asked.Whole(Steps) ?? Default.Options.MaximumSteps,
            Cell = Value(asked, Cell, Default.Options.Cell),
            PressureGPa = asked.Real(Pressure) ?? Default.Options.PressureGPa,
            MaximumStressGPa = asked.Real(MaximumStress) ?? Default.Options.MaximumStressGPa,
            KeepSymmetry = asked.Switch(KeepSymmetry) ?? Default.Options.KeepSymmetry,
        },
        CriticSteps = (int?)asked.Whole(CriticSteps) ?? Default.CriticSteps,
        Top = (int?)asked.Whole(Top),
        Budget = (int?)asked.Whole(Budget),
        UntilCoverage = asked.Real(UntilCoverage),
        Batch = (int?)asked.Whole(Batch) ?? Default.Batch,
        Order = asked.All(Order) is { IsEmpty: false } words ? [.. words.Select(Enum<RelaxationCriterion>)] : Default.Order,
        Trajectories = asked.Switch(Trajectories) ?? Default.Trajectories,
    };

    /// <summary>Every value of a plan, for <c>resolved.yaml</c>.</summary>
    internal static IEnumerable<(RecipeKey Key, IReadOnlyList<string> Values)> Values(RelaxationPlan plan)
    {
        string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
        yield return (Engine, [plan.Engine]);
        yield return (Precision, [Word(plan.Precision)]);
        yield return (MaximumForce, [Number(plan.Options.MaximumForce)]);
        yield return (Steps, [Number(plan.Options.MaximumSteps)]);
        yield return (Cell, [Word(plan.Options.Cell)]);
        yield return (Pressure, [Number(plan.Options.PressureGPa)]);
        yield return (MaximumStress, [Number(plan.Options.MaximumStressGPa)]);
        yield return (KeepSymmetry, [plan.Options.KeepSymmetry ? "true" : "false"]);
        yield return (CriticSteps, [Number(plan.CriticSteps)]);
        foreach (var (key, value) in new[] { (Top, (double?)plan.Top), (Budget, plan.Budget), (UntilCoverage, plan.UntilCoverage) })
        {
            if (value is { } given)
            {
                yield return (key, [Number(given)]);
            }
        }

        yield return (Batch, [Number(plan.Batch)]);
        yield return (Order, [.. plan.Order.Select(Word)]);
        yield return (Trajectories, [plan.Trajectories ? "true" : "false"]);
    }

    private static RecipeKey Choice<T>(string name, string description)
        where T : struct, Enum =>
        new(Section, name, RecipeKind.Choice, description) { Choices = [.. Words<T>()] };

    private static IEnumerable<string> Words<T>()
        where T : struct, Enum => System.Enum.GetValues<T>().Select(Word);

    private static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();

    private static T Value<T>(RecipeValues asked, RecipeKey key, T otherwise)
        where T : struct, Enum => asked.Text(key) is { } word ? Enum<T>(word) : otherwise;

    private static T Enum<T>(string word)
        where T : struct, Enum => System.Enum.Parse<T>(word, ignoreCase: true);
}

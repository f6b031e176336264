using Polymorph.Energies.Batch;
using Polymorph.Foundation;

namespace Polymorph.Studies.Screening;

/// <summary>One step of a funnel: finds its quantity for candidates, and judges it.</summary>
/// <param name="settings">What the recipe says.</param>
internal abstract class ScreeningStep(StepSettings settings)
{
    /// <summary>What the recipe says.</summary>
    public StepSettings Settings { get; } = settings;

    /// <summary>Its kind.</summary>
    public StepKind Kind => StepCatalogue.Of(Settings.Quantity);

    /// <summary>Where the numbers come from, for plans and reports: a list, an engine, a file with its hash.</summary>
    public virtual string Method => "";

    /// <summary>Checks what can be known wrong before anything dear has begun.</summary>
    /// <param name="context">The screening.</param>
    /// <exception cref="PolymorphException">A file is missing, an engine is unknown, settings contradict each other.</exception>
    public virtual void Prepare(ScreeningContext context)
    {
    }

    /// <summary>The quantity of each candidate, in their order.</summary>
    /// <param name="candidates">Those that are in.</param>
    /// <param name="context">The screening.</param>
    /// <exception cref="PolymorphException">Nothing can be said of any of them.</exception>
    /// <exception cref="OperationCanceledException">Stopped.</exception>
    public abstract IReadOnlyList<StepValue> Evaluate(IReadOnlyList<ScreeningCandidate> candidates, ScreeningContext context);

    /// <summary>How many of these candidates have their value already.</summary>
    /// <param name="candidates">Candidates.</param>
    /// <param name="context">The screening.</param>
    /// <returns>Null for steps that keep nothing.</returns>
    public virtual int? Cached(IReadOnlyList<ScreeningCandidate> candidates, ScreeningContext context) => null;

    /// <summary>The verdict on a value.</summary>
    /// <param name="value">The value.</param>
    public StepVerdict Judge(StepValue value) => value.Passes is { } passes ? passes ? StepVerdict.Pass : StepVerdict.Fail
        : value.Number is { } number ? Settings.Bounds.Judge(number, Settings.Uncertainty ?? value.Uncertainty)
        : StepVerdict.Unknown;

    /// <summary>Does the same for every candidate on several threads.</summary>
    /// <param name="candidates">The candidates.</param>
    /// <param name="context">The screening.</param>
    /// <param name="work">Called on several threads, for different candidates.</param>
    protected List<StepValue> Each(IReadOnlyList<ScreeningCandidate> candidates, ScreeningContext context, Func<ScreeningCandidate, StepValue> work)
    {
        var values = new List<StepValue>(candidates.Count);
        foreach (var value in OrderedWork.Run(candidates, work, context.Threads, context.Cancellation))
        {
            values.Add(value);
            context.Observer.Work(Settings.Name, values.Count, candidates.Count);
        }

        return values;
    }
}

using Polymorph.Models.LoGan;

namespace Polymorph.Studies.Runs;

/// <summary>Watches the stages of a study. Called from several threads at once.</summary>
public interface IStudyObserver
{
    /// <summary>Something worth a line.</summary>
    /// <param name="line">The line.</param>
    void Note(string line);

    /// <summary>How far one model's training is.</summary>
    /// <param name="progress">The model's line.</param>
    void Model(ModelProgress progress);

    /// <summary>How far a stage is whose end is known.</summary>
    /// <param name="what">For example <c>generating</c>.</param>
    /// <param name="done">Done so far.</param>
    /// <param name="total">To be done.</param>
    void Work(string what, long done, long total);
}

/// <summary>Where a model stands.</summary>
public enum ModelState
{
    /// <summary>Waits for a thread.</summary>
    Waiting,

    /// <summary>Its training set is being described, or its checkpoint read.</summary>
    Preparing,

    /// <summary>Is being trained.</summary>
    Training,

    /// <summary>All epochs done.</summary>
    Finished,

    /// <summary>Stopped for good: its losses grew without bound.</summary>
    Diverged,

    /// <summary>Stopped on request, with a checkpoint.</summary>
    Stopped,
}

/// <summary>One model's line of progress.</summary>
/// <param name="Model">Its name.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Epoch">Epochs done.</param>
/// <param name="Epochs">Epochs to do.</param>
/// <param name="Statistics">What the last epoch measured.</param>
/// <param name="ValidShare">Share of valid geometries among a few generated ones, 0 to 1; null before the first look.</param>
/// <param name="Left">Time to the end of this model; null before it can be told.</param>
public sealed record ModelProgress(string Model, ModelState State, int Epoch, int Epochs, LoGanStatistics Statistics, double? ValidShare, TimeSpan? Left)
{
    /// <summary>Further losses as text, such as <c>batch 120 of 3500, classifier 0.41</c>; null when there is nothing to add.</summary>
    public string? Details { get; init; }
}

using System.Collections.Immutable;

namespace Polymorph.Models.Cgcnn;

/// <summary>One trained network: weights and running statistics by their published names, and the scale of its target.</summary>
/// <param name="State">Values by name, in the published layout.</param>
/// <param name="Mean">Mean of the training targets; 0 for a classification.</param>
/// <param name="Deviation">Standard deviation of the training targets; 1 for a classification.</param>
/// <param name="BestEpoch">Epoch whose weights these are.</param>
/// <param name="BestMetric">Its validation error (mean absolute, in the property's unit) or area under the curve; null when not known.</param>
public sealed record CgcnnMember(ImmutableSortedDictionary<string, ImmutableArray<double>> State, double Mean, double Deviation, int BestEpoch, double? BestMetric);

/// <summary>A model: the form of its networks, what they predict, and one network or an ensemble.</summary>
/// <param name="Options">Form.</param>
/// <param name="Property">What is predicted, such as <c>band-gap</c>.</param>
/// <param name="Unit">Its unit; empty when not known.</param>
/// <param name="Level">What the predictions estimate, in words for every output.</param>
/// <param name="Members">The networks.</param>
public sealed record CgcnnModel(CgcnnOptions Options, string Property, string Unit, string Level, ImmutableArray<CgcnnMember> Members)
{
    /// <summary>Mean absolute error that was published for it, in its unit; null for a model that was not published.</summary>
    public double? PublishedError { get; init; }

    /// <summary>Mean absolute error to expect of crystals like those it learnt from, in its unit: the published one, else that of the validation crystals, mean over the networks; null for a classification or when nobody says.</summary>
    public double? ExpectedError => Options.Task != CgcnnTask.Regression ? null : PublishedError ?? (Members.All(m => m.BestMetric is not null) ? Members.Average(m => m.BestMetric!.Value) : null);
}

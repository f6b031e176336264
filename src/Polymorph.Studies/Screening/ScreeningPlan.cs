using System.Collections.Immutable;

namespace Polymorph.Studies.Screening;

/// <summary>A step as it would be done.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Quantity">Its quantity.</param>
/// <param name="Method">Where its values come from.</param>
/// <param name="Bounds">Its window.</param>
/// <param name="Unit">Unit of the bounds.</param>
/// <param name="Missing">What becomes of unknown values.</param>
/// <param name="Cost">cheap, moderate or dear.</param>
/// <param name="Kept">Values that are kept from earlier, of all candidates; null for steps that keep none.</param>
public sealed record PlannedStep(string Name, string Quantity, string Method, StepBounds Bounds, string Unit, string Missing, string Cost, int? Kept);

/// <summary>A screening as it would be done.</summary>
/// <param name="Candidates">Candidates that were read.</param>
/// <param name="Unread">Entries that could not be read.</param>
/// <param name="References">Known phases.</param>
/// <param name="Steps">The steps.</param>
public sealed record ScreeningPlan(int Candidates, int Unread, int References, ImmutableArray<PlannedStep> Steps);

using Polymorph.Representations.Curves;
using Polymorph.Structures.Bonds;

namespace Polymorph.Cli.Commands;

/// <summary>What the user asked <c>polymorph curve</c> for.</summary>
/// <param name="Kind">Which curve.</param>
/// <param name="Pattern">For powder patterns.</param>
/// <param name="Rule">Which atoms are bonded.</param>
/// <param name="Range">Largest distance of radial distributions, Å.</param>
/// <param name="Step">Width of a bin, Å or degrees; null for the kind's own.</param>
internal sealed record CurveSettings(CurveKind Kind, PowderPatternOptions Pattern, BondRule Rule, double Range, double? Step)
{
    /// <summary>Whether a JSON object is made of each frame.</summary>
    public required bool WantsJson { get; init; }

    /// <summary>Whether rows are made of each frame.</summary>
    public required bool WantsRows { get; init; }
}

using Polymorph.Screening.Entries;
using Polymorph.Studies.Runs;

namespace Polymorph.Studies.Screening.Steps;

/// <summary>Gaps of a table: <c>id</c>, <c>band_gap_eV</c> and perhaps <c>uncertainty_eV</c>.</summary>
/// <param name="path">The table.</param>
internal sealed class TableGap(string path) : IGapSource
{
    private readonly IReadOnlyDictionary<string, (double Value, double? Uncertainty)> _gaps = ValueTable.Read(path, "band_gap_eV", "uncertainty_eV");

    /// <inheritdoc/>
    public string Method { get; } = $"{Path.GetFileName(path)} (sha256 {FileHash.Of(path)})";

    /// <inheritdoc/>
    public StepValue Of(ScreeningCandidate candidate, ValueCache? kept) => _gaps.TryGetValue(candidate.Id, out var gap) ? StepValue.Of(gap.Value, gap.Uncertainty ?? 0) : StepValue.Unknown("no-gap", "the table does not name it");
}

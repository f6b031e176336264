using System.Collections.Immutable;
using Polymorph.Foundation;

namespace Polymorph.Studies.Screening;

/// <summary>What a screening gave.</summary>
/// <param name="Folder">Folder with the results.</param>
/// <param name="Candidates">How many were read.</param>
/// <param name="Unread">How many entries could not be read.</param>
/// <param name="Rows">The funnel.</param>
/// <param name="Survivors">How many went through all steps.</param>
/// <param name="Passed">How many of those passed every step with nothing unknown and nothing borderline.</param>
/// <param name="EngineFailures">Candidates on which an engine failed.</param>
/// <param name="Document">The funnel with all settings, as <c>funnel.json</c> has it.</param>
public sealed record ScreeningOutcome(string Folder, int Candidates, int Unread, ImmutableArray<FunnelRow> Rows, int Survivors, int Passed, int EngineFailures, System.Text.Json.Nodes.JsonObject Document)
{
    /// <summary>How the command ends.</summary>
    public ExitCode Exit => Survivors == 0 ? Rows.LastOrDefault(r => r.In > 0) is { } last && last.Losses.Keys.All(reason => reason == EngineFailure) ? ExitCode.EngineFailed : ExitCode.NothingSurvived
        : Unread > 0 || EngineFailures > 0 ? ExitCode.PartlyConverged
        : ExitCode.Done;

    private const string EngineFailure = FunnelRow.UnknownPrefix + "engine-failed";
}

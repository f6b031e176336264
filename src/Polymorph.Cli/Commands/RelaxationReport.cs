using System.Globalization;
using System.Text.Json.Nodes;
using Polymorph.Cli.Shell;
using Polymorph.Energies.Relaxation;
using Polymorph.Foundation;
using Polymorph.Studies.Relaxations;
using Polymorph.Studies.Stages;

namespace Polymorph.Cli.Commands;

/// <summary>Prints what a relaxation gave.</summary>
internal static class RelaxationReport
{
    private const int MostRows = 60;
    private const int IdWidth = 24;

    /// <summary>A row per structure, the statuses, what was found and what remains.</summary>
    public static void Write(TextWriter output, RelaxationOutcome outcome)
    {
        var campaign = outcome.Campaign;
        output.WriteLine($"{"id",-IdWidth}  {"status",-13}  {"energy eV",16}  {"eV/atom",10}  {"max force",9}  {"calls",6}  {"s",7}");
        foreach (var r in campaign.Relaxed.Take(MostRows))
        {
            string reason = string.Join("; ", new[] { r.Result.Reason, Guarded(r) }.Where(clause => clause.Length > 0));
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{r.Id,-IdWidth}  {r.StatusText,-13}  {Number(r.Result.EnergyEV, "F5"),16}  {Number(r.Result.EnergyEV / r.Result.Structure.AtomCount, "F4"),10}  {Number(r.Result.MaximumForce, "F3"),9}  {r.Result.ForceEvaluations,6}  {r.Seconds,7:F1}{(reason.Length > 0 ? "  " : "")}{reason}"));
        }

        if (campaign.Relaxed.Length > MostRows)
        {
            output.WriteLine($"and {campaign.Relaxed.Length - MostRows} more");
        }

        output.WriteLine();
        output.WriteLine($"method      {outcome.Method}");
        output.WriteLine($"status      {string.Join(", ", Enum.GetValues<RelaxationStatus>().Where(s => campaign.Count(s) > 0).Select(s => $"{campaign.Count(s)} {Relaxed.Text(s)}"))} of {campaign.Candidates}; {campaign.Ended}");
        if (outcome.Unread > 0)
        {
            output.WriteLine($"unread      {outcome.Unread}");
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"cost        {campaign.ForceEvaluations:N0} force evaluations, {campaign.CoreSeconds:N1} s of one core"));
        if (campaign.MeanRmsd is { } rmsd)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"moved       {rmsd:F3} A on the average (root mean square after the best alignment, of {campaign.Relaxed.Count(r => r.Rmsd is not null)} structures)"));
        }

        output.WriteLine($"minima      {campaign.Minima.Count} distinct; {CampaignResult.Text(campaign.Coverage)}");
        if (campaign.OfRepresentatives)
        {
            output.WriteLine($"            {CampaignResult.NoRandomSample}");
        }

        output.WriteLine($"structures  {outcome.File ?? "none worth keeping; no file is written"}");
    }

    /// <summary>The price of a dry run.</summary>
    public static ExitCode Print(Invocation call, RelaxationPrice price)
    {
        var document = new JsonObject
        {
            ["method"] = price.Method,
            ["relaxations"] = price.Relaxations,
            ["threads"] = price.Threads,
            ["secondsPerEvaluation"] = price.SecondsPerEvaluation,
            ["evaluationsPerRelaxation"] = price.EvaluationsPerRelaxation,
            ["seconds"] = price.WallTime.TotalSeconds,
        };
        call.Result("polymorph.relax-price/1", document, output =>
        {
            output.WriteLine($"method       {price.Method}");
            output.WriteLine($"relaxations  {price.Relaxations}, {price.Threads} at a time");
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"evaluation   {1000 * price.SecondsPerEvaluation:0.###} ms on one core, about {price.EvaluationsPerRelaxation:0} per relaxation ({price.Basis})"));
            output.WriteLine($"time         about {ModelLine.Duration(price.WallTime)}");
        });
        return ExitCode.Done;
    }

    // Where it acted on the way and was left behind, the end is the engine's own: worth knowing, no flaw.
    private static string Guarded(Relaxed r) =>
        r.Result.GuardedEvaluations > 0 ? string.Create(CultureInfo.InvariantCulture, $"short-range guard in {r.Result.GuardedEvaluations} of {r.Result.ForceEvaluations} calls") : "";

    private static string Number(double value, string format) => double.IsFinite(value) ? value.ToString(format, CultureInfo.InvariantCulture) : "-";
}

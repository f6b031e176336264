using System.Text.Json;
using Polymorph.Foundation;
using Polymorph.Selection;
using Polymorph.Studies.CrystalGan;
using Polymorph.Studies.Runs;

namespace Polymorph.Studies.Stages;

/// <summary>What became of single structures of a run, from the selection to the relaxation.</summary>
public static class Fates
{
    /// <summary>Looks structures up; those that the selection did not see are missing.</summary>
    /// <param name="folder">The run folder.</param>
    /// <param name="ids">Their names.</param>
    /// <exception cref="PolymorphException">PM7301: it is the folder of a Crystal GAN; PM7011: nothing has been selected; PM7036: the file is damaged.</exception>
    public static IReadOnlyDictionary<string, Fate> Of(RunFolder folder, IEnumerable<string> ids)
    {
        ArgumentNullException.ThrowIfNull(folder);
        CrystalGanRun.Refuse(folder.Root);
        if (!File.Exists(folder.LossesFile))
        {
            throw new PolymorphException("PM7011", "nothing has been selected in this run yet", folder.Root, "Select first: 'polymorph select RUN'.", ExitCode.Usage);
        }

        var wanted = ids.ToHashSet(StringComparer.Ordinal);
        var found = LossFile.Read(folder.LossesFile).Where(fate => wanted.Contains(fate.Id)).ToDictionary(fate => fate.Id, StringComparer.Ordinal);
        foreach (var fate in Relaxed(folder).Where(fate => found.TryGetValue(fate.Id, out var before) && before.Reason.Length == 0))
        {
            found[fate.Id] = fate;
        }

        return found;
    }

    private static List<Fate> Relaxed(RunFolder folder)
    {
        var fates = new List<Fate>();
        try
        {
            if (!File.Exists(folder.RelaxationFile))
            {
                return fates;
            }

            using var json = JsonDocument.Parse(File.ReadAllBytes(folder.RelaxationFile));
            foreach (var row in json.RootElement.GetProperty("structures").EnumerateArray())
            {
                string id = row.GetProperty("id").GetString() ?? "", status = row.GetProperty("status").GetString() ?? "";
                string reason = row.TryGetProperty("loss", out var loss) ? loss.GetString() ?? "" : "";
                fates.Add(new Fate(id, Funnel.Title(reason == LossReason.Unstable.Code() ? FunnelStage.Stable : FunnelStage.Relaxed), reason, reason.Length > 0 ? status : ""));
            }
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or IOException)
        {
            // What the selection said stays true.
        }

        return fates;
    }
}

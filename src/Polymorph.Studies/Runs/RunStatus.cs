using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Polymorph.Foundation;
using Polymorph.Studies.Cgcnn;
using Polymorph.Studies.CrystalGan;
using Polymorph.Studies.Recipes;
using Polymorph.Studies.Stages;

namespace Polymorph.Studies.Runs;

/// <summary>Where a model of a run stands.</summary>
/// <param name="Name">Its name.</param>
/// <param name="State"><c>waiting</c>, <c>checkpoint</c>, <c>finished</c> or <c>diverged</c>.</param>
/// <param name="Epoch">Last epoch on record.</param>
/// <param name="Epochs">Epochs to do.</param>
/// <param name="ValidShare">Share of valid geometries at the last look, 0 to 1.</param>
/// <param name="HasGenerated">True when its structures are written.</param>
public sealed record ModelStatus(string Name, string State, int Epoch, int Epochs, double? ValidShare, bool HasGenerated);

/// <summary>The last relaxation of a run.</summary>
/// <param name="Method">Its method.</param>
/// <param name="Candidates">Structures that could have been relaxed.</param>
/// <param name="Relaxed">Those that were.</param>
/// <param name="Converged">Those that are minima.</param>
/// <param name="Distinct">Distinct minima.</param>
public sealed record RelaxationStatusLine(string Method, int Candidates, int Relaxed, int Converged, int Distinct);

/// <summary>Where a run stands, read from its folder without touching it; another process may be at work there.</summary>
/// <param name="Seed">Seed of the study.</param>
/// <param name="Holder">The process at work there, or null.</param>
/// <param name="Models">Its models.</param>
/// <param name="HasSelected">True when structures have been selected.</param>
/// <param name="Relaxation">The last relaxation; null when there is none.</param>
/// <param name="HasCompared">True when a comparison has been made.</param>
/// <param name="CanCompare">True when bonds and valences decide what its structures are, or known crystals are named.</param>
/// <param name="SelectedFile">The short list, whether it is there or not.</param>
public sealed record RunStatus(ulong Seed, string? Holder, ImmutableArray<ModelStatus> Models, bool HasSelected, RelaxationStatusLine? Relaxation, bool HasCompared, bool CanCompare, string SelectedFile)
{
    /// <summary>Models that are trained.</summary>
    public int Finished => Models.Count(m => m.State == "finished");

    /// <summary>Reads a run folder.</summary>
    /// <param name="path">The folder.</param>
    /// <exception cref="PolymorphException">PM7002: no run folder; PM7343: the settings of a crystal graph network are damaged.</exception>
    public static RunStatus Read(string path)
    {
        if (CgcnnRun.IsAt(path))
        {
            return OfCgcnn(path);
        }

        var folder = RunFolder.Existing(path);
        if (CrystalGanRun.IsAt(folder.Root))
        {
            return OfCrystalGan(folder);
        }

        var plan = folder.ReadPlan();
        var seen = LastEvents(folder);
        return new RunStatus(plan.Seed, RunLock.HolderOf(folder), [.. plan.Models.Select(m => Status(folder, m, seen.GetValueOrDefault(m.Name)))],
            File.Exists(folder.SelectedFile), LastRelaxation(folder), File.Exists(folder.ComparisonFile),
            plan.Known is not null || GeometryScreening.CanName(TargetPlanner.Build(plan.Resolved).Assembly), folder.SelectedFile);
    }

    /// <summary>True when the run is one of a Crystal GAN, which is asked for compositions.</summary>
    public bool IsConditioned { get; private init; }

    /// <summary>The model of a run that trains a crystal graph network, whether it is there or not; null for other runs.</summary>
    public string? PropertyModelFile { get; private init; }

    private static RunStatus OfCgcnn(string path)
    {
        var folder = RunFolder.Of(path);
        var (settings, epochs, model) = CgcnnRun.Progress(folder);
        int total = settings.Training.Epochs;
        return new RunStatus(settings.Seed, RunLock.HolderOf(folder), [.. epochs.Select((epoch, i) => new ModelStatus(string.Create(CultureInfo.InvariantCulture, $"network-{i + 1}"),
            epoch == total ? "finished" : epoch > 0 ? "checkpoint" : "waiting", epoch, total, null, false))], false, null, false, false, folder.SelectedFile)
        { PropertyModelFile = model };
    }

    private static RunStatus OfCrystalGan(RunFolder folder)
    {
        var plan = CrystalGanSession.ReadPlan(folder);
        var seen = LastEvents(folder).GetValueOrDefault(CrystalGanRun.Name);
        bool generated = Directory.Exists(folder.GeneratedFolder) && Directory.EnumerateFiles(folder.GeneratedFolder).Any();
        return new RunStatus(plan.Seed, RunLock.HolderOf(folder), [Status(folder, CrystalGanRun.Name, plan.Epochs, seen, generated)], false, null, false, false, folder.SelectedFile) { IsConditioned = true };
    }

    private static ModelStatus Status(RunFolder folder, ModelPlan model, (int Epoch, double? ValidShare) seen) =>
        Status(folder, model.Name, model.Options.EffectiveEpochs, seen, File.Exists(folder.GeneratedFile(model.Name)));

    private static ModelStatus Status(RunFolder folder, string name, int epochs, (int Epoch, double? ValidShare) seen, bool generated)
    {
        bool finished = File.Exists(folder.ModelFile(name));
        string state = finished ? "finished"
            : File.Exists(folder.DivergedFile(name)) ? "diverged"
            : File.Exists(folder.CheckpointFile(name)) || File.Exists(folder.PreviousCheckpointFile(name)) ? "checkpoint"
            : "waiting";
        return new ModelStatus(name, state, finished ? epochs : state == "waiting" ? 0 : seen.Epoch, epochs, seen.ValidShare, generated);
    }

    private static RelaxationStatusLine? LastRelaxation(RunFolder folder)
    {
        try
        {
            if (!File.Exists(folder.RelaxationFile))
            {
                return null;
            }

            using var json = JsonDocument.Parse(File.ReadAllBytes(folder.RelaxationFile));
            var root = json.RootElement;
            return new RelaxationStatusLine(root.GetProperty("method").GetString() ?? "", root.GetProperty("candidates").GetInt32(), root.GetProperty("relaxed").GetInt32(),
                root.GetProperty("status").GetProperty("converged").GetInt32(), root.GetProperty("minima").GetArrayLength());
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or IOException)
        {
            return null;
        }
    }

    // The log may end in half a line, and lines of other versions may look different: what cannot be read is skipped.
    private static Dictionary<string, (int Epoch, double? ValidShare)> LastEvents(RunFolder folder)
    {
        var last = new Dictionary<string, (int, double?)>(StringComparer.Ordinal);
        if (!File.Exists(folder.EventsFile))
        {
            return last;
        }

        using var file = new StreamReader(new FileStream(folder.EventsFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        while (file.ReadLine() is { } line)
        {
            try
            {
                using var json = JsonDocument.Parse(line);
                if (json.RootElement.TryGetProperty("model", out var model) && json.RootElement.TryGetProperty("epoch", out var epoch))
                {
                    double? share = json.RootElement.TryGetProperty("validShare", out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;
                    last[model.GetString() ?? ""] = (epoch.GetInt32(), share ?? last.GetValueOrDefault(model.GetString() ?? "").Item2);
                }
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
            {
            }
        }

        return last;
    }
}

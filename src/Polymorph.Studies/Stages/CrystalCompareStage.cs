using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Polymorph.Energies.Batch;
using Polymorph.Energies.Catalogue;
using Polymorph.Energies.Relaxation;
using Polymorph.Foundation;
using Polymorph.Structures;
using Polymorph.Structures.Formats;
using Polymorph.Structures.Matching;
using Polymorph.Studies.Relaxations;
using Polymorph.Studies.Runs;

namespace Polymorph.Studies.Stages;

/// <summary>Whether a known structure was found.</summary>
/// <param name="Target">Its id.</param>
/// <param name="Formula">Its formula.</param>
/// <param name="EnergyPerAtom">Energy after its own relaxation, eV/atom; NaN when that failed.</param>
/// <param name="Matches">Ids of the relaxed structures that equal it, the nearest in energy first.</param>
/// <param name="Nearest">Id of the relaxed structure of the same formula that is nearest in energy; null when there is none.</param>
/// <param name="NearestDifference">Its energy less the target's, eV/atom.</param>
/// <param name="Lower">Relaxed structures of the same formula that lie lower by more than the tolerance.</param>
public sealed record CrystalMatch(string Target, string Formula, double EnergyPerAtom, ImmutableArray<string> Matches, string? Nearest, double NearestDifference, int Lower)
{
    /// <summary>True when a relaxed structure equals it.</summary>
    public bool IsFound => !Matches.IsEmpty;

    /// <summary>Relaxed structures that the structure matcher takes for it, with the distance of the sites over (V/N)^(1/3), the nearest first; null when it is no crystal.</summary>
    public ImmutableArray<(string Id, double Rms)>? Matched { get; init; }

    /// <summary>Places, from 0, of the training's structures that the matcher takes for it: with any, it was shown and not found.</summary>
    public ImmutableArray<int> Shown { get; init; } = [];

    /// <summary>The training's structure nearest to it; null when there is none of the same proportions.</summary>
    public KnownNeighbour? NearestShown { get; init; }
}

/// <summary>Which known structures were found, by energy and distances.</summary>
/// <param name="Method">Method of all energies.</param>
/// <param name="Relaxed">Minima that were compared.</param>
/// <param name="Targets">One row per known structure.</param>
public sealed record CrystalComparison(string Method, int Relaxed, ImmutableArray<CrystalMatch> Targets)
{
    /// <summary>Known structures found.</summary>
    public int Found => Targets.Count(t => t.IsFound);

    /// <summary>Known structures that the structure matcher finds among the minima.</summary>
    public int Matched => Targets.Count(t => t.Matched is { IsEmpty: false });

    /// <summary>For each minimum that the matcher takes for a structure of the training, its id and the place of that structure, from 0.</summary>
    public ImmutableArray<(string Id, int Frame)> ShownMinima { get; init; } = [];
}

/// <summary>Looks for known crystals among the relaxed structures: equal energy per atom of the same method, and equal distances (<see cref="MinimaCensus"/> has the tolerances).</summary>
/// <remarks>The known structures are relaxed by the same engine with the same settings first, so that numbers of one method only are compared.</remarks>
public static class CrystalCompareStage
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Compares and writes <c>comparison.json</c>.</summary>
    /// <param name="session">The run folder.</param>
    /// <param name="catalogue">The engines.</param>
    /// <param name="observer">Told how far it is.</param>
    /// <param name="cancellation">Stops.</param>
    /// <exception cref="PolymorphException">PM7027: nothing has been relaxed; PM7028: no known structures are named; PM7029: the relaxation was made with other settings than the run has now.</exception>
    public static CrystalComparison Run(StudySession session, EngineCatalogue catalogue, IStudyObserver observer, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(catalogue);
        ArgumentNullException.ThrowIfNull(observer);
        var relaxed = session.Folder.ReadRelaxed();
        string file = session.Plan.Known ?? throw new PolymorphException("PM7028", "no known structures are named to compare with", session.Folder.Root,
            "Name their file: 'polymorph compare RUN --known targets.extxyz'.", ExitCode.Usage);
        List<RelaxationCandidate> targets = [.. StructureReader.ReadStrict(file).Select(s => RelaxationCandidate.Of(s))];
        var plan = session.Plan.Relaxation with { Top = null, Budget = null, UntilCoverage = null, Trajectories = false };
        using var pool = new EvaluatorPool(catalogue.OpenForRelaxation(plan.Engine, EngineRequest.For(plan.Precision, RelaxStage.Candidates(session).Select(c => c.Start))));
        string method = pool.Engine.Method, folder = session.Folder.RelaxationFolder(plan.Key(method));
        if (!Directory.Exists(folder) || relaxed.FirstOrDefault(s => s.Properties.GetValueOrDefault("method") as string != method) is not null)
        {
            throw new PolymorphException("PM7029", $"the structures were relaxed with other settings than {method} with those of the run", session.Folder.Root, "Relax again: 'polymorph relax RUN'.", ExitCode.Usage);
        }

        // Steps of a critic are for generated structures; the settings are the same otherwise.
        using var journal = RelaxationJournal.Open(Path.Combine(folder, "known.jsonl"), plan.Settings(method));
        var known = new RelaxationCampaign(plan, pool, journal, observer) { Threads = session.Plan.Threads }.Run(targets, cancellation).Relaxed;
        List<Relaxed> minima = [.. relaxed.Select(s => AsRelaxed(s, method))];
        var training = new TrainingCrystals(session.ReadTraining());
        var result = new CrystalComparison(method, minima.Count, [.. known.Zip(targets, (target, given) => WithMatches(Match(target, minima), target, given.Start, minima, training))])
        {
            ShownMinima = [.. Shown(minima, training, session.Plan.Threads, cancellation)],
        };
        AtomicFile.WriteText(session.Folder.ComparisonFile, Json(result).ToJsonString(Indented) + "\n");
        session.Events.Write("compare", ("known", result.Targets.Length), ("foundRelaxed", result.Found), ("matchedRelaxed", result.Matched), ("shownMinima", result.ShownMinima.Length), ("method", method));
        return result;
    }

    /// <summary>The comparison as JSON.</summary>
    /// <param name="comparison">The comparison.</param>
    public static JsonObject Json(CrystalComparison comparison)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        return new JsonObject
        {
            ["method"] = comparison.Method,
            ["energyToleranceEVPerAtom"] = MinimaCensus.EnergyTolerance,
            ["distanceToleranceA"] = MinimaCensus.DistanceTolerance,
            ["relaxed"] = comparison.Relaxed,
            ["known"] = comparison.Targets.Length,
            ["found"] = comparison.Found,
            ["matched"] = comparison.Matched,
            ["knownMinima"] = new JsonObject(comparison.ShownMinima.Select(m => KeyValuePair.Create(m.Id, (JsonNode?)m.Frame))),
            ["targets"] = new JsonArray([.. comparison.Targets.Select(t => (JsonNode)new JsonObject
            {
                ["id"] = t.Target,
                ["formula"] = t.Formula,
                ["energyEVPerAtom"] = double.IsFinite(t.EnergyPerAtom) ? t.EnergyPerAtom : null,
                ["found"] = t.IsFound,
                ["matches"] = new JsonArray([.. t.Matches.Select(m => (JsonNode)m)]),
                ["nearest"] = t.Nearest,
                ["nearestDifferenceEVPerAtom"] = double.IsFinite(t.NearestDifference) ? t.NearestDifference : null,
                ["lower"] = t.Lower,
                ["matched"] = t.Matched is { } matched ? !matched.IsEmpty : null,
                ["matcher"] = t.Matched is { } list ? new JsonArray([.. list.Select(m => (JsonNode)new JsonObject { ["id"] = m.Id, ["rms"] = m.Rms })]) : null,
                ["trainingMatches"] = new JsonArray([.. t.Shown.Select(frame => (JsonNode)frame)]),
                ["nearestTraining"] = t.NearestShown is { } near ? new JsonObject { ["frame"] = near.Frame, ["rms"] = near.Rms, ["fingerprintDistance"] = near.FingerprintDistance } : null,
            })]),
        };
    }

    private static CrystalMatch Match(Relaxed target, List<Relaxed> minima)
    {
        string formula = target.Result.Structure.Composition.Formula;
        double energy = PerAtom(target);
        if (!target.IsMinimum)
        {
            return new CrystalMatch(target.Id, formula, double.NaN, [], null, double.NaN, 0);
        }

        List<Relaxed> near = [.. minima.Where(m => m.Result.Structure.Composition.Equals(target.Result.Structure.Composition)).OrderBy(m => Math.Abs(PerAtom(m) - energy)).ThenBy(m => m.Id, StringComparer.Ordinal)];
        return new CrystalMatch(target.Id, formula, energy, [.. near.Where(m => MinimaCensus.IsSame(m, target)).Select(m => m.Id)],
            near.Count > 0 ? near[0].Id : null, near.Count > 0 ? PerAtom(near[0]) - energy : double.NaN, near.Count(m => PerAtom(m) < energy - MinimaCensus.EnergyTolerance));
    }

    /// <summary>What the structure matcher says: the relaxed target against the minima, the target as it is given against the training.</summary>
    private static CrystalMatch WithMatches(CrystalMatch match, Relaxed target, Structure given, List<Relaxed> minima, TrainingCrystals training)
    {
        if (given.Periodicity != Periodicity.Full)
        {
            return match;
        }

        var goal = training.Matcher.Prepare(target.IsMinimum ? target.Result.Structure : given);
        var asGiven = training.Matcher.Prepare(given);
        return match with
        {
            Matched = [.. minima.Where(m => m.Result.Structure.Periodicity == Periodicity.Full)
                .Select(m => (m.Id, Crystal: training.Matcher.Prepare(m.Result.Structure)))
                .Select(m => (m.Id, training.Matcher.RmsDistance(goal, m.Crystal).Rms))
                .Where(m => m.Rms is not null)
                .Select(m => (m.Id, Rms: m.Rms!.Value))
                .OrderBy(m => m.Rms).ThenBy(m => m.Id, StringComparer.Ordinal)],
            Shown = [.. training.Matches(asGiven)],
            NearestShown = training.Nearest(asGiven),
        };
    }

    private static List<(string Id, int Frame)> Shown(List<Relaxed> minima, TrainingCrystals training, int threads, CancellationToken cancellation)
    {
        int?[] frames = new int?[minima.Count];
        Parallel.For(0, minima.Count, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation }, i => frames[i] = training.FirstMatch(minima[i].Result.Structure));
        return [.. minima.Zip(frames, (m, frame) => (m.Id, frame)).Where(m => m.frame is not null).Select(m => (m.Id, m.frame!.Value))];
    }

    private static double PerAtom(Relaxed r) => r.Result.EnergyEV / r.Result.Structure.AtomCount;

    private static Relaxed AsRelaxed(Structure s, string method) => new(s.Properties.GetValueOrDefault("id") as string ?? s.Id, "", 1,
        new RelaxationResult(s, RelaxationStatus.Converged, "", s.Properties.GetValueOrDefault("energy") is double energy ? energy : double.NaN, double.NaN, null, 0, 0, method, null), 0);
}

using System.Collections.Immutable;
using System.Globalization;
using Polymorph.Foundation;
using Polymorph.Learning;
using Polymorph.Structures;

namespace Polymorph.Energies.Neural.Training;

/// <summary>Errors of one set of frames.</summary>
/// <param name="Set">training, validation or test.</param>
/// <param name="Kind">Kind of frames; empty for all.</param>
/// <param name="Errors">The errors.</param>
public sealed record SetErrors(string Set, string Kind, ParityErrors Errors);

/// <summary>Files with labelled frames.</summary>
/// <param name="Training">To learn from.</param>
/// <param name="Validation">To watch; when empty, a share of the training frames.</param>
/// <param name="Test">To test the finished potential on; may be empty.</param>
public sealed record LabelledFileSets(IReadOnlyCollection<string> Training, IReadOnlyCollection<string> Validation, IReadOnlyCollection<string> Test);

/// <summary>What a training gave.</summary>
/// <param name="Potential">The potential, as it was written.</param>
/// <param name="Errors">Errors of the whole committee.</param>
public sealed record PotentialTrainingResult(NeuralPotential Potential, ImmutableArray<SetErrors> Errors);

/// <summary>From files with labels to a potential on disk: reading, splitting, training with checkpoints, testing.</summary>
/// <param name="form">Form of the potential; its elements are those of the frames.</param>
/// <param name="training">Settings.</param>
/// <param name="validation">Share of the frames for validation.</param>
/// <param name="method">Method name of the potential.</param>
/// <param name="threads">Members trained at the same time.</param>
/// <param name="half">Store weights in 2 bytes.</param>
public sealed class PotentialTraining(NeuralPotentialOptions form, NeuralTraining training, double validation, string method, int threads, bool half)
{
    private const int FewestFrames = 20;
    private const int ParityFrames = 2000;
    private const uint SplitStream = 12;

    /// <summary>Does it all; the same call continues what was stopped.</summary>
    /// <param name="files">The frames.</param>
    /// <param name="output">The potential's file; checkpoints lie beside it.</param>
    /// <param name="note">Told what happens, line by line.</param>
    /// <param name="progress">Called from several threads.</param>
    /// <param name="cancellation">Stops; the checkpoints stay.</param>
    /// <exception cref="PolymorphException">PM6140 to PM6142: frames without labels; PM6144: checkpoints of another training; PM6145: too few frames; PM6146: an element of the held-out frames is
    /// missing among the training frames.</exception>
    public PotentialTrainingResult Run(
        LabelledFileSets files, string output, Action<string> note, Action<MemberProgress>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(note);
        var frames = LabelledFiles.Read(files.Training, cancellation);
        if (frames.Count < FewestFrames)
        {
            throw new PolymorphException("PM6145", $"{frames.Count} frames are too few to train on; at least {FewestFrames} are needed", null, "Label more structures; thousands are usual.");
        }

        var (train, watched) = files.Validation.Count > 0 ? (frames, LabelledFiles.Read(files.Validation, cancellation)) : Split(frames);
        var testFrames = LabelledFiles.Read(files.Test, cancellation);
        ImmutableArray<Element> elements = [.. train.SelectMany(f => f.Structure.Species).Distinct().Order()];
        foreach (var frame in watched.Concat(testFrames))
        {
            if (frame.Structure.Species.FirstOrDefault(e => !elements.Contains(e)) is { Number: > 0 } missing)
            {
                throw new PolymorphException("PM6146", $"no training frame has the element {missing.Symbol}", frame.Structure.Id, "Add training frames with it, or leave this frame out.");
            }
        }

        note(string.Create(CultureInfo.InvariantCulture, $"{train.Count} frames to train on, {watched.Count} to validate, {testFrames.Count} to test; elements {string.Join(", ", elements.Select(e => e.Symbol))}."));
        var set = NeuralTrainingSet.Create(form with { Elements = elements }, train, watched);
        var committee = new CommitteeTraining(set, training, output);
        var metadata = ImmutableSortedDictionary<string, string>.Empty
            .Add("frames", string.Create(CultureInfo.InvariantCulture, $"{train.Count} training, {watched.Count} validation"));
        var potential = committee.Run(method, metadata, threads, progress, cancellation);
        NeuralPotentialFile.Save(potential, output, half);
        committee.RemoveCheckpoints();
        // Errors are those of the file as it is, two-byte weights included.
        potential = NeuralPotentialFile.Load(output);
        note("Testing the committee.");
        var errors = new List<SetErrors>();
        int stride = Math.Max(1, train.Count / ParityFrames);
        errors.AddRange(Measure("training", potential, [.. train.Where((_, i) => i % stride == 0)], cancellation));
        errors.AddRange(Measure("validation", potential, watched, cancellation));
        errors.AddRange(Measure("test", potential, testFrames, cancellation));
        return new(potential, [.. errors]);
    }

    /// <summary>Errors of a potential on labelled frames.</summary>
    /// <param name="set">Name of the set.</param>
    /// <param name="potential">The potential.</param>
    /// <param name="frames">Frames.</param>
    /// <param name="cancellation">Stops.</param>
    public static IEnumerable<SetErrors> Measure(string set, NeuralPotential potential, IReadOnlyList<LabelledStructure> frames, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(frames);
        using var evaluator = new NeuralEngine(potential).CreateEvaluator();
        var table = new ParityTable();
        foreach (var frame in frames)
        {
            var evaluation = evaluator.Evaluate(frame.Structure, cancellation);
            if (evaluation.Failure is null)
            {
                table.Add(frame.Kind, evaluation.EnergyEV - frame.EnergyEV, Flat(evaluation.Forces), Flat(frame.Forces));
            }
        }

        return table.Means.Select(m => new SetErrors(set, m.Key, m.Value));
    }

    private static double[] Flat(ImmutableArray<Vector3D> vectors) => [.. vectors.SelectMany(v => new[] { v.X, v.Y, v.Z })];

    // Each frame draws for itself, so that a frame more does not deal the others anew.
    private (List<LabelledStructure> Train, List<LabelledStructure> Validation) Split(List<LabelledStructure> frames)
    {
        var random = new CounterRandom(training.Seed, SplitStream);
        bool[] watched = [.. frames.Select((_, i) => random.Sequence(0, (uint)i).NextDouble() < validation)];
        // A share of few frames may come out as none or all.
        (watched[0], watched[^1]) = (Array.TrueForAll(watched, w => w) ? false : watched[0], Array.TrueForAll(watched, w => !w) || watched[^1]);
        return ([.. frames.Where((_, i) => !watched[i])], [.. frames.Where((_, i) => watched[i])]);
    }
}

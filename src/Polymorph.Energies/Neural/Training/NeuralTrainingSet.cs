using Polymorph.Energies.Neural.Kernels;

namespace Polymorph.Energies.Neural.Training;

/// <summary>Labelled frames made ready for training: neighbours, labels without repulsion and reference energies, means and scales of the features.</summary>
public sealed class NeuralTrainingSet
{
    // More frames change means and scales by less than a percent.
    private const int StandardFrames = 2000;

    private NeuralTrainingSet(NeuralPotentialOptions options, TrainingFrame<float>[] train, TrainingFrame<float>[] validation, double[] references)
    {
        (Options, Train, Validation, References) = (options, train, validation, references);
        Form = new NeuralForm(options);
        int stride = Math.Max(1, train.Length / StandardFrames);
        Sample = [.. train.Where((_, i) => i % stride == 0)];
        (Standard, Correlations) = FeatureStatistics.Of(Form.Descriptor, Sample);
    }

    /// <summary>Form of the potential.</summary>
    public NeuralPotentialOptions Options { get; }

    /// <summary>Number of training frames.</summary>
    public int TrainCount => Train.Length;

    /// <summary>Number of validation frames.</summary>
    public int ValidationCount => Validation.Length;

    internal TrainingFrame<float>[] Train { get; }

    internal TrainingFrame<float>[] Validation { get; }

    internal double[] References { get; }

    internal double[] Standard { get; }

    /// <summary>Training frames that stand for all in means and scales.</summary>
    internal TrainingFrame<float>[] Sample { get; }

    /// <summary>Correlations of the first descriptor's features, [elements][features × features].</summary>
    internal double[][,] Correlations { get; }

    internal NeuralForm Form { get; }

    /// <summary>Prepares frames.</summary>
    /// <param name="options">Form of the potential.</param>
    /// <param name="train">Frames to learn from.</param>
    /// <param name="validation">Frames to watch; no gradient ever sees them.</param>
    /// <exception cref="ArgumentException">A list is empty, or a frame has an element the potential does not know.</exception>
    public static NeuralTrainingSet Create(NeuralPotentialOptions options, IReadOnlyList<LabelledStructure> train, IReadOnlyList<LabelledStructure> validation)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(validation);
        if (train.Count == 0 || validation.Count == 0)
        {
            throw new ArgumentException("expected at least one frame for training and one for validation");
        }

        var trainFrames = Prepare(options, train);
        var validationFrames = Prepare(options, validation);
        double[] references = ReferenceEnergies.Fit([.. trainFrames.Select(f => f.Types)], [.. trainFrames.Select(f => f.Energy)], options.Elements.Length);
        foreach (var frame in trainFrames.Concat(validationFrames))
        {
            frame.Subtract(references);
        }

        return new(options, trainFrames, validationFrames, references);
    }

    /// <summary>Frames that carry labels of the same method, made ready with these reference energies.</summary>
    /// <param name="labelled">The frames.</param>
    internal TrainingFrame<float>[] Ready(IReadOnlyList<LabelledStructure> labelled)
    {
        var frames = Prepare(Options, labelled);
        foreach (var frame in frames)
        {
            frame.Subtract(References);
        }

        return frames;
    }

    private static TrainingFrame<float>[] Prepare(NeuralPotentialOptions options, IReadOnlyList<LabelledStructure> labelled)
    {
        if (labelled.SelectMany(f => f.Structure.Species).FirstOrDefault(e => !options.Elements.Contains(e)) is { Number: > 0 } unknown)
        {
            throw new ArgumentException($"a frame has the element {unknown.Symbol}, which the potential does not know");
        }

        var repulsion = new ScreenedRepulsion(options.Elements);
        var pairs = new PairList();
        return [.. labelled.Select(f => new TrainingFrame<float>(f, options.Elements, options.CutoffRadius, repulsion, pairs))];
    }
}

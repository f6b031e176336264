using System.Collections.Concurrent;
using Polymorph.Foundation;
using Polymorph.Representations.CrystalGraphs;
using Polymorph.Structures;

namespace Polymorph.Models.Cgcnn;

/// <summary>What a model says of a crystal.</summary>
/// <param name="Value">The property in the model's unit, or the probability of class 1; the mean over an ensemble.</param>
/// <param name="Uncertainty">Standard deviation over the ensemble (n − 1), in the same unit; null for a single network.</param>
public readonly record struct CgcnnPrediction(double Value, double? Uncertainty);

/// <summary>Predicts a property of crystals. Any number of threads may use one predictor.</summary>
/// <param name="model">The model.</param>
/// <remarks>The networks know relaxed crystals like those they were trained on; unrelaxed ones may come out far off. The deviation of an ensemble sees only what its members disagree on.</remarks>
public sealed class CgcnnPredictor(CgcnnModel model)
{
    private readonly ConcurrentBag<CgcnnInference[]> _free = [];

    /// <summary>The model.</summary>
    public CgcnnModel Model { get; } = model;

    /// <summary>A model from a file, or an installed one by its name.</summary>
    /// <param name="nameOrPath">Path of a file, or a name such as <c>band-gap</c>.</param>
    /// <param name="property">The property wanted; null for whatever the model predicts.</param>
    /// <exception cref="PolymorphException">PM4101 to PM4104: not a whole model file; PM4120: a model of another property; PM4121: neither a file nor an installed model.</exception>
    public static CgcnnPredictor Load(string nameOrPath, string? property = null)
    {
        string path = CgcnnModelStore.OfUser().Find(nameOrPath);
        var model = CgcnnModelFile.Load(path);
        return property is null || SameName(property, model.Property)
            ? new CgcnnPredictor(model)
            : throw new PolymorphException("PM4120", $"this model predicts '{model.Property}', not '{property}'", path, $"Use a model that was trained on '{property}'.", ExitCode.Usage);
    }

    /// <summary>The property of one crystal.</summary>
    /// <param name="structure">A crystal.</param>
    /// <exception cref="PolymorphException">PM3110 to PM3112: no crystal, an element without features, too many neighbours.</exception>
    public CgcnnPrediction Predict(Structure structure) => Predict([CrystalGraph.Build(structure, Model.Options.Graph)])[0];

    /// <summary>The property of many crystals, faster than one by one.</summary>
    /// <param name="graphs">Their graphs, built with the model's <see cref="CgcnnOptions.Graph"/>.</param>
    /// <param name="cancellation">Stops.</param>
    /// <returns>One prediction per graph.</returns>
    public CgcnnPrediction[] Predict(IReadOnlyList<CrystalGraph> graphs, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(graphs);
        if (!_free.TryTake(out var networks))
        {
            networks = [.. Model.Members.Select(m => new CgcnnInference(Model.Options, m))];
        }

        try
        {
            var values = new double[networks.Length][];
            for (int m = 0; m < networks.Length; m++)
            {
                values[m] = new double[graphs.Count];
                networks[m].Predict(graphs, values[m], cancellation);
            }

            return [.. Enumerable.Range(0, graphs.Count).Select(i => Combine([.. values.Select(v => v[i])]))];
        }
        finally
        {
            _free.Add(networks);
        }
    }

    // band_gap is what most files call it, band-gap what the published model is called.
    private static bool SameName(string a, string b) => string.Equals(a.Replace('_', '-'), b.Replace('_', '-'), StringComparison.OrdinalIgnoreCase);

    private static CgcnnPrediction Combine(double[] values)
    {
        double mean = values.Average();
        return new CgcnnPrediction(mean, values.Length > 1 ? Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Length - 1)) : null);
    }
}

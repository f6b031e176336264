using System.Globalization;
using System.Text.Json.Nodes;
using Polymorph.Foundation;
using Polymorph.Models.Cgcnn;
using Polymorph.Studies.Runs;

namespace Polymorph.Studies.Screening.Steps;

/// <summary>Gaps estimated by a crystal graph network from the present geometry, for a prefilter: they are judged with twice their error, so that a candidate is lost only where the estimate lies far outside.</summary>
/// <remarks>The error of a value is the spread of an ensemble, but at least the mean absolute error to expect of the model: networks of an ensemble share what they did not learn.</remarks>
internal sealed class CgcnnGap : IGapSource
{
    private const string CacheName = "band-gap", Property = "band-gap", OwnLevel = "ml";
    private const double Widening = 2;

    private readonly CgcnnPredictor _predictor;
    private readonly string _hash;
    private readonly double _expected;

    /// <summary>Opens a model.</summary>
    /// <param name="nameOrPath">Name of an installed model, or a file.</param>
    /// <param name="level">What the recipe says the gaps are.</param>
    /// <param name="place">Where the recipe names it.</param>
    /// <exception cref="PolymorphException">PM4101 to PM4104, PM4120, PM4121: no model of gaps; PM7412: not in eV, without a known error, or of a level that the recipe does not say.</exception>
    public CgcnnGap(string nameOrPath, string level, string place)
    {
        _predictor = CgcnnPredictor.Load(nameOrPath, Property);
        var model = _predictor.Model;
        _expected = model.Unit is "eV" or "" && model.ExpectedError is { } error ? error
            : throw new PolymorphException("PM7412", $"the model gives '{model.Property}' in '{model.Unit}'{(model.ExpectedError is null ? " with no mean error on record" : "")}, and gaps in eV are needed", place, "Train a regression on gaps in eV, with --unit eV.", ExitCode.Usage);
        if (level != OwnLevel)
        {
            throw new PolymorphException("PM7412", $"gaps of a crystal graph network are of level '{OwnLevel}', not '{level}': {model.Level}", place, $"Say 'level: {OwnLevel}', and declare the difference to the window with 'shift'.", ExitCode.Usage);
        }

        _hash = FileHash.Of(CgcnnModelStore.OfUser().Find(nameOrPath));
        Method = $"CGCNN {Path.GetFileName(nameOrPath)} (sha256 {_hash}), {model.Level}";
    }

    /// <inheritdoc/>
    public string Method { get; }

    /// <summary>What a reader must know before any number.</summary>
    public string Warning => string.Create(CultureInfo.InvariantCulture, $"gaps are {_predictor.Model.Level}; mean error {_expected:0.##} eV, so values are judged with {Widening * _expected:0.##} eV or more, unless the recipe says otherwise.");

    /// <inheritdoc/>
    public ValueCache OpenKept(ScreeningContext context) => ValueCache.Open(context.CacheFolder, CacheName, Method, new JsonObject { ["method"] = "cgcnn", ["model"] = _hash });

    /// <inheritdoc/>
    public StepValue Of(ScreeningCandidate candidate, ValueCache? kept)
    {
        if (candidate.Structure is not { } structure)
        {
            return StepValue.Unknown("no-structure", "a table of energies has no structures");
        }

        var value = kept?.Find(candidate.Key!);
        if (value is null)
        {
            value = Predict(structure);
            kept?.Add(candidate.Key!, value);
        }

        if ((string?)value["failure"] is { } failure)
        {
            return StepValue.Unknown("no-graph", failure);
        }

        double error = Math.Max((double?)value["spreadEV"] ?? 0, _expected);
        return StepValue.Of((double)value["gapEV"]!, Widening * error, string.Create(CultureInfo.InvariantCulture, $"estimate, error {error:0.00} eV: {_predictor.Model.Level}"));
    }

    private JsonObject Predict(Structures.Structure structure)
    {
        try
        {
            var prediction = _predictor.Predict(structure);
            return new JsonObject { ["gapEV"] = prediction.Value, ["spreadEV"] = prediction.Uncertainty };
        }
        catch (PolymorphException e)
        {
            // No crystal, an element without features, too many neighbours.
            return new JsonObject { ["failure"] = e.Reason };
        }
    }
}

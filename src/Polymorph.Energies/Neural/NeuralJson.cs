using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Polymorph.Energies.Neural.Training;

namespace Polymorph.Energies.Neural;

/// <summary>Settings as text in files.</summary>
internal static class NeuralJson
{
    /// <summary>Form of a potential without its elements.</summary>
    /// <param name="options">The form.</param>
    public static string Write(NeuralPotentialOptions options) => new JsonObject
    {
        ["cutoffs"] = new JsonArray([.. options.Shells.Select(s => (JsonNode)s.CutoffRadius)]),
        ["orders"] = new JsonArray([.. options.Shells.Select(s => (JsonNode)s.MaximumOrder)]),
        ["nearRadius"] = options.NearRadius,
        ["nearPower"] = options.NearPower,
        ["pairFunctions"] = options.PairFunctions,
        ["messages"] = options.Messages,
        ["messageOrder"] = options.MessageOrder,
        ["handed"] = options.Handed,
        ["hiddenWidths"] = new JsonArray([.. options.HiddenWidths.Select(w => (JsonNode)w)]),
    }.ToJsonString();

    /// <summary>The form of a text.</summary>
    /// <param name="text">From <see cref="Write(NeuralPotentialOptions)"/>.</param>
    /// <exception cref="FormatException">It is no form.</exception>
    public static NeuralPotentialOptions ReadForm(string text)
    {
        try
        {
            var form = JsonNode.Parse(text)!.AsObject();
            var shells = form["cutoffs"]!.AsArray().Zip(form["orders"]!.AsArray(), (r, n) => new NeuralShell(r!.GetValue<double>(), n!.GetValue<int>()));
            return new NeuralPotentialOptions
            {
                Shells = [.. shells],
                NearRadius = form["nearRadius"]!.GetValue<double>(),
                NearPower = form["nearPower"]!.GetValue<double>(),
                PairFunctions = form["pairFunctions"]!.GetValue<int>(),
                Messages = form["messages"]!.GetValue<int>(),
                MessageOrder = form["messageOrder"]!.GetValue<int>(),
                Handed = form["handed"]!.GetValue<int>(),
                HiddenWidths = [.. form["hiddenWidths"]!.AsArray().Select(w => w!.GetValue<int>())],
            };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or NullReferenceException or ArgumentException)
        {
            throw new FormatException($"its form cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Settings of a training, for checkpoints and provenance.</summary>
    /// <param name="training">The settings.</param>
    public static string Write(NeuralTraining training) => string.Create(CultureInfo.InvariantCulture,
        $"members {training.Members}, epochs {training.Epochs}, batch {training.Batch}, rate {training.LearningRate}, warm-up {training.WarmUp}, decay {training.WeightDecay}, whitening {training.Whitening}, averaging {training.AveragingDecay}, patience {training.Patience}, energy weight {training.Loss.EnergyWeight}, energy scale {training.Loss.EnergyScale}, force scale {training.Loss.ForceScale}, large force {training.Loss.LargeForce}, seed {training.Seed}");
}

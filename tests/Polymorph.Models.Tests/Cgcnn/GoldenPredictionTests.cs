using Polymorph.Learning.Layers;
using Polymorph.Models.Cgcnn;
using Polymorph.Representations.CrystalGraphs;
using Polymorph.Testing;
using Xunit;

namespace Polymorph.Models.Tests.Cgcnn;

/// The eight published models on the ten sample crystals.
public sealed class GoldenPredictionTests
{
    public static TheoryData<string> Models => [.. GoldenCgcnn.Models];

    /// From the structure to the number, in single precision: 1e-5, as the golden file's README advises for single precision.
    [Theory, MemberData(nameof(Models))]
    public void PredictionsAgreeInSinglePrecision(string name)
    {
        var predictor = CgcnnPredictor.Load(PathOf(name), name);
        var expected = ReferenceData.Json("golden/cgcnn/pretrained_predictions.json").GetProperty("models").GetProperty(name);
        string[] ids = [.. GoldenCgcnn.Ids];
        var together = predictor.Predict([.. ids.Select(id => CrystalGraph.Build(GoldenCgcnn.StructureOf(id), predictor.Model.Options.Graph))], TestContext.Current.CancellationToken);
        for (int i = 0; i < ids.Length; i++)
        {
            double value = expected.GetProperty("double_arithmetic").GetProperty(ids[i]).GetDouble();
            Assert.Equal(value, together[i].Value, 1e-5);

            // Crystals do not see each other: alone the sums are the same, but for the batch's shape.
            Assert.Equal(together[i].Value, predictor.Predict(GoldenCgcnn.StructureOf(ids[i])).Value, 1e-5);
        }
    }

    /// Under the fixed rule for ties everything is determined: double precision on both sides, 1e-9 as for the other files in double.
    [Theory, InlineData("formation-energy-per-atom"), InlineData("semi-metal-classification")]
    public void PredictionsAgreeUnderTheRuleForTies(string name)
    {
        var model = CgcnnModelFile.Load(PathOf(name));
        var network = new CgcnnNetwork<ReferenceMatrix>(new LayerKernelsReference(), new GraphKernelsReference(), model.Options);
        foreach (var (tensor, values) in model.Members[0].State)
        {
            network.Load(tensor, values);
        }

        network.Changed();
        var expected = ReferenceData.Json("golden/cgcnn/deterministic_ties.json").GetProperty("predictions").GetProperty(name);
        foreach (string id in GoldenCgcnn.Ids)
        {
            var batch = new GraphBatch(model.Options.Graph);
            batch.Fill([CrystalGraph.Build(GoldenCgcnn.StructureOf(id), model.Options.Graph)]);
            network.Forward(batch, training: false);
            double value = model.Options.Task == CgcnnTask.Regression
                ? network.Outputs[0, 0] * model.Members[0].Deviation + model.Members[0].Mean
                : 1 / (1 + Math.Exp(network.Outputs[0, 0] - network.Outputs[0, 1]));
            Assert.Equal(expected.GetProperty(id).GetDouble(), value, 1e-9);
        }
    }

    private static string PathOf(string name) => ReferenceData.PathOf($"data/cgcnn/pretrained/{name}.safetensors");
}

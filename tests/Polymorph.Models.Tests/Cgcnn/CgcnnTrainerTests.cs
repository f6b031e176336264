using Polymorph.Foundation;
using Polymorph.Models.Cgcnn;
using Polymorph.Representations.CrystalGraphs;
using Polymorph.Testing;
using Xunit;

namespace Polymorph.Models.Tests.Cgcnn;

public sealed class CgcnnTrainerTests
{
    private static readonly CgcnnOptions Form = new() { AtomFeatures = 32, HiddenFeatures = 32 };
    private static readonly Lazy<CgcnnSet> Alloys = new(() => GoldenCgcnn.Alloys(Form.Graph));

    /// The published network reaches 0.0140 with these settings; the mean of the training set, 0.0610. 0.022 is one and a half times the former.
    [Fact]
    public void SixtyEpochsLearnTheAlloys()
    {
        var trainer = new CgcnnTrainer(Form, new CgcnnTraining { Epochs = 60 }, Alloys.Value, seed: 1);
        while (!trainer.IsFinished)
        {
            trainer.RunEpoch(TestContext.Current.CancellationToken);
        }

        var best = new CgcnnPredictor(new CgcnnModel(Form, "energy", "eV/atom", "", [trainer.Best]));
        var predicted = best.Predict([.. Alloys.Value.Test.Select(i => Alloys.Value.Graphs[i])], TestContext.Current.CancellationToken).Select(p => p.Value).ToList();
        double error = CgcnnStatistics.MeanAbsoluteError(predicted, [.. Alloys.Value.Test.Select(i => Alloys.Value.Targets[i])]);
        TestContext.Current.SendDiagnosticMessage($"test MAE {error:F4} eV/atom, best epoch {trainer.Best.BestEpoch}");
        Assert.InRange(error, 0.002, 0.022);
    }

    [Theory, InlineData(CgcnnTask.Regression, CgcnnOptimiser.Adam), InlineData(CgcnnTask.Regression, CgcnnOptimiser.Sgd), InlineData(CgcnnTask.Classification, CgcnnOptimiser.Adam)]
    public void AResumedTrainingGoesOnBitForBit(CgcnnTask task, CgcnnOptimiser optimiser)
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "training.safetensors");
        var options = Form with { Task = task, AtomFeatures = 10, HiddenFeatures = 7, HiddenLayers = 2 };
        var training = new CgcnnTraining { Epochs = 4, Optimiser = optimiser, LearningRate = optimiser == CgcnnOptimiser.Sgd ? 0.01 : 0.005 };
        var set = Classes(task);
        var straight = new CgcnnTrainer(options, training, set, seed: 7, member: 1);
        var first = new CgcnnTrainer(options, training, set, seed: 7, member: 1);
        for (int e = 0; e < 4; e++)
        {
            straight.RunEpoch(TestContext.Current.CancellationToken);
            if (e < 2)
            {
                first.RunEpoch(TestContext.Current.CancellationToken);
            }
        }

        CgcnnModelFile.SaveTraining(first, "these", path);
        var second = new CgcnnTrainer(options, training, set, seed: 7, member: 1);
        CgcnnModelFile.Resume(second, "these", path);
        second.RunEpoch(TestContext.Current.CancellationToken);
        second.RunEpoch(TestContext.Current.CancellationToken);
        Assert.Equal(straight.Loss, second.Loss);
        Assert.Equal(straight.Best.BestMetric, second.Best.BestMetric);
        foreach (var (name, values) in straight.Best.State)
        {
            Assert.Equal(values, second.Best.State[name]);
        }

        Assert.Equal("PM4104", Assert.Throws<PolymorphException>(() => CgcnnModelFile.Resume(second, "others", path)).Code);
    }

    [Fact]
    public void MembersDifferAndAnEnsembleHasADeviation()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "model.safetensors");
        var members = Enumerable.Range(0, 2).Select(m =>
        {
            var trainer = new CgcnnTrainer(Form, new CgcnnTraining { Epochs = 2 }, Alloys.Value, seed: 3, member: m);
            trainer.RunEpoch(TestContext.Current.CancellationToken);
            return trainer.Best;
        });
        CgcnnModelFile.Save(new CgcnnModel(Form, "excess-energy", "eV/atom", "words", [.. members]), path);
        var predictor = CgcnnPredictor.Load(path, "excess-energy");
        var prediction = predictor.Predict([Alloys.Value.Graphs[0]], TestContext.Current.CancellationToken)[0];
        Assert.True(prediction.Uncertainty > 0);
        var alone = predictor.Model.Members.Select(m => new CgcnnPredictor(predictor.Model with { Members = [m] }).Predict([Alloys.Value.Graphs[0]], TestContext.Current.CancellationToken)[0]).ToList();
        Assert.Null(alone[0].Uncertainty);
        Assert.Equal(alone.Average(p => p.Value), prediction.Value, 1e-12);
        Assert.Equal(Math.Abs(alone[0].Value - alone[1].Value) / Math.Sqrt(2), prediction.Uncertainty!.Value, 1e-12);
        Assert.Equal("PM4120", Assert.Throws<PolymorphException>(() => CgcnnPredictor.Load(path, "band-gap")).Code);
        Assert.Equal("PM4121", Assert.Throws<PolymorphException>(() => CgcnnPredictor.Load(Path.Combine(folder.Path, "none"))).Code);
    }

    /// A class that the composition decides is learnt.
    [Fact]
    public void AClassIsLearnt()
    {
        var set = Classes(CgcnnTask.Classification);
        var trainer = new CgcnnTrainer(Form with { Task = CgcnnTask.Classification }, new CgcnnTraining { Epochs = 15 }, set, seed: 2);
        while (!trainer.IsFinished)
        {
            trainer.RunEpoch(TestContext.Current.CancellationToken);
        }

        // By chance it would be 0.5; the classes are the sign of an energy that the regression above predicts to a quarter of its spread.
        Assert.InRange(trainer.Best.BestMetric!.Value, 0.8, 1);
    }

    [Fact]
    public void TheAreaUnderTheCurveCountsPairs()
    {
        // Pairs of a 1 and a 0: (0.9, 0.1), (0.9, 0.4), (0.4, 0.1) are in order, (0.4, 0.4) is a tie: 3.5 of 4.
        Assert.Equal(3.5 / 4, CgcnnStatistics.AreaUnderCurve([0.1, 0.4, 0.4, 0.9], [0, 0, 1, 1]), 1e-12);
        Assert.Equal(0.5, CgcnnStatistics.AreaUnderCurve([0.1, 0.4], [1, 1]));
    }

    [Fact]
    public void ASplitUsesEveryCrystalOnce()
    {
        var set = CgcnnSet.Split(Alloys.Value.Graphs, Alloys.Value.Targets, 0.2, 0, seed: 5);
        Assert.Empty(set.Test);
        Assert.Equal(120, set.Validation.Length);
        Assert.Equal(Enumerable.Range(0, 600), set.Training.Concat(set.Validation).Order());
        Assert.NotEqual(set.Training, CgcnnSet.Split(Alloys.Value.Graphs, Alloys.Value.Targets, 0.2, 0, seed: 6).Training);
    }

    private static CgcnnSet Classes(CgcnnTask task)
    {
        var set = Alloys.Value;
        double middle = set.Targets.Order().ElementAt(300);
        return task == CgcnnTask.Regression ? set : set with { Targets = [.. set.Targets.Select(t => t > middle ? 1.0 : 0.0)] };
    }
}

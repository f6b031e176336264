using System.Globalization;
using System.Text.Json;
using Polymorph.Models.Cgcnn;
using Polymorph.Representations.CrystalGraphs;
using Polymorph.Structures;
using Polymorph.Structures.Formats;

namespace Polymorph.Benchmarks;

/// <summary>Crystals predicted per second and seconds per training epoch on one core, beside PyTorch on the same graphs in the same run, in turn.</summary>
internal static class CgcnnBenchmark
{
    private const int Copies = 40;
    private const int TrainingEpochs = 6;
    private const double WarmUp = 0.6;

    private static readonly CgcnnOptions Form = new();

    public static void Run(string[] arguments)
    {
        int rounds = arguments.Length > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : 3;
        string weights = StudyData.Shared("data", "cgcnn", "pretrained", "band-gap.safetensors");
        var structures = StructureReader.ReadStrict(StudyData.Shared("data", "cgcnn", "sample"));
        var predictor = CgcnnPredictor.Load(weights);
        double building = SecondsOf(() =>
        {
            foreach (var structure in structures)
            {
                CrystalGraph.Build(structure, Form.Graph);
            }
        }) / structures.Count;
        var graphs = structures.Select(s => CrystalGraph.Build(s, Form.Graph)).ToList();
        var crystals = Enumerable.Range(0, Copies).SelectMany(_ => graphs).ToList();
        var alloys = Alloys();
        string task = Task(weights, crystals, alloys);
        List<double> predicting = [], training = [], theirPredicting = [], theirTraining = [];
        for (int round = 0; round < rounds; round++)
        {
            predicting.Add(SecondsOf(() => predictor.Predict(crystals)) / crystals.Count);
            var trainer = new CgcnnTrainer(Form, new CgcnnTraining { Epochs = 100, Optimiser = CgcnnOptimiser.Sgd, LearningRate = 0.01 }, alloys, seed: 1);
            training.Add(SecondsOf(() => trainer.RunEpoch()));
            if (PythonOpponent.Output("cgcnn_torch.py", "torch", task) is { } output)
            {
                using var result = JsonDocument.Parse(output);
                theirPredicting.Add(result.RootElement.GetProperty("secondsPerCrystal").GetDouble());
                theirTraining.Add(result.RootElement.GetProperty("secondsPerEpoch").GetDouble());
                Compare(predictor.Predict(crystals), result.RootElement.GetProperty("values"));
            }
        }

        double mine = Figure.Median(predicting), epoch = Figure.Median(training), atoms = structures.Average(s => s.AtomCount);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{crystals.Count} crystals of {atoms:F1} atoms on average; {alloys.Training.Length} training crystals"));
        Figure.Print("cgcnn-predictions", 1 / mine, "crystals/s/core");
        Figure.Print("cgcnn-predictions-with-graphs", 1 / (mine + building), "crystals/s/core");
        Figure.Print("cgcnn-epoch", epoch, "s");
        if (theirPredicting.Count > 0)
        {
            Figure.Print("cgcnn-pytorch-predictions", 1 / Figure.Median(theirPredicting), "crystals/s/core");
            Figure.Print("cgcnn-pytorch-epoch", Figure.Median(theirTraining), "s");
            Figure.Print("cgcnn-predictions-over-pytorch", Figure.Median(theirPredicting) / mine, "times");
            Figure.Print("cgcnn-epoch-over-pytorch", Figure.Median(theirTraining) / epoch, "times");
        }
    }

    private static double SecondsOf(Action action)
    {
        // The runtime compiles again what runs often; that must be over.
        for (double begun = ThreadClock.Seconds; ThreadClock.Seconds < begun + WarmUp;)
        {
            action();
        }

        var seconds = new List<double>();
        for (int i = 0; i < 9; i++)
        {
            double start = ThreadClock.Seconds;
            action();
            seconds.Add(ThreadClock.Seconds - start);
        }

        return Figure.Median(seconds);
    }

    // Both must have computed the same thing.
    private static void Compare(CgcnnPrediction[] ours, JsonElement theirs)
    {
        double difference = theirs.EnumerateArray().Zip(ours, (t, o) => Math.Abs(t.GetDouble() - o.Value)).Max();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"largest difference of a prediction: {difference:E1} eV"));
    }

    private static CgcnnSet Alloys()
    {
        using var file = JsonDocument.Parse(File.ReadAllText(StudyData.Shared("golden", "cgcnn", "emt_alloys.json")));
        var records = file.RootElement.GetProperty("structures").EnumerateArray().ToList();
        var index = records.Select((r, i) => (Id: r.GetProperty("id").GetString()!, Index: i)).ToDictionary(p => p.Id, p => p.Index);
        return new CgcnnSet([.. records.Select(r => CrystalGraph.Build(StructureOf(r), Form.Graph))], [.. records.Select(r => r.GetProperty("y").GetDouble())],
            [.. file.RootElement.GetProperty("split").GetProperty("train").EnumerateArray().Select(id => index[id.GetString()!])], [index["s091"]], []);
    }

    private static Structure StructureOf(JsonElement record)
    {
        Vector3D[] rows = [.. record.GetProperty("lattice").EnumerateArray().Select(Vector)];
        var lattice = new Lattice(rows[0], rows[1], rows[2]);
        return new Structure([.. record.GetProperty("numbers").EnumerateArray().Select(z => new Element(z.GetInt32()))], [.. record.GetProperty("frac").EnumerateArray().Select(x => lattice.ToCartesian(Vector(x)))], lattice);
    }

    private static Vector3D Vector(JsonElement v) => new(v[0].GetDouble(), v[1].GetDouble(), v[2].GetDouble());

    private static string Task(string weights, List<CrystalGraph> crystals, CgcnnSet alloys) => JsonSerializer.Serialize(new
    {
        predict = new { weights, crystals = crystals.Select(Crystal), batch = 256 },
        train = new
        {
            crystals = alloys.Training.Select(i => Crystal(alloys.Graphs[i])),
            targets = alloys.Training.Select(i => alloys.Targets[i]),
            batch = 32,
            epochs = TrainingEpochs,
            f = Form.AtomFeatures,
            h = Form.HiddenFeatures,
            convolutions = Form.Convolutions,
        },
        features = Enumerable.Range(1, AtomFeatures.Elements).Select(z => AtomFeatures.Of(new Element(z)).ToArray()),
    });

    private static object Crystal(CrystalGraph graph) => new { z = graph.Species.Select(e => e.Number), j = graph.Neighbours.Chunk(12), d = graph.Distances.Chunk(12) };
}

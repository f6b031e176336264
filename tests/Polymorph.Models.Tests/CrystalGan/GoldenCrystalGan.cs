using System.Text.Json;
using Polymorph.Learning.Layers;
using Polymorph.Models.CrystalGan;
using Polymorph.Testing;
using Xunit;

namespace Polymorph.Models.Tests.CrystalGan;

/// <summary>Reads <c>golden/crystal-gan</c>: the numbers of the published layers in another program, double precision.</summary>
internal static class GoldenCrystalGan
{
    public static readonly CrystalGanShape Shape = new([8, 8, 12]);
    public static readonly CrystalGanLosses Losses = new() { DoubleSoftmax = true };
    public static readonly CrystalGanWidths SmallWidths = new()
    {
        Latent = 16,
        Generator0 = 6,
        Generator1 = 8,
        Generator2 = 10,
        Generator3 = 8,
        Cell = 5,
        Critic1 = 8,
        Critic2 = 8,
        Critic3 = 6,
        CriticHidden1 = 12,
        CriticHidden2 = 8,
        Classifier1 = 8,
        Classifier2 = 6,
        Classifier3 = 6,
        ClassifierHidden1 = 10,
        ClassifierHidden2 = 8,
    };

    public static JsonElement Small { get; } = ReferenceData.Json("golden/crystal-gan/networks-small.json");

    /// <summary>Our name of a branch is its index, the file's its element.</summary>
    public static string FileName(string name) => name.Replace("e0.", "mg.", StringComparison.Ordinal).Replace("e1.", "mn.", StringComparison.Ordinal).Replace("e2.", "o.", StringComparison.Ordinal);

    public static double[] Numbers(JsonElement element)
    {
        List<double> values = [];
        Add(element);
        return [.. values];

        void Add(JsonElement part)
        {
            if (part.ValueKind == JsonValueKind.Array)
            {
                foreach (var item in part.EnumerateArray())
                {
                    Add(item);
                }
            }
            else
            {
                values.Add(part.GetDouble());
            }
        }
    }

    public static void Load<TMatrix>(RowNetwork<TMatrix> network, JsonElement weights)
        where TMatrix : class, IRowMatrix<TMatrix>
    {
        foreach (var (tensor, _) in network.State())
        {
            network.Load(tensor.Name, Numbers(weights.GetProperty(FileName(tensor.Name)).GetProperty("data")));
        }

        network.ParametersChanged();
    }

    public static CrystalGanNetworks<TMatrix> SmallNetworks<TMatrix>(ILayerKernels<TMatrix> kernels)
        where TMatrix : class, IRowMatrix<TMatrix>
    {
        var networks = new CrystalGanNetworks<TMatrix>(kernels, Shape, new CrystalGanOptions { Widths = SmallWidths, Losses = Losses }, 4);
        var weights = Small.GetProperty("weights");
        Load(networks.Generator, weights.GetProperty("G"));
        Load(networks.Critic, weights.GetProperty("D"));
        Load(networks.Classifier, weights.GetProperty("Q"));
        return networks;
    }

    public static CrystalGanBatch<TMatrix> Batch<TMatrix>(string latents)
        where TMatrix : class, IRowMatrix<TMatrix>
    {
        var inputs = Small.GetProperty("inputs");
        var batch = new CrystalGanBatch<TMatrix>(Shape, SmallWidths, 4);
        Fill(batch.Real, inputs.GetProperty("real"));
        Fill(batch.Noised, inputs.GetProperty("real_noised"));
        Numbers(inputs.GetProperty("alpha")).CopyTo(batch.Mix, 0);
        int[] labels = [.. Numbers(inputs.GetProperty("atom_labels")).Select(v => (int)v)];
        double[] z = Numbers(inputs.GetProperty(latents)), atoms = Numbers(inputs.GetProperty("natoms_over_28"));
        string[] classes = ["class_mg", "class_mn", "class_o"];
        for (int s = 0; s < 4; s++)
        {
            for (int i = 0; i < 16; i++)
            {
                batch.GeneratorInput[s, i] = z[16 * s + i];
            }

            batch.GeneratorInput[s, 16] = atoms[s];
            for (int e = 0; e < 3; e++)
            {
                int first = Shape.FirstRows[e] - 2, cap = Shape.Caps[e];
                int wanted = (int)Numbers(inputs.GetProperty(classes[e]))[s];
                batch.WantedCounts[e][s] = wanted;
                batch.GeneratorInput[s, 17 + first + wanted] = 1;
                var present = labels.AsSpan(28 * s + first, cap);
                present.CopyTo(batch.RealAtoms[e].AsSpan(s * cap));
                batch.RealCounts[e][s] = present.ToArray().Sum() - 1;
            }
        }

        return batch;
    }

    public static void Fill<TMatrix>(TMatrix matrix, JsonElement values)
        where TMatrix : class, IRowMatrix<TMatrix>
    {
        double[] numbers = Numbers(values);
        for (int i = 0; i < numbers.Length; i++)
        {
            matrix[i / matrix.Columns, i % matrix.Columns] = numbers[i];
        }
    }

    public static double[] Read<TMatrix>(TMatrix matrix, int rows)
        where TMatrix : class, IRowMatrix<TMatrix> =>
        [.. Enumerable.Range(0, rows * matrix.Columns).Select(i => matrix[i / matrix.Columns, i % matrix.Columns])];

    /// <summary>Largest difference relative to the largest expected number.</summary>
    public static void AssertClose(double[] expected, double[] actual, double tolerance, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        double scale = expected.Max(Math.Abs), worst = expected.Zip(actual, (e, a) => Math.Abs(e - a)).Max();
        // Sums that cancel, such as the gradient of a bias before a normalisation, leave the rounding of their terms of about 0.1.
        double rounding = tolerance < 1e-6 ? 1e-14 : 1e-8;
        Assert.True(worst <= tolerance * scale + rounding, $"{what}: differs by {worst:G3}, largest number {scale:G3}");
    }

    public static double[] Probabilities(double[] scores, int classes)
    {
        var result = new double[scores.Length];
        for (int row = 0; row < scores.Length / classes; row++)
        {
            double[] p = scores[(row * classes)..((row + 1) * classes)];
            ClassifierLoss.Softmax(p, 0);
            p.CopyTo(result, row * classes);
        }

        return result;
    }
}

using System.Text.Json;
using Polymorph.Learning;
using Polymorph.Models.LoGan;
using Polymorph.Structures;
using Polymorph.Structures.Formats;
using Polymorph.Testing;

namespace Polymorph.Models.Tests.LoGan;

/// <summary>The inputs of <c>golden/logan/epoch.json</c>: every weight, latent, real sample and mix weight by formula.</summary>
internal sealed class GoldenEpoch : ILoGanDraws
{
    public const int Batch = 15;
    public const int Atoms = 18;

    public static JsonElement Expected => ReferenceData.Json("golden/logan/epoch.json");

    public static LoGanOptions Options { get; } = LoGanOptions.C5H12O();

    public static IReadOnlyList<Structure> Training => StructureReader.ReadStrict(ReferenceData.PathOf("data/logan/C5H12O_training.extxyz"));

    public static double Weight(int layer, int network, long i, long j, int fanIn)
    {
        long h = ((i + 1) * (j + 3) * 7919 + i * i * 104729 + j * 271 + layer * 31337L + network * 65537L) % 10007;
        return Math.Sqrt(3.0 / fanIn) * (2.0 * h / 10007 - 1);
    }

    public static double BiasOf(int layer, int network, int j) => 0.01 * Math.Sin(0.3 + 1.3 * j + layer + network);

    public static double Latent(int b, int q, int k) => Math.Sqrt(2) * Math.Sin(0.5 + 1.7 * b + 2.3 * q + 0.9 * k);

    public static int RealRow(int b, int a, int k, int poolSize) => (37 * b + 101 * a + 7 * k) % poolSize;

    public static double Mix(int m, int k)
    {
        double x = 0.6180339887498949 * m + 0.37 * k;
        return x - Math.Floor(x);
    }

    public static void SetWeights(DenseNetwork network, int which)
    {
        for (int layer = 0; layer < network.Shape.Layers; layer++)
        {
            int fanIn = network.Shape.Widths[layer];
            for (int j = 0; j < network.Shape.Widths[layer + 1]; j++)
            {
                for (int i = 0; i < fanIn; i++)
                {
                    network.Weights(layer).Row(i)[j] = (float)Weight(layer, which, i, j, fanIn);
                }

                network.Biases(layer).Row(0)[j] = (float)BiasOf(layer, which, j);
            }
        }

        network.ParametersChanged();
    }

    public static DenseNetworkReference Reference(DenseShape shape, int which)
    {
        var network = new DenseNetworkReference(shape);
        for (int layer = 0; layer < shape.Layers; layer++)
        {
            int fanIn = shape.Widths[layer], fanOut = shape.Widths[layer + 1];
            for (int j = 0; j < fanOut; j++)
            {
                for (int i = 0; i < fanIn; i++)
                {
                    network.Parameters[2 * layer][i * fanOut + j] = Weight(layer, which, i, j, fanIn);
                }

                network.Parameters[2 * layer + 1][j] = BiasOf(layer, which, j);
            }
        }

        return network;
    }

    public void Latents(int epoch, int update, AlignedMatrix result, int firstRow, int rows)
    {
        for (int b = 0; b < rows; b++)
        {
            var row = result.Row(firstRow + b);
            for (int q = 0; q < row.Length; q++)
            {
                row[q] = (float)Latent(b, q, update);
            }
        }
    }

    public void RealRows(int epoch, int update, ReadOnlySpan<int> poolSizes, Span<int> rows)
    {
        for (int slot = 0; slot < rows.Length; slot++)
        {
            rows[slot] = RealRow(slot / Atoms, slot % Atoms, update, poolSizes[slot % Atoms]);
        }
    }

    public void MixWeights(int epoch, int update, Span<float> weights)
    {
        for (int m = 0; m < weights.Length; m++)
        {
            weights[m] = (float)Mix(m, update);
        }
    }
}

using System.Runtime.Intrinsics;
using Polymorph.Energies.Ani;
using Polymorph.Energies.Kernels;
using Polymorph.Learning;
using Polymorph.Structures;
using Polymorph.Testing;
using Xunit;
using VectorFunctions = Polymorph.Representations.Kernels.VectorFunctions;

namespace Polymorph.Energies.Tests.Ani;

/// Each kernel beside its definition in double precision.
public sealed class AniKernelTests
{
    /// The bounds the functions promise.
    [Fact]
    public void ElementaryFunctionsAreAccurate()
    {
        var random = new CounterRandom(3, 0).Sequence(0);
        for (int i = 0; i < 20000; i++)
        {
            float a = (float)(-120 + 140 * random.NextDouble()), b = (float)Math.Pow(10, -3 + 4 * random.NextDouble());
            double power = VectorFunctions.Exp2(Vector512.Create(a))[i % 16], logarithm = VectorFunctions.Log2(Vector512.Create(b))[i % 16];
            Assert.Equal(1, power / Math.Pow(2, a), 2e-7);
            Assert.Equal(Math.Log2(b), logarithm, 2e-7 * Math.Max(1, Math.Abs(Math.Log2(b))));
        }
    }

    /// Sums of sixteen numbers of order 1 in single precision.
    [Fact]
    public void SumsAreOfTheirOwnVector()
    {
        var random = new CounterRandom(4, 0).Sequence(0);
        var vectors = new Vector512<float>[4];
        for (int v = 0; v < 4; v++)
        {
            for (int lane = 0; lane < 16; lane++)
            {
                vectors[v] = vectors[v].WithElement(lane, (float)random.NextNormal());
            }
        }

        var sums = VectorFunctions.Sums(vectors[0], vectors[1], vectors[2], vectors[3]);
        for (int v = 0; v < 4; v++)
        {
            Assert.Equal(Enumerable.Range(0, 16).Sum(lane => (double)vectors[v][lane]), sums[v], 1e-5);
        }
    }

    /// Entries of order 1; the 32nd power multiplies the rounding of its base, 6e-8, by 32.
    [Theory, InlineData("ani-1ccx"), InlineData("ani-2x-2of8")]
    public void DescriptorAndItsGradientAgreeWithTheDefinition(string name)
    {
        var model = AniModel.Read(ReferenceData.PathOf($"data/potentials/{name}.json"));
        int elements = model.Elements.Length;
        var reference = new AniDescriptorReference(model.Symmetry, elements);
        var kernel = new AniDescriptorKernel(model.Symmetry, elements);
        var neighbours = new AniNeighbours(model.Symmetry.Rcr, model.Symmetry.Rca);
        int[] slots = [.. Enumerable.Range(0, elements)];
        var random = new CounterRandom(5, 0).Sequence(0);
        foreach (var structure in new[] { AniGoldenTests.Molecules(name).Single(m => m.Name == "CH3NO2").Structure, AniGoldenTests.Molecules(name).Single(m => m.Name == "C5H12O_8_strongly_rattled").Structure })
        {
            Assert.Null(neighbours.Find(structure, [.. structure.Species.Select(e => model.Elements.IndexOf(e))]));
            for (int atom = 0; atom < structure.AtomCount; atom++)
            {
                var near = neighbours.Of(atom);
                int angular = neighbours.AngularCount(atom);
                double[] expected = new double[reference.Length], seed = new double[reference.Length];
                for (int i = 0; i < seed.Length; i++)
                {
                    seed[i] = (float)random.NextNormal();
                }

                var values = new float[reference.Length];
                reference.Values(near, angular, expected);
                kernel.Values(near, angular, slots, elements, values);
                Assert.All(expected.Zip(values), v => Assert.Equal(v.First, v.Second, 5e-6 * Math.Max(1, v.First)));

                Vector3D[] expectedGradient = new Vector3D[near.Length], gradient = new Vector3D[near.Length];
                reference.Gradient(near, angular, seed, expectedGradient);
                kernel.Gradient(near, angular, slots, elements, [.. seed.Select(s => (float)s)], gradient);
                // Slopes are some ten times the values, over ten triples each.
                Assert.All(expectedGradient.Zip(gradient), v => Assert.True((v.First - v.Second).Length < 1e-4, $"{v.First} {v.Second}"));
            }
        }
    }

    /// Panels of 64, 32 and 16 columns; tiles of six, three, two rows and one.
    [Theory, InlineData(1, 7, 112), InlineData(2, 33, 176), InlineData(5, 240, 96), InlineData(6, 5, 64), InlineData(9, 31, 176), InlineData(10, 16, 112), InlineData(13, 240, 144)]
    public void ProductsWithPanelsAgreeWithTheDefinition(int rows, int terms, int columns)
    {
        var random = new CounterRandom(7, 0).Sequence(0);
        var weights = new float[terms * columns];
        AlignedMatrix x = new(rows, terms), bias = new(1, columns), activation = new(rows, columns), c = new(rows, columns);
        Fill(weights);
        Fill(bias.Row(0));
        for (int i = 0; i < rows; i++)
        {
            Fill(x.Row(i));
            Fill(activation.Row(i));
        }

        const float alpha = 0.1f;
        Celu.Apply(new Columns(activation, 0, columns), rows, alpha);
        var panels = new PanelMatrix(terms, columns, (t, j) => weights[t * columns + j]);
        // Sums of up to 240 products of order 1: their rounding.
        double Product(int i, int j) => Enumerable.Range(0, terms).Sum(t => (double)x.Row(i)[t] * weights[t * columns + j]);
        panels.Linear(new Columns(x, 0, terms), rows, new Columns(bias, 0, columns), new Columns(c, 0, columns));
        Compare((i, j) => Product(i, j) + bias.Row(0)[j]);
        panels.Plain(new Columns(x, 0, terms), rows, new Columns(c, 0, columns));
        Compare(Product);
        panels.Masked(new Columns(x, 0, terms), rows, new Columns(activation, 0, columns), alpha, new Columns(c, 0, columns));
        Compare((i, j) => Product(i, j) * (activation.Row(i)[j] > 0 ? 1 : 1 + activation.Row(i)[j] / alpha));

        void Compare(Func<int, int, double> expected)
        {
            for (int i = 0; i < rows; i++)
            {
                for (int j = 0; j < columns; j++)
                {
                    Assert.Equal(expected(i, j), c.Row(i)[j], 2e-4);
                }
            }
        }

        void Fill(Span<float> values)
        {
            foreach (ref float v in values)
            {
                v = (float)random.NextNormal();
            }
        }
    }

    /// Outputs in fours and a rest; the sums differ by the order of adding alone.
    [Theory, InlineData(1, 16, 1), InlineData(3, 48, 7), InlineData(16, 160, 128)]
    public void DoubleProductsAgreeWithTheDefinition(int rows, int inputs, int outputs)
    {
        var random = new CounterRandom(9, 0).Sequence(0);
        double[] x = Normal(rows * inputs), weights = Normal(outputs * inputs), biases = Normal(outputs), y = new double[rows * outputs], back = Normal(rows * inputs), before = [.. back];
        DoubleProducts.Forward(x, weights, biases, rows, y);
        DoubleProducts.AddBackward(y, weights, outputs, rows, back);
        for (int row = 0; row < rows; row++)
        {
            for (int o = 0; o < outputs; o++)
            {
                Assert.Equal(biases[o] + Enumerable.Range(0, inputs).Sum(i => x[row * inputs + i] * weights[o * inputs + i]), y[row * outputs + o], 1e-11);
            }

            for (int i = 0; i < inputs; i++)
            {
                Assert.Equal(before[row * inputs + i] + Enumerable.Range(0, outputs).Sum(o => y[row * outputs + o] * weights[o * inputs + i]), back[row * inputs + i], 1e-10);
            }
        }

        Assert.Throws<ArgumentException>(() => DoubleProducts.Forward(x, new double[8], new double[1], 1, y));
        Assert.Throws<ArgumentOutOfRangeException>(() => DoubleProducts.Forward(x, weights, biases, rows + 1, y));

        double[] Normal(int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextNormal())];
    }

    /// Shapes that do not match are refused before a pointer is used.
    [Fact]
    public void ProductsCheckShapes()
    {
        AlignedMatrix x = new(6, 8), c = new(6, 16), narrow = new(6, 7);
        var panels = new PanelMatrix(8, 16, (_, _) => 1);
        Assert.Throws<ArgumentException>(() => panels.Plain(new Columns(narrow, 0, 7), 6, new Columns(c, 0, 16)));
        Assert.Throws<ArgumentException>(() => panels.Plain(new Columns(x, 0, 8), 7, new Columns(c, 0, 16)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Columns(x, 8, 16));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PanelMatrix(8, 15, (_, _) => 1));
    }
}

using Polymorph.Learning;
using Polymorph.Learning.Layers;
using Polymorph.Models.CrystalGan;
using Xunit;

namespace Polymorph.Models.Tests.CrystalGan;

/// <summary>What the critic reads of neighbours: against sums over all images, under what must not change it, and its gradient.</summary>
public sealed class EnvironmentFeatureTests
{
    private const int Elements = 2;
    private const double Cutoff = 5.5;

    // Sums of up to some hundred terms of size 1 in double precision.
    private const double Rounding = 1e-11;

    private static readonly CrystalGanShape Shape = new([3, 4]);

    [Fact]
    public void EqualSumsOverAllImages()
    {
        var (images, features) = (Crystal(), Read(Crystal()));
        var (cell, atoms) = Decode(images);
        int compared = 0;
        for (int i = 0; i < atoms.Count; i++)
        {
            for (int element = 0; element < Elements; element++)
            {
                for (int k = 0; k < EnvironmentFeatures<ReferenceMatrix>.Radial; k++)
                {
                    double sum = 0;
                    foreach (var (other, _, position) in atoms.Where(a => a.Element == element))
                    {
                        sum += Images(cell, atoms[i].Position, position).Where(d => d is > 1e-9 and < Cutoff).Sum(d => 0.5 * Math.Exp(-Math.Pow(d - 1.5 - 0.32 * k, 2) / (2 * 0.3 * 0.3)) * 0.5 * (1 + Math.Cos(Math.PI * d / Cutoff)));
                    }

                    // Atoms stand first in the rows of their element, in their order.
                    int row = Shape.FirstRows[atoms[i].Element] + atoms.Take(i).Count(a => a.Element == atoms[i].Element);
                    Assert.Equal(sum, features[0, row * features.Columns / Shape.Rows + element * EnvironmentFeatures<ReferenceMatrix>.Radial + k], Rounding);
                    compared += sum > 0.01 ? 1 : 0;
                }
            }
        }

        Assert.True(compared > 50);
    }

    /// Another origin, and axes in another order, are the same crystal.
    [Fact]
    public void DoNotChangeWithOriginOrAxes()
    {
        var moved = Crystal();
        var swapped = Crystal();
        for (int row = 0; row < Shape.Rows; row++)
        {
            (swapped[0, 3 * row], swapped[0, 3 * row + 1]) = (swapped[0, 3 * row + 1], swapped[0, 3 * row]);
            for (int axis = 0; row >= 2 && axis < 3 && moved[0, 3 * row] != 0; axis++)
            {
                moved[0, 3 * row + axis] = ImageHead.Wrapped(moved[0, 3 * row + axis] + 0.123 * (axis + 1));
            }
        }

        var expected = Read(Crystal());
        foreach (var features in new[] { Read(moved), Read(swapped) })
        {
            for (int i = 0; i < features.Columns; i++)
            {
                Assert.Equal(expected[0, i], features[0, i], Rounding);
            }
        }
    }

    [Fact]
    public void SlopesEqualDifferences()
    {
        const double step = 1e-6;
        var environments = new EnvironmentFeatures<ReferenceMatrix>(Shape, threads: 1);
        var weights = ReferenceMatrix.Create(1, environments.RowWidth * Shape.Rows);
        var sequence = new CounterRandom(3, 0).Sequence(0);
        for (int i = 0; i < weights.Columns; i++)
        {
            weights[0, i] = sequence.NextNormal();
        }

        var images = Crystal();
        var gradient = ReferenceMatrix.Create(1, Shape.ImageLength);
        environments.Backward(images, weights, 1, gradient);
        for (int i = 0; i < Shape.ImageLength; i++)
        {
            if (images[0, i] != 0)
            {
                double value = images[0, i], difference = (At(value + step) - At(value - step)) / (2 * step);
                At(value);

                // Values of about 100 rounded at 1e-14 and differenced over 2e-6 leave 1e-8; the step's square adds as much.
                Assert.Equal(difference, gradient[0, i], 1e-6 * Math.Max(1, Math.Abs(difference)));

                double At(double x)
                {
                    images[0, i] = x;
                    var features = Read(images);
                    return Enumerable.Range(0, features.Columns).Sum(k => weights[0, k] * features[0, k]);
                }
            }
        }
    }

    [Fact]
    public void ThreadsDoNotChangeABit()
    {
        var images = ReferenceMatrix.Create(5, Shape.ImageLength);
        for (int s = 0; s < 5; s++)
        {
            var crystal = Crystal();
            for (int i = 0; i < Shape.ImageLength; i++)
            {
                images[s, i] = i == s % 3 ? 1.05 * crystal[0, i] : crystal[0, i];
            }
        }

        var one = Read(images, 1);
        var two = Read(images, 2);
        Assert.All(Enumerable.Range(0, 5 * one.Columns), i => Assert.Equal(one[i / one.Columns, i % one.Columns], two[i / one.Columns, i % one.Columns]));
    }

    /// A skew cell with one short axis, so that atoms see several of their own images; one row of each element is absent.
    private static ReferenceMatrix Crystal()
    {
        double[] numbers =
        [
            2.9 / 30, 5.1 / 30, 6.3 / 30, 75.0 / 180, 98.0 / 180, 112.0 / 180,
            0.2, 0.3, 0.4, 0, 0, 0, 0.6, 0.5, 0.75,
            0.31, 0.72, 0.25, 0.45, 0.2, 0.6, 0, 0, 0, 0.8, 0.4, 0.33,
        ];
        var images = ReferenceMatrix.Create(1, Shape.ImageLength);
        for (int i = 0; i < numbers.Length; i++)
        {
            images[0, i] = numbers[i];
        }

        return images;
    }

    private static ReferenceMatrix Read(ReferenceMatrix images, int threads = 1)
    {
        var environments = new EnvironmentFeatures<ReferenceMatrix>(Shape, threads);
        var features = ReferenceMatrix.Create(images.Rows, environments.RowWidth * Shape.Rows);
        environments.Forward(images, images.Rows, features);
        return features;
    }

    private static (double[][] Cell, List<(int Index, int Element, double[] Position)> Atoms) Decode(ReferenceMatrix images)
    {
        double[] n = [.. Enumerable.Range(0, 6).Select(i => images[0, i] * (i < 3 ? 30 : Math.PI))];
        double cx = Math.Cos(n[4]), cy = (Math.Cos(n[3]) - Math.Cos(n[4]) * Math.Cos(n[5])) / Math.Sin(n[5]);
        double[][] cell = [[n[0], 0, 0], [n[1] * Math.Cos(n[5]), n[1] * Math.Sin(n[5]), 0], [n[2] * cx, n[2] * cy, n[2] * Math.Sqrt(1 - cx * cx - cy * cy)]];
        var atoms = new List<(int, int, double[])>();
        for (int row = 2; row < Shape.Rows; row++)
        {
            if (images[0, 3 * row] != 0)
            {
                double[] f = [.. Enumerable.Range(0, 3).Select(k => 1.5 * (images[0, 3 * row + k] - 1.0 / 6))];
                int element = row >= Shape.FirstRows[1] ? 1 : 0;
                double[] position = [.. Enumerable.Range(0, 3).Select(x => f[0] * cell[0][x] + f[1] * cell[1][x] + f[2] * cell[2][x])];
                atoms.Add((atoms.Count, element, position));
            }
        }

        return (cell, atoms);
    }

    private static IEnumerable<double> Images(double[][] cell, double[] first, double[] second) =>
        from u in Enumerable.Range(-5, 11)
        from v in Enumerable.Range(-5, 11)
        from w in Enumerable.Range(-5, 11)
        select Math.Sqrt(Enumerable.Range(0, 3).Sum(x => Math.Pow(second[x] - first[x] + u * cell[0][x] + v * cell[1][x] + w * cell[2][x], 2)));
}

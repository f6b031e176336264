using Polymorph.Energies.Relaxation;
using Xunit;

namespace Polymorph.Energies.Tests.Relaxation;

public class MinimiserTests
{
    // A quadratic with curvatures 1, 2, ..., n; its gradient at x is k·x_k.
    private static double[] Gradient(double[] x) => [.. x.Select((v, k) => (k + 1) * v)];

    [Fact]
    public void MemoryReproducesTheLastStep()
    {
        var memory = new LimitedMemory(5);
        double[] step = [], change = [];
        for (int i = 0; i < 7; i++)
        {
            step = [.. Enumerable.Range(0, 6).Select(k => Math.Sin(i + 2.3 * k))];
            change = Gradient(step);
            memory.Add(step, change);
        }

        Assert.Equal(5, memory.Count);
        double[] direction = memory.Direction(change, _ => { });
        // The secant equation H y = s, exact up to rounding.
        Assert.All(direction.Zip(step), p => Assert.Equal(-p.Second, p.First, 1e-12));
    }

    [Fact]
    public void MemoryRefusesNegativeCurvature()
    {
        var memory = new LimitedMemory(5);
        memory.Add([1, 0], [-1, 0]);
        memory.Add([1, 0], [double.NaN, 0]);
        Assert.Equal(0, memory.Count);
    }

    [Fact]
    public void FireFindsTheMinimumOfAQuadratic()
    {
        var fire = new Fire(6, 0.1, 1);
        double[] x = [.. Enumerable.Range(0, 6).Select(k => Math.Cos(k))];
        for (int i = 0; i < 400; i++)
        {
            double[] step = fire.Step(Gradient(x));
            x = [.. x.Zip(step, (a, b) => a + b)];
        }

        Assert.All(x, v => Assert.Equal(0, v, 1e-3));
    }
}

using Polymorph.Energies.Relaxation;
using Polymorph.Structures;
using Xunit;

namespace Polymorph.Energies.Tests.Relaxation;

public class RelaxationSpaceTests
{
    private static readonly FunctionEngine Engine = PairPotential.LennardJones();

    private static Structure Crystal => Crystals.Rattle(Crystals.Deform(Crystals.Argon(5.1), v => new(1.02 * v.X + 0.05 * v.Y, 0.98 * v.Y - 0.03 * v.Z, 1.01 * v.Z)), 0.1, 5);

    [Theory, InlineData(CellFreedom.Fixed), InlineData(CellFreedom.Full), InlineData(CellFreedom.Volume), InlineData(CellFreedom.Shape)]
    public void GradientIsTheDerivativeOfTheEnthalpy(CellFreedom cell)
    {
        var options = new RelaxationOptions { Cell = cell, PressureGPa = 2, FixedAtoms = [2] };
        var space = new RelaxationSpace(Crystal, options);
        using var worker = Engine.CreateEvaluator();
        double Objective(Structure s) => space.PointOf(s, worker.Evaluate(s, TestContext.Current.CancellationToken)).Objective;
        double[] gradient = space.PointOf(Crystal, worker.Evaluate(Crystal, TestContext.Current.CancellationToken)).Gradient;
        for (int k = 0; k < space.Count; k++)
        {
            const double h = 1e-4;
            double[] step = new double[space.Count];
            step[k] = 1;
            space.Project(step);
            double difference = (Objective(space.Move(Crystal, [.. step.Select(v => h * v)])) - Objective(space.Move(Crystal, [.. step.Select(v => -h * v)]))) / (2 * h);
            // Truncation h²·f'''/6 is about 1e-8, rounding 1e-15/h about 1e-11.
            Assert.Equal(difference, LimitedMemory.Dot(gradient, step), 1e-6);
        }
    }

    [Fact]
    public void ShapeKeepsTheVolumeAndVolumeKeepsTheShape()
    {
        double[] step = [.. Enumerable.Range(0, 18).Select(k => k < 12 ? 0 : 0.3 * Math.Sin(k))];
        var start = Crystal;
        foreach (var cell in (CellFreedom[])[CellFreedom.Shape, CellFreedom.Volume])
        {
            var space = new RelaxationSpace(start, new() { Cell = cell });
            double[] allowed = [.. step];
            space.Project(allowed);
            var moved = space.Move(start, allowed).Lattice!;
            if (cell == CellFreedom.Shape)
            {
                Assert.Equal(start.Lattice!.Volume, moved.Volume, 1e-10);
                Assert.NotEqual(start.Lattice.A.Length, moved.A.Length, 1e-3);
            }
            else
            {
                double scale = moved.A.Length / start.Lattice!.A.Length;
                Assert.NotEqual(1, scale, 1e-3);
                Assert.Equal(0, (moved.B - scale * start.Lattice.B).Length + (moved.C - scale * start.Lattice.C).Length, 1e-12);
            }
        }
    }

    [Fact]
    public void ExponentialOfAStrainHasTheExponentialOfTheTraceAsVolume()
    {
        var exponential = new SymmetricMatrix(0.05, -0.02, 0.08, 0.03, -0.06, 0.01).Exponential();
        Vector3D a = exponential * new Vector3D(1, 0, 0), b = exponential * new Vector3D(0, 1, 0), c = exponential * new Vector3D(0, 0, 1);
        Assert.Equal(Math.Exp(0.11), a.Dot(b.Cross(c)), 1e-14);
    }
}

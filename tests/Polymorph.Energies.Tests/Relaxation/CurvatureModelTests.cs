using Polymorph.Energies.Relaxation;
using Polymorph.Structures;
using Xunit;

namespace Polymorph.Energies.Tests.Relaxation;

public class CurvatureModelTests
{
    private static double[] Values(int count) => [.. Enumerable.Range(0, count).Select(k => Math.Sin(1 + 3.7 * k))];

    // Methane with one C-H-like line (atoms 0, 1, 5), so that straight angles are met as well.
    private static Structure Cluster => Crystals.Molecule("CH5", (0, 0, 0), (1.1, 0, 0), (-0.3, 1, 0.1), (-0.4, -0.5, 0.9), (-0.4, -0.5, -0.9), (2.0, 0, 0));

    [Fact]
    public void RigidMotionsCostNothing()
    {
        var space = new RelaxationSpace(Cluster, new());
        var terms = new CurvatureTerms(space);
        terms.Build(Cluster);
        foreach (var motion in (Func<Vector3D, Vector3D>[])[_ => new(1, 0.5, -2), r => new Vector3D(0.3, -1, 0.7).Cross(r)])
        {
            double[] vector = [.. Cluster.Positions.Select(motion).SelectMany(v => new[] { v.X, v.Y, v.Z })], product = new double[vector.Length];
            terms.AddProduct(vector, product);
            Assert.All(product, p => Assert.Equal(0, p, 1e-11));  // springs of 100 eV/Å², rounding 1e-14 of it
        }
    }

    [Fact]
    public void StrainThatTheAtomsUndoCostsNothing()
    {
        // In a cell without neighbours across its borders, positions moved by −ε r and a strain ε change no distance and no angle.
        var cluster = new Structure(Cluster.Species, Cluster.Positions, Lattice.Cubic(30));
        var space = new RelaxationSpace(cluster, new() { Cell = CellFreedom.Full });
        var terms = new CurvatureTerms(space);
        terms.Build(cluster);
        var strain = new SymmetricMatrix(0.1, 0.2, -0.3, 0.15, -0.05, 0.25);
        double s = space.StrainLength, d = Math.Sqrt(2) * s;
        double[] vector =
        [
            .. cluster.Positions.Select(r => -1 * (strain * r)).SelectMany(v => new[] { v.X, v.Y, v.Z }),
            s * strain.XX, s * strain.YY, s * strain.ZZ, d * strain.YZ, d * strain.XZ, d * strain.XY,
        ];
        var product = new double[vector.Length];
        terms.AddProduct(vector, product);
        Assert.All(product, p => Assert.Equal(0, p, 1e-11));
    }

    // Cells on both sides of the border between factoring and conjugate gradients.
    [Theory, InlineData(1, CellFreedom.Fixed), InlineData(1, CellFreedom.Full), InlineData(3, CellFreedom.Fixed), InlineData(3, CellFreedom.Full)]
    public void SolvingUndoesMultiplying(int repeat, CellFreedom cell)
    {
        var crystal = Crystals.Rattle(Crystals.Quartz.Repeat(repeat, repeat, 2), 0.05, 2);
        var space = new RelaxationSpace(crystal, new() { Cell = cell, FixedAtoms = [3] });
        Assert.Equal(repeat > 1, space.Count > CurvatureModel.LargestDense);
        var model = new CurvatureModel(space);
        model.Build(crystal, scale: 0.7, damping: 0.4);
        double[] vector = Values(space.Count), product = model.Product(vector);
        double[] right = [.. product.Select((p, k) => 0.7 * p + 0.4 * vector[k])];
        model.Solve(right);
        // Conjugate gradients stop at a residual of 1e-6; the condition number is about 100.
        double tolerance = repeat == 1 ? 1e-11 : 1e-4;
        Assert.All(right.Zip(vector), pair => Assert.Equal(pair.Second, pair.First, tolerance));
    }

    [Fact]
    public void MatrixAndProductAgree()
    {
        // Argon in its primitive cell: every neighbour is an image of the atom itself.
        var crystal = Crystals.Fractional(new Lattice(new(0, 2.6, 2.6), new(2.6, 0, 2.6), new(2.6, 2.6, 0)), "Ar", (0, 0, 0));
        var space = new RelaxationSpace(crystal, new() { Cell = CellFreedom.Full });
        var terms = new CurvatureTerms(space);
        terms.Build(crystal);
        int n = space.Count;
        double[] matrix = new double[n * n], diagonal = new double[n];
        terms.AddLowerTriangle(matrix);
        terms.AddDiagonal(diagonal);
        for (int j = 0; j < n; j++)
        {
            double[] unit = new double[n], column = new double[n];
            unit[j] = 1;
            terms.AddProduct(unit, column);
            Assert.Equal(column[j], diagonal[j], 1e-10);
            for (int i = j; i < n; i++)
            {
                Assert.Equal(column[i], matrix[i * n + j], 1e-10);
            }
        }
    }
}

using System.Collections.Immutable;
using Polymorph.Energies.TensorNet;
using Polymorph.Structures;
using Xunit;

namespace Polymorph.Energies.Tests.TensorNet;

/// <summary>Forces and stress beside central differences that only ever ask for energies.</summary>
public sealed class TensorNetDerivativeTests
{
    // Truncation is about 1e-4² × 10 eV/Å³ / 6, rounding 1e-13 eV / 2e-4 Å.
    private const double Step = 1e-4;
    private const double Tolerance = 1e-6;

    private static readonly Lazy<TensorNetEngine> Engine = new(() => GoldenCrystals.Engine(Precision.Double));

    [Theory, InlineData("SiO2_mp-546794_rattled"), InlineData("BaTiO3_tetragonal_rattled")]
    public void ForcesAreMinusTheSlopesOfTheEnergy(string name)
    {
        var structure = GoldenCrystals.Named(name).Structure;
        using var evaluator = Engine.Value.CreateEvaluator();
        var forces = evaluator.Evaluate(structure, TestContext.Current.CancellationToken).Forces;
        for (int atom = 0; atom < 3; atom++)
        {
            for (int axis = 0; axis < 3; axis++)
            {
                double Energy(double shift) => evaluator.Evaluate(structure.WithPositions(
                    structure.Positions.SetItem(atom, structure.Positions[atom] + shift * Axis(axis))), TestContext.Current.CancellationToken).EnergyEV;
                Assert.Equal((Energy(-Step) - Energy(Step)) / (2 * Step), forces[atom][axis], Tolerance);
            }
        }
    }

    [Theory, InlineData("SiO2_mp-546794_rattled"), InlineData("BaTiO3_tetragonal_rattled")]
    public void StressIsTheSlopeOfTheEnergyByStrain(string name)
    {
        var structure = GoldenCrystals.Named(name).Structure;
        using var evaluator = Engine.Value.CreateEvaluator();
        var stress = evaluator.Evaluate(structure, TestContext.Current.CancellationToken).Stress!.Value;
        double[] components = [stress.XX, stress.YY, stress.ZZ, stress.YZ, stress.XZ, stress.XY];
        (int A, int B)[] places = [(0, 0), (1, 1), (2, 2), (1, 2), (0, 2), (0, 1)];
        foreach (var ((a, b), component) in places.Zip(components))
        {
            double Energy(double strain)
            {
                // r → r + ε r with ε = strain · (e_a e_bᵀ + e_b e_aᵀ)/2.
                Vector3D Deform(Vector3D r) => r + 0.5 * strain * (r[b] * Axis(a) + r[a] * Axis(b));
                return evaluator.Evaluate(Deformed(structure, Deform), TestContext.Current.CancellationToken).EnergyEV;
            }

            Assert.Equal((Energy(Step) - Energy(-Step)) / (2 * Step) / structure.Lattice!.Volume, component, Tolerance);
        }
    }

    /// 1e-9 in double precision, the accuracy of the upstream code in single.
    [Theory]
    [InlineData(Precision.Double, 1e-9, 1e-9, 1e-9)]
    [InlineData(Precision.Single, 1e-4, 2e-4, 5e-4)]
    public void NothingDependsOnHowACrystalIsWrittenDown(Precision precision, double energyTolerance, double forceTolerance, double stressTolerance)
    {
        var engine = GoldenCrystals.Engine(precision);
        using var evaluator = engine.CreateEvaluator();
        var structure = GoldenCrystals.Named("SiO2_mp-546794_rattled").Structure;
        var lattice = structure.Lattice!;
        var expected = evaluator.Evaluate(structure, TestContext.Current.CancellationToken);

        // Turned.
        Vector3D Turn(Vector3D r) => new(0.36 * r.X + 0.48 * r.Y - 0.8 * r.Z, -0.8 * r.X + 0.6 * r.Y, 0.48 * r.X + 0.64 * r.Y + 0.6 * r.Z);
        var turned = evaluator.Evaluate(Deformed(structure, Turn), TestContext.Current.CancellationToken);
        Compare(expected.EnergyEV, [.. expected.Forces.Select(Turn)], null, turned);
        Assert.Equal(expected.Stress!.Value.Pressure, turned.Stress!.Value.Pressure, stressTolerance);

        // Atoms in another order.
        int[] order = [3, 1, 5, 0, 4, 2];
        var permuted = new Structure([.. order.Select(i => structure.Species[i])], [.. order.Select(i => structure.Positions[i])], lattice);
        Compare(expected.EnergyEV, [.. order.Select(i => expected.Forces[i])], expected.Stress, evaluator.Evaluate(permuted, TestContext.Current.CancellationToken));

        // Other cell vectors of the same lattice, and atoms far outside the cell.
        var skewed = new Structure(
            structure.Species,
            [.. structure.Positions.Select((p, i) => p + lattice.ToCartesian(new(i - 3, 2 * i, -i)))],
            new Lattice(lattice.A, lattice.B + 2 * lattice.A, lattice.C - lattice.B));
        Compare(expected.EnergyEV, expected.Forces, expected.Stress, evaluator.Evaluate(skewed, TestContext.Current.CancellationToken));

        // A supercell.
        var doubled = evaluator.Evaluate(structure.Repeat(2, 1, 2), TestContext.Current.CancellationToken);
        Compare(4 * expected.EnergyEV, [.. Enumerable.Range(0, 4).SelectMany(_ => expected.Forces)], expected.Stress, doubled);

        void Compare(double energy, ImmutableArray<Vector3D> forces, StressTensor? stress, Evaluation actual)
        {
            Assert.Null(actual.Failure);
            Assert.Equal(energy, actual.EnergyEV, energyTolerance);
            foreach (var (f, g) in forces.Zip(actual.Forces))
            {
                Assert.InRange((f - g).Length, 0, forceTolerance);
            }

            foreach (var (s, t) in (stress?.ToGPa() ?? []).Zip(actual.Stress!.Value.ToGPa()))
            {
                Assert.Equal(s, t, stressTolerance);
            }
        }
    }

    private static Vector3D Axis(int axis) => new(axis == 0 ? 1 : 0, axis == 1 ? 1 : 0, axis == 2 ? 1 : 0);

    private static Structure Deformed(Structure structure, Func<Vector3D, Vector3D> map)
    {
        var cell = structure.Lattice!;
        return new Structure(structure.Species, [.. structure.Positions.Select(map)], new Lattice(map(cell.A), map(cell.B), map(cell.C)));
    }
}

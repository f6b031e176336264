using Polymorph.Structures;
using Xunit;

namespace Polymorph.Energies.Tests;

/// Derivatives of the energy by differences that only ever use energies.
internal static class FiniteDifferences
{
    /// Every component of the forces against a central difference.
    public static void AssertForces(IEvaluator evaluator, Structure structure, double step, double tolerance)
    {
        var forces = evaluator.Result(structure).Forces;
        for (int atom = 0; atom < structure.AtomCount; atom++)
        {
            foreach (var axis in new Vector3D[] { new(1, 0, 0), new(0, 1, 0), new(0, 0, 1) })
            {
                double Energy(double shift) => evaluator.Result(structure.WithPositions(structure.Positions.SetItem(atom, structure.Positions[atom] + shift * axis))).EnergyEV;
                Assert.Equal(-(Energy(step) - Energy(-step)) / (2 * step), forces[atom].Dot(axis), tolerance);
            }
        }
    }

    /// Every component of the stress against a central difference of strained cells.
    public static void AssertStress(IEvaluator evaluator, Structure structure, double step, double tolerance)
    {
        var s = evaluator.Result(structure).Stress!.Value;
        double[,] stress = { { s.XX, s.XY, s.XZ }, { s.XY, s.YY, s.YZ }, { s.XZ, s.YZ, s.ZZ } };
        for (int i = 0; i < 3; i++)
        {
            for (int j = i; j < 3; j++)
            {
                double Energy(double strain) => evaluator.Result(Strained(structure, i, j, strain)).EnergyEV;
                Assert.Equal((Energy(step) - Energy(-step)) / (2 * step * structure.Lattice!.Volume), stress[i, j], tolerance);
            }
        }
    }

    /// r → r(1 + ε) with the symmetric strain ε_ij = ε_ji = strain/2 (strain on the diagonal).
    public static Structure Strained(Structure structure, int i, int j, double strain)
    {
        Vector3D Apply(Vector3D v) => v + 0.5 * strain * (v[i] * Unit(j) + v[j] * Unit(i));
        var cell = structure.Lattice!;
        return new Structure(structure.Species, [.. structure.Positions.Select(Apply)], new Lattice(Apply(cell.A), Apply(cell.B), Apply(cell.C)));
    }

    private static Vector3D Unit(int axis) => new(axis == 0 ? 1 : 0, axis == 1 ? 1 : 0, axis == 2 ? 1 : 0);
}

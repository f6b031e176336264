using Polymorph.Energies.Neural;
using Polymorph.Structures;
using Xunit;

namespace Polymorph.Energies.Tests.Neural;

/// <summary>Forces and stresses are the derivatives of the energy, and the energy has the symmetries of physics.</summary>
public sealed class NeuralForcesTests
{
    private const double Step = 1e-4;

    [Theory, InlineData(7, false, true), InlineData(19, false, true), InlineData(5, true, true), InlineData(8, true, false)]
    public void ForcesAreTheEnergysSlope(int atoms, bool crystal, bool messages)
    {
        var potential = NeuralCases.Potential(messages ? NeuralCases.Options : NeuralCases.WithoutMessages);
        var structure = crystal ? NeuralCases.Crystal(atoms, 3) : NeuralCases.Cluster(atoms, 4);
        var forces = NeuralCases.Evaluate(potential, structure, Precision.Double).Forces;
        double scale = forces.Max(f => f.Length);
        Assert.InRange(scale, 1, 1000);
        for (int atom = 0; atom < atoms; atom++)
        {
            for (int axis = 0; axis < 3; axis++)
            {
                double slope = (Energy(NeuralCases.Moved(structure, atom, axis, Step)) - Energy(NeuralCases.Moved(structure, atom, axis, -Step))) / (2 * Step);
                // The step's square times the third derivative (about 1e3 eV/Å³), relative to the largest force.
                Assert.Equal(-slope, forces[atom][axis], 3e-6 * scale);
            }
        }

        double Energy(Structure s) => NeuralCases.Evaluate(potential, s, Precision.Double).EnergyEV;
    }

    [Theory, InlineData(5, true), InlineData(8, false)]
    public void StressIsTheEnergysSlopeUnderStrain(int atoms, bool messages)
    {
        var potential = NeuralCases.Potential(messages ? NeuralCases.Options : NeuralCases.WithoutMessages);
        var crystal = NeuralCases.Crystal(atoms, 6);
        var stress = NeuralCases.Evaluate(potential, crystal, Precision.Double).Stress!.Value;
        double[] components = [stress.XX, stress.YY, stress.ZZ, stress.YZ, stress.XZ, stress.XY];
        (int, int)[] axes = [(0, 0), (1, 1), (2, 2), (1, 2), (0, 2), (0, 1)];
        double scale = components.Max(Math.Abs);
        for (int k = 0; k < 6; k++)
        {
            const double step = 1e-5;
            double slope = (Energy(Strained(crystal, axes[k], step)) - Energy(Strained(crystal, axes[k], -step))) / (2 * step * crystal.Lattice!.Volume);
            // As for the forces: the square of the step and the rounding of the energy.
            Assert.Equal(slope, components[k], 1e-6 * scale);
        }

        double Energy(Structure s) => NeuralCases.Evaluate(potential, s, Precision.Double).EnergyEV;
    }

    [Theory, InlineData(11, false, 1), InlineData(40, false, 2), InlineData(6, true, 3)]
    public void SinglePrecisionAgreesWithDouble(int atoms, bool crystal, ulong seed)
    {
        var potential = NeuralCases.Potential(NeuralCases.Options);
        var structure = crystal ? NeuralCases.Crystal(atoms, seed) : NeuralCases.Cluster(atoms, seed, 6);
        var exact = NeuralCases.Evaluate(potential, structure, Precision.Double);
        var quick = NeuralCases.Evaluate(potential, structure, Precision.Single);
        double scale = exact.Forces.Max(f => f.Length);
        // Rounding of 6e-8 grows in the products of the descriptor (about ten terms, conditioned by scales of ten) and in three layers: some 1e-5 of the largest value.
        Assert.Equal(exact.EnergyEV, quick.EnergyEV, 2e-5 * atoms * 10);
        Assert.All(exact.Forces.Zip(quick.Forces), pair => Assert.True((pair.First - pair.Second).Length < 1e-4 * scale));
        Assert.Equal(exact.UncertaintyEVPerAtom!.Value, quick.UncertaintyEVPerAtom!.Value, 1e-4);
    }

    /// A turned, shifted and renumbered structure has the same energy, and its forces turn with it.
    [Theory, InlineData(1), InlineData(2)]
    public void EnergyIsInvariant(ulong seed)
    {
        var potential = NeuralCases.Potential(NeuralCases.Options);
        var structure = NeuralCases.Cluster(17, seed);
        int[] order = [.. Enumerable.Range(0, 17).Reverse()];
        var moved = new Structure([.. order.Select(i => structure.Species[i])], [.. order.Select(i => Turn(structure.Positions[i]) + new Vector3D(3, -7, 1))]);
        var (a, b) = (NeuralCases.Evaluate(potential, structure, Precision.Double), NeuralCases.Evaluate(potential, moved, Precision.Double));
        double scale = a.Forces.Max(f => f.Length);
        // Nothing but rounding in double precision.
        Assert.Equal(a.EnergyEV, b.EnergyEV, 1e-9 * Math.Abs(a.EnergyEV));
        Assert.All(Enumerable.Range(0, 17), i => Assert.True((Turn(a.Forces[order[i]]) - b.Forces[i]).Length < 1e-9 * scale));
    }

    [Fact]
    public void SupercellHasTheSameForcesAndTwiceTheEnergy()
    {
        var potential = NeuralCases.Potential(NeuralCases.Options);
        var crystal = NeuralCases.Crystal(5, 8);
        var (one, two) = (NeuralCases.Evaluate(potential, crystal, Precision.Double), NeuralCases.Evaluate(potential, crystal.Repeat(1, 2, 1), Precision.Double));
        double scale = one.Forces.Max(f => f.Length);
        Assert.Equal(2 * one.EnergyEV, two.EnergyEV, 1e-9 * Math.Abs(one.EnergyEV));
        Assert.All(Enumerable.Range(0, 10), i => Assert.True((one.Forces[i % 5] - two.Forces[i]).Length < 1e-9 * scale));
        Assert.Equal(one.Stress!.Value.XZ, two.Stress!.Value.XZ, 1e-9 * Math.Abs(one.Stress.Value.XX));
    }

    /// The energy and its slope are continuous where an atom leaves the cutoff, and beyond it does not matter.
    [Theory, InlineData(4.2), InlineData(2.6)]
    public void AtomsLeaveSmoothly(double cutoff)
    {
        var potential = NeuralCases.Potential(NeuralCases.Options);
        double inside = Energy(cutoff - 1e-4), near = Energy(cutoff - 1e-6), beyond = Energy(cutoff + 1e-6), farther = Energy(cutoff + 1e-4);
        // Value and slope vanish at the cutoff, so over 1e-4 Å the shell's share changes by its curvature (at most 1e4 eV/Å²) times 1e-8.
        Assert.Equal(near, beyond, 1e-6);
        double before = (near - inside) / 0.99e-4, after = (farther - beyond) / 0.99e-4;
        Assert.Equal(before, after, 0.02 * (1 + Math.Abs(after)));

        double Energy(double distance) => NeuralCases.Evaluate(potential, new Structure(
            [new Element(6), new Element(8), new Element(1)], [new(0, 0, 0), new(0.3, 1.1, 0), new(distance, 0, 0)]), Precision.Double).EnergyEV;
    }

    [Fact]
    public void ClosePairsRepelWhateverTheNetworksSay()
    {
        var repulsion = new ScreenedRepulsion([new Element(1), new Element(6), new Element(14)]);
        for (int a = 0; a < 3; a++)
        {
            for (int b = 0; b < 3; b++)
            {
                for (double r = 0.05; r < 2.2; r += 0.05)
                {
                    var (energy, slope) = repulsion.Evaluate(a, b, r);
                    double expected = (repulsion.Evaluate(a, b, r + 1e-6).Energy - repulsion.Evaluate(a, b, r - 1e-6).Energy) / 2e-6;
                    Assert.True(energy >= 0 && slope <= 0);
                    Assert.Equal(expected, slope, 1e-5 * Math.Abs(expected) + 1e-8);
                }
            }
        }

        // Table of the source: the universal screening function at x = 1 is 0.4165 (0.18175 e^-3.2 + 0.50986 e^-0.94229 + 0.28022 e^-0.4029 + 0.02817 e^-0.20162).
        double length = 0.8854 * 0.529177210903 / (2 * Math.Pow(14, 0.23)), switched = Math.Pow(1 - length * length / (2.22 * 2.22), 3);
        Assert.Equal(14.3996454784 * 14 * 14 / length * 0.41642 * switched, repulsion.Evaluate(2, 2, length).Energy, 0.001 * 14.4 * 196 / length);
    }

    [Fact]
    public void UnknownElementsAndClashesAreFailures()
    {
        var potential = NeuralCases.Potential(NeuralCases.Options);
        var gold = new Structure([new Element(79)], [Vector3D.Zero]);
        var clash = new Structure([new Element(6), new Element(6)], [Vector3D.Zero, Vector3D.Zero]);
        Assert.Contains("Au", new NeuralEngine(potential).Refusal(gold), StringComparison.Ordinal);
        Assert.NotNull(NeuralCases.Evaluate(potential, gold, Precision.Single).Failure);
        Assert.NotNull(NeuralCases.Evaluate(potential, clash, Precision.Single).Failure);
    }

    private static Vector3D Turn(Vector3D v)
    {
        // A turn by 1.1 about z, then by 0.7 about x.
        var a = new Vector3D(Math.Cos(1.1) * v.X - Math.Sin(1.1) * v.Y, Math.Sin(1.1) * v.X + Math.Cos(1.1) * v.Y, v.Z);
        return new(a.X, Math.Cos(0.7) * a.Y - Math.Sin(0.7) * a.Z, Math.Sin(0.7) * a.Y + Math.Cos(0.7) * a.Z);
    }

    private static Structure Strained(Structure crystal, (int I, int J) axes, double step)
    {
        Vector3D Strain(Vector3D v)
        {
            double[] x = [v.X, v.Y, v.Z], y = [v.X, v.Y, v.Z];
            y[axes.I] += 0.5 * step * x[axes.J];
            y[axes.J] += 0.5 * step * x[axes.I];
            return new(y[0], y[1], y[2]);
        }

        var cell = crystal.Lattice!;
        return new Structure(crystal.Species, [.. crystal.Positions.Select(Strain)], new Lattice(Strain(cell.A), Strain(cell.B), Strain(cell.C)));
    }
}

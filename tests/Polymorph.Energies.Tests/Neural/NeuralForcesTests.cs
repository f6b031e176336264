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
}

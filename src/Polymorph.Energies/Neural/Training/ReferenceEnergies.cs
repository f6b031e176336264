using MathNet.Numerics.LinearAlgebra.Double;

namespace Polymorph.Energies.Neural.Training;

/// <summary>Energies of free atoms, as far as the energies of compounds tell.</summary>
internal static class ReferenceEnergies
{
    /// <summary>Least squares of energy/atoms = Σ (count of element / atoms) · ε(element), with a slight pull that settles what the compositions leave open.</summary>
    /// <param name="types">Type of each atom of each frame.</param>
    /// <param name="energies">Energy of each frame, eV.</param>
    /// <param name="elements">Number of elements.</param>
    /// <returns>ε, [elements], eV.</returns>
    public static double[] Fit(IReadOnlyList<int[]> types, IReadOnlyList<double> energies, int elements)
    {
        var normal = new DenseMatrix(elements, elements);
        var right = new DenseVector(elements);
        double mean = types.Zip(energies, (t, e) => e / t.Length).Average();
        for (int f = 0; f < types.Count; f++)
        {
            var share = new double[elements];
            foreach (int type in types[f])
            {
                share[type] += 1.0 / types[f].Length;
            }

            // Deviations from the mean, so that the pull is towards the mean energy per atom.
            double value = energies[f] / types[f].Length - mean;
            for (int a = 0; a < elements; a++)
            {
                right[a] += share[a] * value;
                for (int b = 0; b < elements; b++)
                {
                    normal[a, b] += share[a] * share[b];
                }
            }
        }

        for (int a = 0; a < elements; a++)
        {
            normal[a, a] += 1e-6 * types.Count;
        }

        return [.. normal.Solve(right).Select(e => e + mean)];
    }
}

using Polymorph.Structures;

namespace Polymorph.Energies.Relaxation;

/// <summary>The rotations and reflections that map a lattice on itself, as whole-number matrices W: lattice vector j goes to the sum over i of W[i, j]·a_i.</summary>
internal static class LatticeSymmetry
{
    /// <summary>All operations that keep lengths and scalar products, the identity included.</summary>
    /// <param name="lattice">Any cell, reduced or not.</param>
    /// <param name="tolerance">Allowed change of a length, Å.</param>
    /// <returns>The columns of each W.</returns>
    public static List<(int I, int J, int K)[]> Operations(Lattice lattice, double tolerance)
    {
        var candidates = Enumerable.Range(0, 3).Select(row => OfLength(lattice, lattice[row].Length, tolerance)).ToArray();
        var found = new List<(int, int, int)[]>();
        foreach (var a in candidates[0])
        {
            foreach (var b in candidates[1])
            {
                if (!Agrees(a.Vector, b.Vector, 0, 1))
                {
                    continue;
                }

                foreach (var c in candidates[2])
                {
                    if (Agrees(a.Vector, c.Vector, 0, 2) && Agrees(b.Vector, c.Vector, 1, 2))
                    {
                        found.Add([a.Coefficients, b.Coefficients, c.Coefficients]);
                    }
                }
            }
        }

        return found;

        bool Agrees(Vector3D u, Vector3D v, int i, int j) =>
            Math.Abs(u.Dot(v) - lattice[i].Dot(lattice[j])) < tolerance * (lattice[i].Length + lattice[j].Length);
    }

    private static List<((int I, int J, int K) Coefficients, Vector3D Vector)> OfLength(Lattice lattice, double length, double tolerance)
    {
        // A lattice vector's coefficients are its products with the reciprocal vectors.
        var (ra, rb, rc) = lattice.Reciprocal;
        int Bound(Vector3D reciprocal) => (int)((length + tolerance) * reciprocal.Length);
        var found = new List<((int, int, int), Vector3D)>();
        for (int i = -Bound(ra); i <= Bound(ra); i++)
        {
            for (int j = -Bound(rb); j <= Bound(rb); j++)
            {
                for (int k = -Bound(rc); k <= Bound(rc); k++)
                {
                    var v = lattice.ToCartesian(new(i, j, k));
                    if (Math.Abs(v.Length - length) < tolerance)
                    {
                        found.Add(((i, j, k), v));
                    }
                }
            }
        }

        return found;
    }
}

using MathNet.Numerics.LinearAlgebra;
using Polymorph.Structures;
using Polymorph.Structures.Matching;

namespace Polymorph.Selection.Metrics;

/// <summary>How far a relaxation moved the atoms: root mean square distance between a structure before and after it, in the best alignment.</summary>
/// <remarks>Crystals: Zeni et al., Nature 639 (2025) 624, whose published code aligns with the structure matcher (primitive cells, supercells allowed, no scaling, tolerances 0.5, 0.5 and 10 degrees) and
/// multiplies its dimensionless distance by (V/N)^(1/3) of the mean of the two cells. Molecules: atoms keep their partners; the best rotation by quaternions (Horn, J. Opt. Soc. Am. A 4 (1987) 629).</remarks>
public static class RelaxationDistance
{
    /// <summary>Tolerances of the alignment of crystals, wide enough to find one where the two are no longer the same crystal.</summary>
    public static MatchOptions Alignment { get; } = new() { LengthTolerance = 0.5, SiteTolerance = 0.5, AngleToleranceDegrees = 10, Scale = false, AttemptSupercell = true, WorkLimit = 1_000_000_000 };

    private static readonly StructureMatcher Matcher = new(Alignment);

    /// <summary>The distance, Å.</summary>
    /// <param name="before">A crystal or molecule.</param>
    /// <param name="after">The same atoms in the same order.</param>
    /// <returns>Null where there is no measure of it: a crystal that moved beyond the tolerances, or that only some axes repeat.</returns>
    /// <exception cref="ArgumentException">The atoms are not the same.</exception>
    public static double? Of(Structure before, Structure after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        if (!before.Species.SequenceEqual(after.Species) || before.Periodicity != after.Periodicity)
        {
            throw new ArgumentException("a relaxation keeps the atoms and their order", nameof(after));
        }

        return before.Periodicity == Periodicity.Full ? OfCrystals(before, after) : before.Periodicity.Any ? null : OfMolecules(before, after);
    }

    private static double? OfCrystals(Structure before, Structure after)
    {
        Lattice a = before.Lattice!, b = after.Lattice!;
        var mean = Lattice.FromParameters(0.5 * (a.Lengths + b.Lengths), 0.5 * (a.Angles + b.Angles));
        return Matcher.RmsDistance(before, after).Rms * Math.Cbrt(mean.Volume / before.AtomCount);
    }

    /// <summary>Horn's quaternion method: the least sum of squares over all rotations is Σ|a|² + Σ|b|² − 2λ, λ the largest eigenvalue of a symmetric 4 × 4 matrix.</summary>
    private static double OfMolecules(Structure before, Structure after)
    {
        Vector3D ca = Centre(before), cb = Centre(after);
        double squares = 0;
        double[,] s = new double[3, 3];
        for (int i = 0; i < before.AtomCount; i++)
        {
            Vector3D a = before.Positions[i] - ca, b = after.Positions[i] - cb;
            squares += a.LengthSquared + b.LengthSquared;
            double[] x = [a.X, a.Y, a.Z], y = [b.X, b.Y, b.Z];
            for (int j = 0; j < 9; j++)
            {
                s[j / 3, j % 3] += x[j / 3] * y[j % 3];
            }
        }

        var n = Matrix<double>.Build.DenseOfArray(new[,]
        {
            { s[0, 0] + s[1, 1] + s[2, 2], s[1, 2] - s[2, 1], s[2, 0] - s[0, 2], s[0, 1] - s[1, 0] },
            { s[1, 2] - s[2, 1], s[0, 0] - s[1, 1] - s[2, 2], s[0, 1] + s[1, 0], s[2, 0] + s[0, 2] },
            { s[2, 0] - s[0, 2], s[0, 1] + s[1, 0], s[1, 1] - s[0, 0] - s[2, 2], s[1, 2] + s[2, 1] },
            { s[0, 1] - s[1, 0], s[2, 0] + s[0, 2], s[1, 2] + s[2, 1], s[2, 2] - s[0, 0] - s[1, 1] },
        });
        double largest = n.Evd(Symmetricity.Symmetric).EigenValues.Max(v => v.Real);

        // Rounding may leave less than nothing of two equal structures.
        return Math.Sqrt(Math.Max(0, squares - 2 * largest) / before.AtomCount);
    }

    private static Vector3D Centre(Structure structure) => structure.Positions.Aggregate(Vector3D.Zero, (sum, r) => sum + r) * (1.0 / structure.AtomCount);
}

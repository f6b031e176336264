using System.Runtime.InteropServices;
using Polymorph.Structures;

namespace Polymorph.Energies.Relaxation;

/// <summary>A model of the second derivatives of the energy: springs k q² on distances and angles of near atoms, M = Σ k (∂q/∂x)(∂q/∂x)ᵀ.</summary>
/// <remarks>Form and decay with distance: Lindh, Bernhardsson, Karlström, Malmqvist, Chem. Phys. Lett. 241 (1995) 423; closeness from covalent radii, for all elements:
/// Swart and Bickelhaupt, Int. J. Quantum Chem. 106 (2006) 2536: ρ = exp(1 − r/(r_i + r_j)), k = 0.35 ρ³ E_h/a₀² of a distance, 0.15 (ρρ')² E_h/rad² of an angle.
/// Torsions are left out: they are softer than the floor that is added to M. Strains are variables like the others, since r changes with them.</remarks>
/// <param name="space">Variables.</param>
internal sealed class CurvatureTerms(RelaxationSpace space)
{
    /// <summary>Numbers per term: three atoms of three and six of the strain.</summary>
    private const int Width = 15;

    // 1 E_h/a₀² = 97.174 eV/Å² and 1 E_h = 27.211 eV.
    private const double StretchConstant = 0.35 * 97.174;
    private const double BendConstant = 0.15 * 27.211;

    // Pairs beyond, as a share of r_i + r_j: springs below 3 % of a bond's.
    private const double LongestStretch = 2.2;
    private const double LongestBendLeg = 1.4;

    // Below this sine the plane of an angle is ill defined: both directions across the line are taken.
    private const double LinearSine = 0.1;

    private readonly List<(int First, int Second, int Third)> _atoms = [];
    private readonly List<double> _rows = [];
    private readonly List<(int Atom, Vector3D Offset, double Length, double Closeness)> _legs = [];

    private int RowLength => space.HasCell ? Width : Width - 6;

    /// <summary>Collects the terms of a geometry.</summary>
    public void Build(Structure structure)
    {
        _atoms.Clear();
        _rows.Clear();
        var radii = new double[structure.AtomCount];
        for (int i = 0; i < radii.Length; i++)
        {
            radii[i] = structure.Species[i].CovalentRadius;
        }

        var neighbours = NeighborList.Build(structure, 2 * LongestStretch * radii.Max());
        for (int i = 0; i < radii.Length; i++)
        {
            _legs.Clear();
            foreach (var near in neighbours.Of(i))
            {
                double relative = near.Distance / (radii[i] + radii[near.Index]);
                if (relative > LongestStretch)
                {
                    continue;
                }

                // A pair comes from both its ends; an atom's own image changes with the strain alone.
                double closeness = Math.Exp(1 - relative);
                var axis = 1 / near.Distance * near.Offset;
                Add(i, near.Index, -1, near.Offset, axis, default, default, 0.5 * StretchConstant * closeness * closeness * closeness);
                if (relative < LongestBendLeg)
                {
                    _legs.Add((near.Index, near.Offset, near.Distance, closeness));
                }
            }

            AddBends(i);
        }
    }

    /// <summary>Adds M times a vector to the result.</summary>
    public void AddProduct(ReadOnlySpan<double> vector, Span<double> result)
    {
        var rows = CollectionsMarshal.AsSpan(_rows);
        int length = RowLength;
        for (int t = 0; t < _atoms.Count; t++)
        {
            var row = rows.Slice(t * length, length);
            var (first, second, third) = _atoms[t];
            double dot = Dot3(row, vector, first) + Dot3(row[3..], vector, second) + (third < 0 ? 0 : Dot3(row[6..], vector, third));
            if (space.HasCell)
            {
                dot += LimitedMemory.Dot(row[9..], vector[(3 * space.AtomCount)..]);
            }

            Add3(row, dot, result, first);
            Add3(row[3..], dot, result, second);
            if (third >= 0)
            {
                Add3(row[6..], dot, result, third);
            }

            for (int k = 9; k < length; k++)
            {
                result[3 * space.AtomCount + k - 9] += dot * row[k];
            }
        }
    }

    /// <summary>Adds the diagonal of M.</summary>
    public void AddDiagonal(Span<double> result)
    {
        Span<int> index = stackalloc int[Width];
        for (int t = 0; t < _atoms.Count; t++)
        {
            var row = Row(t, index);
            for (int a = 0; a < row.Length; a++)
            {
                // An atom with its own image stands twice in its term: the products across count as well.
                for (int b = 0; b < row.Length; b++)
                {
                    if (index[a] == index[b] && index[a] >= 0)
                    {
                        result[index[a]] += row[a] * row[b];
                    }
                }
            }
        }
    }

    /// <summary>Adds the lower triangle of M to a matrix, [variables × variables].</summary>
    public void AddLowerTriangle(double[] matrix)
    {
        int count = space.Count;
        Span<int> index = stackalloc int[Width];
        for (int t = 0; t < _atoms.Count; t++)
        {
            var row = Row(t, index);
            for (int a = 0; a < row.Length; a++)
            {
                for (int b = 0; b < row.Length; b++)
                {
                    if (index[b] >= 0 && index[a] >= index[b])
                    {
                        matrix[index[a] * count + index[b]] += row[a] * row[b];
                    }
                }
            }
        }
    }

    /// <summary>The numbers of a term and the variables they belong to; −1 for none.</summary>
    private ReadOnlySpan<double> Row(int term, Span<int> index)
    {
        var (first, second, third) = _atoms[term];
        for (int k = 0; k < 3; k++)
        {
            (index[k], index[3 + k], index[6 + k]) = (3 * first + k, 3 * second + k, third < 0 ? -1 : 3 * third + k);
        }

        for (int k = 9; k < RowLength; k++)
        {
            index[k] = 3 * space.AtomCount + k - 9;
        }

        return CollectionsMarshal.AsSpan(_rows).Slice(term * RowLength, RowLength);
    }

    private void AddBends(int centre)
    {
        for (int a = 1; a < _legs.Count; a++)
        {
            for (int b = 0; b < a; b++)
            {
                var (p, q) = (_legs[a], _legs[b]);
                double closeness = p.Closeness * q.Closeness, stiffness = BendConstant * closeness * closeness;
                Vector3D u = 1 / p.Length * p.Offset, v = 1 / q.Length * q.Offset;
                double cosine = u.Dot(v), sine = Math.Sqrt(Math.Max(0, 1 - cosine * cosine));
                if (sine > LinearSine)
                {
                    Add(p.Atom, q.Atom, centre, p.Offset, 1 / (p.Length * sine) * (cosine * u - v), q.Offset, 1 / (q.Length * sine) * (cosine * v - u), stiffness);
                    continue;
                }

                var across = u.Cross(Math.Abs(u.X) < 0.6 ? new Vector3D(1, 0, 0) : new Vector3D(0, 1, 0));
                across = 1 / across.Length * across;
                foreach (var direction in (ReadOnlySpan<Vector3D>)[across, u.Cross(across)])
                {
                    Add(p.Atom, q.Atom, centre, p.Offset, 1 / p.Length * direction, q.Offset, (cosine < 0 ? 1 : -1) / q.Length * direction, stiffness);
                }
            }
        }
    }

    /// <summary>Adds a coordinate q of one or two offsets: of a distance from the first atom to the second, or of an angle at the third, whose offsets lead to the first and second.</summary>
    private void Add(int first, int second, int third, Vector3D offset, Vector3D gradient, Vector3D otherOffset, Vector3D otherGradient, double stiffness)
    {
        double scale = Math.Sqrt(stiffness);
        var (atFirst, atSecond, atThird) = third < 0
            ? (-scale * gradient, scale * gradient, Vector3D.Zero)
            : (scale * gradient, scale * otherGradient, -scale * (gradient + otherGradient));
        _atoms.Add((first, second, third));
        AddVector(space.IsFixed(first) ? Vector3D.Zero : atFirst);
        AddVector(space.IsFixed(second) ? Vector3D.Zero : atSecond);
        AddVector(third < 0 || space.IsFixed(third) ? Vector3D.Zero : atThird);
        if (space.HasCell)
        {
            Span<double> strain = stackalloc double[6];
            var virial = StressTensor.Virial(offset, gradient) + StressTensor.Virial(otherOffset, otherGradient);
            space.WriteStrainGradient(scale * virial, strain);
            _rows.AddRange(strain);
        }
    }

    private void AddVector(Vector3D v)
    {
        _rows.Add(v.X);
        _rows.Add(v.Y);
        _rows.Add(v.Z);
    }

    private static double Dot3(ReadOnlySpan<double> row, ReadOnlySpan<double> vector, int atom) =>
        row[0] * vector[3 * atom] + row[1] * vector[3 * atom + 1] + row[2] * vector[3 * atom + 2];

    private static void Add3(ReadOnlySpan<double> row, double factor, Span<double> result, int atom)
    {
        result[3 * atom] += factor * row[0];
        result[3 * atom + 1] += factor * row[1];
        result[3 * atom + 2] += factor * row[2];
    }
}

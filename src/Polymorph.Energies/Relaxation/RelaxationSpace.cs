using System.Collections.Immutable;
using Polymorph.Structures;

namespace Polymorph.Energies.Relaxation;

/// <summary>The variables of a relaxation: displacements of the atoms and, with a free cell, a symmetric strain.</summary>
/// <remarks>A step (δ, ε) leads from a geometry to r' = exp(ε)(r + δ), h' = exp(ε) h. Its gradient is (−f, V(σ + p)), and each step starts
/// from the geometry reached, so the strain of a single step stays small. This is the combined variable of Tadmor, Smith, Bernstein and Kaxiras,
/// Phys. Rev. B 59 (1999) 235, with an exponential, whose determinant exp(tr ε) keeps a cell right-handed, a traceless ε the volume, and a multiple of 1
/// the shape. Order of the variables: x, y, z of each atom, then √N·ℓ times ε_xx, ε_yy, ε_zz, √2 ε_yz, √2 ε_xz, √2 ε_xy, with ℓ = (V/N)^(1/3) of the start:
/// lengths in Å like the displacements, and scalar products of two strains are those of the matrices.</remarks>
internal sealed class RelaxationSpace
{
    private const double OverRootTwo = 0.70710678118654752;
    private readonly RelaxationOptions _options;
    private readonly bool[] _fixed;
    private readonly double _pressure;

    public RelaxationSpace(Structure start, RelaxationOptions options, SymmetryGroup? symmetry = null)
    {
        (_options, Symmetry) = (options, symmetry);
        AtomCount = start.AtomCount;
        _fixed = new bool[AtomCount];
        foreach (int atom in options.FixedAtoms)
        {
            _fixed[atom] = true;
        }

        HasCell = options.Cell != CellFreedom.Fixed;
        if (HasCell)
        {
            _pressure = options.PressureGPa / StressTensor.GPaPerEVPerCubicAngstrom;
            StrainLength = Math.Sqrt(AtomCount) * Math.Cbrt(start.Lattice!.Volume / AtomCount);
        }
    }

    public int AtomCount { get; }

    /// <summary>True when a strain is among the variables.</summary>
    public bool HasCell { get; }

    /// <summary>Number of variables: 3·atoms, and 6 for the cell.</summary>
    public int Count => 3 * AtomCount + (HasCell ? 6 : 0);

    /// <summary>√N·ℓ, Å: what a strain is multiplied with to become a variable.</summary>
    public double StrainLength { get; }

    /// <summary>The operations that are kept, or null.</summary>
    public SymmetryGroup? Symmetry { get; }

    public bool IsFixed(int atom) => _fixed[atom];

    /// <summary>The point of a successful evaluation.</summary>
    public RelaxationPoint PointOf(Structure structure, Evaluation evaluation)
    {
        var gradient = new double[Count];
        for (int i = 0; i < AtomCount; i++)
        {
            var f = evaluation.Forces[i];
            (gradient[3 * i], gradient[3 * i + 1], gradient[3 * i + 2]) = (-f.X, -f.Y, -f.Z);
        }

        double objective = evaluation.EnergyEV, largestStress = 0;
        if (HasCell)
        {
            double volume = structure.Lattice!.Volume;
            var s = evaluation.Stress!.Value + _pressure * new StressTensor(1, 1, 1, 0, 0, 0);
            objective += _pressure * volume;
            WriteStrain(volume / StrainLength * new SymmetricMatrix(s.XX, s.YY, s.ZZ, s.YZ, s.XZ, s.XY), gradient);
        }

        Project(gradient);
        double longest = 0;
        for (int i = 0; i < AtomCount; i++)
        {
            longest = Math.Max(longest, Length(gradient, i));
        }

        if (HasCell)
        {
            largestStress = ReadStrain(gradient).Magnitude * StrainLength / structure.Lattice!.Volume * StressTensor.GPaPerEVPerCubicAngstrom;
        }

        return new(structure, evaluation, objective, gradient, longest, largestStress);
    }

    /// <summary>True when forces and stress are below their thresholds.</summary>
    public bool IsConverged(RelaxationPoint point) =>
        point.MaximumForce <= _options.MaximumForce && (!HasCell || point.MaximumStressGPa <= _options.MaximumStressGPa);

    /// <summary>Largest derivative by a displacement or a strain, eV/Å: how rough the place is.</summary>
    public double Roughness(RelaxationPoint point) =>
        HasCell ? Math.Max(point.MaximumForce, ReadStrain(point.Gradient).Magnitude) : point.MaximumForce;

    /// <summary>Takes out of a gradient or step what may not move. Overwrites.</summary>
    public void Project(double[] vector)
    {
        for (int i = 0; i < AtomCount; i++)
        {
            if (_fixed[i])
            {
                (vector[3 * i], vector[3 * i + 1], vector[3 * i + 2]) = (0, 0, 0);
            }
        }

        Symmetry?.ProjectVectors(vector.AsSpan(0, 3 * AtomCount));
        if (HasCell)
        {
            WriteStrain(Free(ReadStrain(vector)), vector);
        }
    }

    /// <summary>The geometry one step away.</summary>
    public Structure Move(Structure from, ReadOnlySpan<double> step)
    {
        var strain = HasCell ? (1 / StrainLength * ReadStrain(step)).Exponential() : SymmetricMatrix.Identity;
        var positions = ImmutableArray.CreateBuilder<Vector3D>(AtomCount);
        for (int i = 0; i < AtomCount; i++)
        {
            var moved = from.Positions[i] + new Vector3D(step[3 * i], step[3 * i + 1], step[3 * i + 2]);
            positions.Add(HasCell ? strain * moved : moved);
        }

        if (!HasCell)
        {
            return from.WithPositions(positions.MoveToImmutable());
        }

        var h = from.Lattice!;
        return new Structure(from.Species, positions.MoveToImmutable(), new Lattice(strain * h.A, strain * h.B, strain * h.C), from.Periodicity, from.Id, from.Properties, from.AtomProperties);
    }

    /// <summary>How far a step goes, Å: the longest displacement of an atom, or the strain as that of a cell of 4 Å (so that a guard of 0.2 Å allows 5 %).</summary>
    public double Reach(ReadOnlySpan<double> step)
    {
        const double strainReach = 4;
        double longest = 0;
        for (int i = 0; i < AtomCount; i++)
        {
            longest = Math.Max(longest, Length(step, i));
        }

        return HasCell ? Math.Max(longest, strainReach / StrainLength * ReadStrain(step).Magnitude) : longest;
    }

    /// <summary>A derivative by the strain, ∂q/∂ε, as derivatives by the last six variables.</summary>
    public void WriteStrainGradient(StressTensor derivative, Span<double> six)
    {
        var e = 1 / StrainLength * new SymmetricMatrix(derivative.XX, derivative.YY, derivative.ZZ, derivative.YZ, derivative.XZ, derivative.XY);
        WriteSix(Free(e), six);
    }

    private SymmetricMatrix ReadStrain(ReadOnlySpan<double> vector)
    {
        var v = vector[(3 * AtomCount)..];
        return new(v[0], v[1], v[2], OverRootTwo * v[3], OverRootTwo * v[4], OverRootTwo * v[5]);
    }

    private void WriteStrain(SymmetricMatrix e, Span<double> vector) => WriteSix(e, vector[(3 * AtomCount)..]);

    private static void WriteSix(SymmetricMatrix e, Span<double> v) =>
        (v[0], v[1], v[2], v[3], v[4], v[5]) = (e.XX, e.YY, e.ZZ, e.YZ / OverRootTwo, e.XZ / OverRootTwo, e.XY / OverRootTwo);

    /// <summary>The part of a strain that may be.</summary>
    private SymmetricMatrix Free(SymmetricMatrix e)
    {
        e = Symmetry?.Project(e) ?? e;
        var mean = e.Trace / 3 * SymmetricMatrix.Identity;
        return _options.Cell switch
        {
            CellFreedom.Volume => mean,
            CellFreedom.Shape => e + -1 * mean,
            _ => e,
        };
    }

    private static double Length(ReadOnlySpan<double> v, int atom) =>
        Math.Sqrt(v[3 * atom] * v[3 * atom] + v[3 * atom + 1] * v[3 * atom + 1] + v[3 * atom + 2] * v[3 * atom + 2]);
}

using Polymorph.Structures;

namespace Polymorph.Energies.Relaxation;

/// <summary>The matrix P = γ (M + floor) + damping that L-BFGS starts from: the model M of <see cref="CurvatureTerms"/>, a floor for what it leaves out,
/// and a damping that turns the step towards steepest descent where forces are large.</summary>
/// <remarks>The use of such a matrix as a metric for L-BFGS: Packwood et al., J. Chem. Phys. 144 (2016) 164109. Up to <see cref="LargestDense"/> variables it is factored;
/// beyond, conjugate gradients solve with it, in memory linear in the atoms.</remarks>
/// <param name="space">Variables.</param>
internal sealed class CurvatureModel(RelaxationSpace space)
{
    /// <summary>Variables up to which the matrix is stored and factored.</summary>
    public const int LargestDense = 300;

    // eV/Å²: torsions and what else is soft.
    private const double Floor = 0.5;
    private const double ResidualShare = 1e-6;
    private const int MaximumRounds = 300;

    private readonly CurvatureTerms _terms = new(space);
    private readonly DenseCholesky? _dense = space.Count <= LargestDense ? new(space.Count) : null;
    private readonly double[] _diagonal = new double[space.Count];
    private double _scale = 1;
    private double _damping;

    /// <summary>Prepares for a geometry.</summary>
    /// <param name="structure">The geometry.</param>
    /// <param name="scale">γ: how stiff the surface is beside the model; dimensionless.</param>
    /// <param name="damping">eV/Å².</param>
    public void Build(Structure structure, double scale, double damping)
    {
        (_scale, _damping) = (scale, damping);
        _terms.Build(structure);
        if (_dense is null)
        {
            Array.Clear(_diagonal);
            _terms.AddDiagonal(_diagonal);
            foreach (ref double d in _diagonal.AsSpan())
            {
                d = scale * (d + Floor) + damping;
            }

            return;
        }

        Array.Clear(_dense.Matrix);
        _terms.AddLowerTriangle(_dense.Matrix);
        int count = space.Count;
        for (int i = 0; i < count; i++)
        {
            var row = _dense.Matrix.AsSpan(i * count, i + 1);
            row[i] += Floor + damping / scale;
            foreach (ref double v in row)
            {
                v *= scale;
            }
        }

        _dense.Factor();
    }

    /// <summary>(M + floor) times a vector.</summary>
    public double[] Product(ReadOnlySpan<double> vector)
    {
        var result = new double[vector.Length];
        _terms.AddProduct(vector, result);
        for (int i = 0; i < result.Length; i++)
        {
            result[i] += Floor * vector[i];
        }

        return result;
    }

    /// <summary>Overwrites a vector v by P⁻¹ v.</summary>
    public void Solve(double[] vector)
    {
        if (_dense is not null)
        {
            _dense.Solve(vector);
        }
        else
        {
            SolveByConjugateGradients(vector);
        }
    }

    private void SolveByConjugateGradients(double[] vector)
    {
        double[] residual = [.. vector], scaled = Scaled(residual), direction = [.. scaled];
        Array.Clear(vector);
        double product = LimitedMemory.Dot(residual, scaled), wanted = ResidualShare * ResidualShare * product;
        for (int round = 0; round < MaximumRounds && product > wanted; round++)
        {
            var image = Product(direction);
            for (int i = 0; i < image.Length; i++)
            {
                image[i] = _scale * image[i] + _damping * direction[i];
            }

            double length = product / LimitedMemory.Dot(direction, image);
            for (int i = 0; i < vector.Length; i++)
            {
                vector[i] += length * direction[i];
                residual[i] -= length * image[i];
            }

            scaled = Scaled(residual);
            double next = LimitedMemory.Dot(residual, scaled), share = next / product;
            for (int i = 0; i < direction.Length; i++)
            {
                direction[i] = scaled[i] + share * direction[i];
            }

            product = next;
        }
    }

    private double[] Scaled(double[] residual)
    {
        var result = new double[residual.Length];
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = residual[i] / _diagonal[i];
        }

        return result;
    }
}

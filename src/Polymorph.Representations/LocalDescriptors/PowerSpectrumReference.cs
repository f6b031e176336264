using Polymorph.Representations.Kernels;
using Polymorph.Structures;

namespace Polymorph.Representations.LocalDescriptors;

/// <summary>The definition of the power spectrum, in double precision, with position gradients; every other implementation is tested against this one.</summary>
/// <remarks>P[A ≤ B, ln] = Σ_m c[A, ln, m] c[B, ln, m] with c[A, ln, m] = Σ over the neighbours j of type A of √((2l+1)/4π) g_ln(r_j) Y_lm(direction j).
/// Source: Kovács et al., Mach. Learn.: Sci. Technol. 5 (2024) 035079, section 2.1.</remarks>
public sealed class PowerSpectrumReference
{
    private readonly PowerSpectrumOptions _options;
    private readonly IRadialFunctions _radial;
    private readonly SolidHarmonicTables _tables;

    /// <summary>A describer with these settings.</summary>
    /// <param name="options">Settings.</param>
    /// <param name="typeCount">Number of atom types of the descriptor.</param>
    public PowerSpectrumReference(PowerSpectrumOptions options, int typeCount)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(typeCount, 1);
        (_options, TypeCount, _radial, _tables) = (options, typeCount, options.CreateRadialFunctions(), new SolidHarmonicTables(options.MaximumOrder));
    }

    /// <summary>Types of the descriptor.</summary>
    public int TypeCount { get; }

    /// <summary>Descriptors of the atoms of one structure.</summary>
    /// <param name="neighbourhoods">The neighbours of each atom, from <see cref="Neighbourhood"/>, [atoms].</param>
    /// <param name="types">Type of each atom, [atoms], each in 0..TypeCount − 1.</param>
    /// <returns>[atoms][power spectrum, one-hot type].</returns>
    public double[][] Describe(NeighbourOffset[][] neighbourhoods, ReadOnlySpan<int> types)
    {
        var result = new double[neighbourhoods.Length][];
        for (int i = 0; i < result.Length; i++)
        {
            var coefficients = Expand(neighbourhoods[i], types);
            result[i] = new double[_options.DescriptorLength(TypeCount)];
            VisitPairs((a, b, f, k, index, weight) => result[i][index] += weight * coefficients[a, f][k] * coefficients[b, f][k]);
            result[i][_options.SpectrumLength(TypeCount) + types[i]] = 1;
        }

        return result;
    }

    /// <summary>Gradient by positions of a function L of the descriptors.</summary>
    /// <param name="neighbourhoods">The neighbours of each atom, [atoms]; they are not differentiated through.</param>
    /// <param name="types">Type of each atom, [atoms].</param>
    /// <param name="descriptorGradient">dL/ddescriptor, [atoms][at least the power spectrum].</param>
    /// <returns>dL/dposition of each atom, all its images moving with it, [atoms], per Å.</returns>
    public Vector3D[] Gradient(NeighbourOffset[][] neighbourhoods, ReadOnlySpan<int> types, double[][] descriptorGradient)
    {
        var result = new Vector3D[neighbourhoods.Length];
        for (int i = 0; i < result.Length; i++)
        {
            var coefficients = Expand(neighbourhoods[i], types);
            var weights = EmptyExpansion();
            double[] v = descriptorGradient[i];
            VisitPairs((a, b, f, k, index, weight) =>
            {
                weights[a, f][k] += weight * v[index] * coefficients[b, f][k];
                weights[b, f][k] += weight * v[index] * coefficients[a, f][k];
            });
            foreach (var neighbour in neighbourhoods[i])
            {
                var gradient = NeighbourGradient(neighbour, types[neighbour.Atom], weights);
                result[neighbour.Atom] += gradient;
                result[i] -= gradient;
            }
        }

        return result;
    }

    private double[,][] EmptyExpansion()
    {
        var result = new double[TypeCount, _radial.Count][];
        for (int type = 0; type < TypeCount; type++)
        {
            VisitFunctions((l, f) => result[type, f] = new double[2 * l + 1]);
        }

        return result;
    }

    private double[,][] Expand(NeighbourOffset[] neighbours, ReadOnlySpan<int> types)
    {
        var result = EmptyExpansion();
        double[] g = new double[_radial.Count], slope = new double[_radial.Count];
        foreach (var neighbour in neighbours)
        {
            int type = types[neighbour.Atom];
            double[] harmonics = Harmonics(Direction(neighbour));
            _radial.Evaluate(neighbour.Offset.Length, g, slope);
            VisitFunctions((l, f) =>
            {
                for (int k = 0; k <= 2 * l; k++)
                {
                    result[type, f][k] += g[f] * harmonics[l * l + k];
                }
            });
        }

        return result;
    }

    private Vector3D NeighbourGradient(NeighbourOffset neighbour, int type, double[,][] weights)
    {
        double[] g = new double[_radial.Count], slope = new double[_radial.Count];
        double r = neighbour.Offset.Length;
        if (r == 0)
        {
            return Vector3D.Zero;
        }

        _radial.Evaluate(r, g, slope);
        var direction = Direction(neighbour);
        double[] harmonics = Harmonics(direction);
        double radialPart = 0;
        var across = Vector3D.Zero;
        VisitFunctions((l, f) =>
        {
            for (int k = 0; k <= 2 * l; k++)
            {
                double w = weights[type, f][k];
                radialPart += w * harmonics[l * l + k] * slope[f];
                across += w * g[f] * HarmonicGradient(harmonics, l, k);
            }
        });
        // A unit vector turns only with the part of a displacement across it.
        return radialPart * direction + (across - across.Dot(direction) * direction) * (1 / r);
    }

    private static Vector3D Direction(NeighbourOffset neighbour) =>
        neighbour.Offset.Length > 0 ? neighbour.Offset * (1 / neighbour.Offset.Length) : Vector3D.Zero;

    // S_lm of a unit vector (or of zero), l² + k.
    private double[] Harmonics(Vector3D d)
    {
        int order = _options.MaximumOrder;
        var s = new double[(order + 1) * (order + 1)];
        (s[0], s[1], s[2], s[3]) = (1, d.Z, d.X, d.Y);
        double square = d.LengthSquared;
        for (int l = 2; l <= order; l++)
        {
            int now = l * l, last = (l - 1) * (l - 1), older = (l - 2) * (l - 2);
            for (int k = 0; k <= 2 * l - 2; k++)
            {
                s[now + k] = d.Z * s[last + k] - (k <= 2 * l - 4 ? _tables.Recurrence[now + k] * square * s[older + k] : 0);
            }

            double real = s[last + 2 * l - 3], imaginary = s[last + 2 * l - 2];
            s[now + 2 * l - 1] = d.X * real - d.Y * imaginary;
            s[now + 2 * l] = d.X * imaginary + d.Y * real;
        }

        return s;
    }

    private Vector3D HarmonicGradient(double[] harmonics, int l, int k)
    {
        if (l == 0)
        {
            return Vector3D.Zero;
        }

        int m = (k + 1) / 2, index = l * l + k;
        bool imaginary = k > 0 && (k & 1) == 0;
        double up = _tables.Up[index], down = _tables.Down[index];
        var (realUp, imaginaryUp) = Lower(harmonics, l, m + 1);
        var (realDown, imaginaryDown) = m > 0 ? Lower(harmonics, l, m - 1) : (0, 0);
        var (real, imaginarySame) = Lower(harmonics, l, m);
        double z = _tables.Along[index] * (imaginary ? imaginarySame : real);
        if (m == 0)
        {
            return new(-2 * up * realUp, -2 * up * imaginaryUp, z);
        }

        return imaginary
            ? new(down * imaginaryDown - up * imaginaryUp, down * realDown + up * realUp, z)
            : new(down * realDown - up * realUp, -down * imaginaryDown - up * imaginaryUp, z);
    }

    private static (double Real, double Imaginary) Lower(double[] harmonics, int l, int m)
    {
        int start = (l - 1) * (l - 1);
        return m > l - 1 ? (0, 0) : m == 0 ? (harmonics[start], 0) : (harmonics[start + 2 * m - 1], harmonics[start + 2 * m]);
    }

    private void VisitFunctions(Action<int, int> visit)
    {
        int f = 0;
        for (int l = 0; l <= _options.MaximumOrder; l++)
        {
            for (int n = 0; n <= _options.MaximumOrder - l; n++)
            {
                visit(l, f++);
            }
        }
    }

    // Every product of two coefficients, the entry of the spectrum it belongs to and its weight.
    private void VisitPairs(Action<int, int, int, int, int, double> visit)
    {
        int block = 0;
        for (int a = 0; a < TypeCount; a++)
        {
            for (int b = a; b < TypeCount; b++, block += _radial.Count)
            {
                VisitFunctions((l, f) =>
                {
                    for (int k = 0; k <= 2 * l; k++)
                    {
                        visit(a, b, f, k, block + f, (2 * l + 1) / (4 * Math.PI) * _tables.Weight[l * l + k]);
                    }
                });
            }
        }
    }
}

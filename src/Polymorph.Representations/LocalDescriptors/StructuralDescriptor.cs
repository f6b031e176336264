using Polymorph.Structures;

namespace Polymorph.Representations.LocalDescriptors;

/// <summary>One row of numbers for a whole structure: for each type, the mean of its atoms' [power spectrum, one-hot] rows; the types one after the other.</summary>
/// <remarks>The filter step of the LoGAN study (Kovács et al., Mach. Learn.: Sci. Technol. 5 (2024) 035079, section 2.3). Does not depend on rotation, translation,
/// or the order of like atoms. A type without an atom gives zeros. An instance is one thread's; describing allocates nothing.</remarks>
public sealed class StructuralDescriptor
{
    /// <summary>Structures that are described at a time, each with room for all its atoms' descriptors.</summary>
    public const int Chunk = 32;

    private readonly PowerSpectrumBatch _atoms;
    private readonly int[] _types;
    private readonly double[] _atomsOfType;
    private readonly double[] _sums;
    private readonly float[] _rows;

    /// <summary>A describer for structures of these atoms.</summary>
    /// <param name="options">Settings of the atoms' descriptor.</param>
    /// <param name="types">Type of each atom, [atoms], each in 0..typeCount − 1.</param>
    /// <param name="typeCount">Number of types.</param>
    /// <param name="cell">The cell, or null for molecules.</param>
    /// <param name="periodicity">Axes that repeat.</param>
    /// <exception cref="ArgumentException">No atoms, a type out of range, or periodic without a cell.</exception>
    public StructuralDescriptor(PowerSpectrumOptions options, ReadOnlySpan<int> types, int typeCount, Lattice? cell = null, Periodicity periodicity = default)
    {
        _atoms = new PowerSpectrumBatch(options, types, typeCount, cell, periodicity);
        _types = types.ToArray();
        _atomsOfType = [.. Enumerable.Range(0, typeCount).Select(type => (double)Math.Max(1, _types.Count(t => t == type)))];
        _sums = new double[typeCount * _atoms.DescriptorLength];
        _rows = new float[Chunk * types.Length * _atoms.DescriptorLength];
    }

    /// <summary>The setting of the study: Bessel functions, r_cut 5 Å, n_max 4, 20 neighbours.</summary>
    public static PowerSpectrumOptions Published { get; } = new() { Radial = RadialBasis.Bessel, CutoffRadius = 5, MaximumOrder = 4, NeighbourCount = 20 };

    /// <summary>Numbers per structure: types × (power spectrum + one-hot); 279 for C5H12O in the published setting.</summary>
    public int Length => _atoms.TypeCount * _atoms.DescriptorLength;

    /// <summary>Atoms per structure.</summary>
    public int AtomCount => _atoms.AtomCount;

    /// <summary>Describes structures.</summary>
    /// <param name="positions">[structures × atoms × 3], Å.</param>
    /// <param name="structures">Number of structures.</param>
    /// <param name="result">[structures × <see cref="Length"/>], overwritten.</param>
    /// <exception cref="ArgumentException">A length does not match.</exception>
    public void Describe(ReadOnlySpan<float> positions, int structures, Span<float> result)
    {
        int size = 3 * AtomCount, width = _atoms.DescriptorLength;
        if (positions.Length != (long)structures * size || result.Length != (long)structures * Length)
        {
            throw new ArgumentException($"expected {structures} structures of {size} coordinates and {Length} numbers each; {positions.Length} and {result.Length} came");
        }

        for (int first = 0; first < structures; first += Chunk)
        {
            int count = Math.Min(Chunk, structures - first);
            var rows = _rows.AsSpan(0, count * AtomCount * width);
            _atoms.Describe(positions.Slice(first * size, count * size), count, rows, width);
            for (int s = 0; s < count; s++)
            {
                Average(rows.Slice(s * AtomCount * width, AtomCount * width), result.Slice((first + s) * Length, Length));
            }
        }
    }

    /// <summary>The definition: per type the mean of the atoms' rows, in double precision.</summary>
    /// <param name="rows">Descriptor of each atom, [atoms][width], from <see cref="PowerSpectrumReference"/>.</param>
    /// <param name="types">Type of each atom, [atoms].</param>
    /// <param name="typeCount">Number of types.</param>
    /// <returns>[typeCount × width].</returns>
    public static double[] Reference(double[][] rows, ReadOnlySpan<int> types, int typeCount)
    {
        int width = rows[0].Length;
        var result = new double[typeCount * width];
        var atoms = new int[typeCount];
        for (int i = 0; i < rows.Length; i++)
        {
            atoms[types[i]]++;
            for (int k = 0; k < width; k++)
            {
                result[types[i] * width + k] += rows[i][k];
            }
        }

        for (int k = 0; k < result.Length; k++)
        {
            result[k] /= Math.Max(1, atoms[k / width]);
        }

        return result;
    }

    private void Average(ReadOnlySpan<float> rows, Span<float> result)
    {
        int width = _atoms.DescriptorLength;
        Array.Clear(_sums);
        for (int atom = 0; atom < AtomCount; atom++)
        {
            var row = rows.Slice(atom * width, width);
            var sum = _sums.AsSpan(_types[atom] * width, width);
            for (int k = 0; k < width; k++)
            {
                sum[k] += row[k];
            }
        }

        for (int type = 0; type < _atomsOfType.Length; type++)
        {
            for (int k = type * width; k < (type + 1) * width; k++)
            {
                result[k] = (float)(_sums[k] / _atomsOfType[type]);
            }
        }
    }
}

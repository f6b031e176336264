using Polymorph.Learning.Kernels;
using Polymorph.Representations.Kernels;
using Polymorph.Structures;

namespace Polymorph.Representations.LocalDescriptors;

/// <summary>Descriptors [power spectrum, one-hot type] of every atom of many structures that share their species and cell, and the gradients by positions; single precision, vectorised.</summary>
/// <remarks>Definition: <see cref="PowerSpectrumReference"/>; absolute accuracy 2e-6 of the largest entry up to n_max 6, 2e-5 up to 10 (tested). A structure's result has the same bits in any batch. An instance is one thread's:
/// it holds the scratch memory, and <see cref="Describe(ReadOnlySpan{float}, int, Span{float}, int)"/> and
/// <see cref="Gradient(ReadOnlySpan{float}, int, ReadOnlySpan{float}, int, Span{float})"/> allocate nothing.
/// Structures fill the vector lanes: sixteen in one call cost as much as one. Source: Kovács et al., Mach. Learn.: Sci. Technol. 5 (2024) 035079, section 2.1.</remarks>
public sealed unsafe class PowerSpectrumBatch
{
    private readonly PowerSpectrumKernel _kernel;

    /// <summary>A describer for structures of these atoms.</summary>
    /// <param name="options">Settings.</param>
    /// <param name="types">Type of each atom, [atoms], each in 0..typeCount − 1.</param>
    /// <param name="typeCount">Number of types of the descriptor; types without an atom are allowed.</param>
    /// <param name="cell">The cell, or null for molecules.</param>
    /// <param name="periodicity">Axes that repeat; none needs no cell.</param>
    /// <param name="width">Instruction set; by default the widest of this machine.</param>
    /// <exception cref="ArgumentException">No atoms, a type out of range, or periodic without a cell.</exception>
    public PowerSpectrumBatch(PowerSpectrumOptions options, ReadOnlySpan<int> types, int typeCount, Lattice? cell, Periodicity periodicity, VectorWidth? width = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(typeCount, 1);
        if (types.IsEmpty)
        {
            throw new ArgumentException("expected at least one atom", nameof(types));
        }

        foreach (int type in types)
        {
            if (type < 0 || type >= typeCount)
            {
                throw new ArgumentException($"expected types from 0 to {typeCount - 1}; {type} came", nameof(types));
            }
        }

        if (periodicity.Any && cell is null)
        {
            throw new ArgumentException("periodic structures need a cell", nameof(cell));
        }

        var plan = new PowerSpectrumPlan(options, types, typeCount, cell, periodicity);
        (Options, AtomCount, TypeCount) = (options, types.Length, typeCount);
        _kernel = (width ?? VectorWidths.Best) switch
        {
            VectorWidth.Avx512 => new PowerSpectrumKernel<Lanes16>(plan),
            VectorWidth.Avx2 => new PowerSpectrumKernel<Lanes8>(plan),
            _ => new PowerSpectrumKernel<Lanes4>(plan),
        };
    }

    /// <summary>Settings.</summary>
    public PowerSpectrumOptions Options { get; }

    /// <summary>Atoms per structure.</summary>
    public int AtomCount { get; }

    /// <summary>Types of the descriptor.</summary>
    public int TypeCount { get; }

    /// <summary>Live columns of a row: power spectrum and one-hot type.</summary>
    public int DescriptorLength => Options.DescriptorLength(TypeCount);

    /// <summary>Describes every atom.</summary>
    /// <param name="positions">[structures × atoms × 3], Å, wrapped into the cell or not.</param>
    /// <param name="structures">Number of structures.</param>
    /// <param name="result">[structures × atoms × rowStride], overwritten: [power spectrum, one-hot, zeros].</param>
    /// <param name="rowStride">Numbers per row, at least <see cref="DescriptorLength"/>.</param>
    /// <exception cref="ArgumentException">A length does not match.</exception>
    public void Describe(ReadOnlySpan<float> positions, int structures, Span<float> result, int rowStride) =>
        Describe(positions, structures, 0, AtomCount, result, rowStride);

    /// <summary>Describes the atoms firstCentre … firstCentre + centres − 1 of each structure; all atoms count as neighbours.</summary>
    /// <param name="positions">[structures × atoms × 3], Å.</param>
    /// <param name="structures">Number of structures.</param>
    /// <param name="firstCentre">First atom to describe.</param>
    /// <param name="centres">Number of atoms to describe.</param>
    /// <param name="result">[structures × centres × rowStride], overwritten.</param>
    /// <param name="rowStride">Numbers per row, at least <see cref="DescriptorLength"/>.</param>
    /// <exception cref="ArgumentException">A length does not match.</exception>
    public void Describe(ReadOnlySpan<float> positions, int structures, int firstCentre, int centres, Span<float> result, int rowStride)
    {
        Check(positions.Length, structures, firstCentre, centres, result.Length, rowStride);
        fixed (float* from = positions, to = result)
        {
            _kernel.Describe(from, structures, firstCentre, centres, to, rowStride);
        }
    }

    /// <summary>Gradient by positions of a function of the descriptors.</summary>
    /// <param name="positions">[structures × atoms × 3], Å.</param>
    /// <param name="structures">Number of structures.</param>
    /// <param name="descriptorGradient">dL/ddescriptor, [structures × atoms × rowStride]; what stands beyond the power spectrum is ignored.</param>
    /// <param name="rowStride">Numbers per row, at least <see cref="DescriptorLength"/>.</param>
    /// <param name="positionGradient">dL/dposition, [structures × atoms × 3], per Å, overwritten.</param>
    /// <exception cref="ArgumentException">A length does not match.</exception>
    public void Gradient(ReadOnlySpan<float> positions, int structures, ReadOnlySpan<float> descriptorGradient, int rowStride, Span<float> positionGradient) =>
        Gradient(positions, structures, 0, AtomCount, descriptorGradient, rowStride, positionGradient);

    /// <summary>Gradient by all positions of a function of the descriptors of a range of atoms.</summary>
    /// <param name="positions">[structures × atoms × 3], Å.</param>
    /// <param name="structures">Number of structures.</param>
    /// <param name="firstCentre">First described atom.</param>
    /// <param name="centres">Number of described atoms.</param>
    /// <param name="descriptorGradient">dL/ddescriptor, [structures × centres × rowStride].</param>
    /// <param name="rowStride">Numbers per row, at least <see cref="DescriptorLength"/>.</param>
    /// <param name="positionGradient">dL/dposition, [structures × atoms × 3], per Å, overwritten.</param>
    /// <exception cref="ArgumentException">A length does not match.</exception>
    public void Gradient(
        ReadOnlySpan<float> positions, int structures, int firstCentre, int centres, ReadOnlySpan<float> descriptorGradient, int rowStride, Span<float> positionGradient)
    {
        Check(positions.Length, structures, firstCentre, centres, descriptorGradient.Length, rowStride);
        ArgumentOutOfRangeException.ThrowIfNotEqual(positionGradient.Length, positions.Length);
        fixed (float* from = positions, rows = descriptorGradient, to = positionGradient)
        {
            _kernel.Gradient(from, structures, firstCentre, centres, rows, rowStride, to);
        }
    }

    private void Check(int positions, int structures, int firstCentre, int centres, int rows, int rowStride)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(structures);
        ArgumentOutOfRangeException.ThrowIfNegative(firstCentre);
        ArgumentOutOfRangeException.ThrowIfNegative(centres);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(centres, AtomCount - firstCentre);
        ArgumentOutOfRangeException.ThrowIfLessThan(rowStride, DescriptorLength);
        if (positions != 3L * structures * AtomCount)
        {
            throw new ArgumentException($"expected {3L * structures * AtomCount} coordinates for {structures} structures of {AtomCount} atoms; {positions} came");
        }

        if (rows != (long)structures * centres * rowStride)
        {
            throw new ArgumentException($"expected {(long)structures * centres * rowStride} numbers for the descriptor rows; {rows} came");
        }
    }
}

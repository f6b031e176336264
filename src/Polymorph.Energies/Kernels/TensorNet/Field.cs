namespace Polymorph.Energies.Kernels.TensorNet;

/// <summary>Features in their irreducible parts: 9 numbers per atom and channel instead of three 3 × 3 matrices.</summary>
/// <remarks>I: [atoms × C], a third of the trace; A: [atoms × 3 × C], the axis a of [a]×; S: [atoms × 5 × C], the elements xx, yy, xy, xz, yz of the traceless part.
/// One part after the other, so that a channel mixing is one product per part.</remarks>
/// <param name="start">9 · atoms · C numbers.</param>
/// <param name="atoms">Number of atoms.</param>
/// <param name="channels">C.</param>
internal readonly unsafe struct Field(float* start, int atoms, int channels)
{
    public readonly float* I = start;
    public readonly float* A = start + (nint)atoms * channels;
    public readonly float* S = start + 4 * (nint)atoms * channels;
    public readonly nint Channels = channels;
    public readonly int Atoms = atoms;

    /// <summary>Numbers in all.</summary>
    public nint Length => 9 * Channels * Atoms;
}

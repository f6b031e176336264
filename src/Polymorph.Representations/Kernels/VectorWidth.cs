namespace Polymorph.Representations.Kernels;

/// <summary>Lanes of a kernel. Tests force each; the product takes the widest that the machine has.</summary>
internal enum VectorWidth
{
    Best,
    Sixteen,
    Eight,
    Four,
}

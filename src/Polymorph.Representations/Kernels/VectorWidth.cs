namespace Polymorph.Representations.Kernels;

/// <summary>Lanes of a kernel. Tests force each; the product takes the widest that the machine has.</summary>
internal enum VectorWidth
{
    Best = 0,
    Four = 4,
    Eight = 8,
    Sixteen = 16,
}

using Polymorph.Structures;

namespace Polymorph.Energies.TensorNet;

/// <summary>Two atoms (or images) within the cutoff: the edge first → second along the offset, and the edge back along its opposite.</summary>
/// <param name="First">Index of an atom.</param>
/// <param name="Second">Index of the other, or the same for an atom and its image.</param>
/// <param name="Offset">v = position of the second's image − position of the first, Å.</param>
/// <param name="Distance">d = |v|, Å.</param>
internal readonly record struct EdgePair(int First, int Second, Vector3D Offset, double Distance);

/// <summary>The graph of a crystal: every pair within the cutoff once.</summary>
/// <param name="Species">Species index z of each atom, [atoms].</param>
/// <param name="Pairs">[pairs].</param>
internal sealed record TensorNetGraph(int[] Species, List<EdgePair> Pairs)
{
    /// <summary>Finds the pairs.</summary>
    /// <param name="structure">A crystal of known elements.</param>
    /// <param name="neighbours">Its neighbours within the cutoff.</param>
    /// <param name="weights">Species.</param>
    public static TensorNetGraph Create(Structure structure, NeighborList neighbours, TensorNetWeights weights)
    {
        var pairs = new List<EdgePair>(neighbours.PairCount / 2);
        for (int i = 0; i < structure.AtomCount; i++)
        {
            foreach (var n in neighbours.Of(i))
            {
                if (n.Index > i || (n.Index == i && n.Image > CellImage.Home))
                {
                    pairs.Add(new(i, n.Index, n.Offset, n.Distance));
                }
            }
        }

        return new([.. structure.Species.Select(weights.IndexOf)], pairs);
    }

    /// <summary>Forces and ∂E/∂ε from the pairs' gradients ∂E/∂v, [pairs], eV/Å.</summary>
    public (Vector3D[] Forces, StressTensor Virial) Collect(ReadOnlySpan<Vector3D> gradients)
    {
        var forces = new Vector3D[Species.Length];
        StressTensor virial = default;
        for (int p = 0; p < gradients.Length; p++)
        {
            var pair = Pairs[p];
            forces[pair.First] += gradients[p];
            forces[pair.Second] -= gradients[p];
            virial += StressTensor.Virial(pair.Offset, gradients[p]);
        }

        return (forces, virial);
    }
}

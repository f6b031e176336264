using System.Collections.Immutable;
using System.Numerics;

namespace Polymorph.Energies.Ani;

/// <summary>The networks of the elements present in a structure, without the weights of descriptor entries that are zero for all its atoms. Read by all threads.</summary>
internal sealed class AniPackedSet
{
    /// <summary>Packs.</summary>
    /// <param name="model">The model.</param>
    /// <param name="hidden">Other layers by element.</param>
    /// <param name="mask">Bit t is set when element t is present.</param>
    public AniPackedSet(AniModel model, IReadOnlyList<AniHiddenLayers> hidden, ulong mask)
    {
        Mask = mask;
        Present = BitOperations.PopCount(mask);
        int elements = model.Elements.Length;
        int[] present = [.. Enumerable.Range(0, elements).Where(t => (mask >> t & 1) != 0)];
        Slots = [.. Enumerable.Range(0, elements).Select(t => Array.IndexOf(present, t))];
        var features = new List<int>();
        foreach (int t in present)
        {
            features.AddRange(Enumerable.Range(AniSymmetryFunctions.Radial(t), AniSymmetryFunctions.RadialBlock));
        }

        for (int a = 0; a < Present; a++)
        {
            for (int b = a; b < Present; b++)
            {
                features.AddRange(Enumerable.Range(AniSymmetryFunctions.Angular(elements, present[a], present[b]), AniSymmetryFunctions.AngularBlock));
            }
        }

        Networks = [.. Enumerable.Range(0, elements).Select(t => Slots[t] < 0 ? null : new AniPackedNetwork(hidden[t], [.. features], model.Alpha))];
    }

    /// <summary>Bit t is set when element t is present.</summary>
    public ulong Mask { get; }

    /// <summary>Number of elements present.</summary>
    public int Present { get; }

    /// <summary>Place of each element among those present, −1 for the others.</summary>
    public ImmutableArray<int> Slots { get; }

    /// <summary>Networks by element; null for elements that are not present.</summary>
    public ImmutableArray<AniPackedNetwork?> Networks { get; }
}

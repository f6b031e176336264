using System.Collections.Immutable;
using System.Security.Cryptography;
using Polymorph.Structures;

namespace Polymorph.Studies.Relaxations;

/// <summary>A structure to be relaxed.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Key">Name of its geometry: equal for equal species, positions and cell.</param>
/// <param name="Start">The structure.</param>
/// <param name="FixedAtoms">Atoms that stay where they are.</param>
public sealed record RelaxationCandidate(string Id, string Key, Structure Start, ImmutableArray<int> FixedAtoms)
{
    /// <summary>Property with the number of generated structures for which a selected one stands.</summary>
    public const string SizeProperty = "cluster_size";

    /// <summary>Property with the number of generated structures that are the same molecule.</summary>
    public const string RepeatsProperty = "repeats";

    private const string MaskProperty = "move_mask";

    /// <summary>Generated structures for which this one stands.</summary>
    public long Size => Count(SizeProperty);

    /// <summary>True for what a selection picked, one of each cluster.</summary>
    public bool IsRepresentative => Start.Properties.ContainsKey(SizeProperty);

    /// <summary>Generated structures that are the same molecule.</summary>
    public long Repeats => Count(RepeatsProperty);

    /// <summary>A candidate with the atoms fixed that its <c>move_mask</c> (of ASE, or selective dynamics of a POSCAR) fixes along all axes.</summary>
    /// <param name="structure">The structure; its property <c>id</c> names it, else its place in a file.</param>
    /// <param name="fixedAtoms">More atoms that stay.</param>
    public static RelaxationCandidate Of(Structure structure, IEnumerable<int>? fixedAtoms = null)
    {
        ArgumentNullException.ThrowIfNull(structure);
        string id = structure.Properties.GetValueOrDefault("id") as string ?? structure.Id;
        return new RelaxationCandidate(id, KeyOf(structure), structure, [.. Masked(structure).Concat(fixedAtoms ?? []).Distinct().Order()]);
    }

    private static IEnumerable<int> Masked(Structure structure) =>
        structure.AtomProperties.TryGetValue(MaskProperty, out var mask) && mask.Kind == 'L'
            ? Enumerable.Range(0, structure.AtomCount).Where(i => Enumerable.Range(0, mask.Columns).All(k => mask.Values[i * mask.Columns + k] is false))
            : [];

    private static string KeyOf(Structure s)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        GeometryHash.Append(hash, s);
        foreach (int fixedAtom in Masked(s))
        {
            GeometryHash.Append(hash, fixedAtom);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..24];
    }

    private long Count(string property) => Start.Properties.GetValueOrDefault(property) switch { long n and > 0 => n, int n and > 0 => n, _ => 1 };
}

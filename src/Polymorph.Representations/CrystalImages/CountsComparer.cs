using System.Collections.Immutable;

namespace Polymorph.Representations.CrystalImages;

/// <summary>Compares lists of counts, first element first.</summary>
public sealed class CountsComparer : IEqualityComparer<ImmutableArray<int>>, IComparer<ImmutableArray<int>>
{
    /// <summary>The only one.</summary>
    public static CountsComparer Instance { get; } = new();

    /// <inheritdoc/>
    public bool Equals(ImmutableArray<int> x, ImmutableArray<int> y) => x.AsSpan().SequenceEqual(y.AsSpan());

    /// <inheritdoc/>
    public int GetHashCode(ImmutableArray<int> obj)
    {
        var hash = new HashCode();
        foreach (int count in obj)
        {
            hash.Add(count);
        }

        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public int Compare(ImmutableArray<int> x, ImmutableArray<int> y) => x.AsSpan().SequenceCompareTo(y.AsSpan());
}

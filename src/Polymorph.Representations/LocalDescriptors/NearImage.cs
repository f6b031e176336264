namespace Polymorph.Representations.LocalDescriptors;

/// <summary>The images along one axis from near to far. With f the fractional difference after subtraction of its nearest integer and s its sign,
/// they lie at f, f − s, f + s, f − 2s, f + 2s, …</summary>
internal static class NearImage
{
    /// <summary>The multiple of s that image number <paramref name="rank"/> adds to f.</summary>
    public static int Shift(int rank) => (rank & 1) == 1 ? -(rank + 1) / 2 : rank / 2;
}

namespace Polymorph.Selection;

/// <summary>Structures that can be made again at any time, by index: a set of generators, or positions in memory.</summary>
public interface IStructureSource
{
    /// <summary>Writes the positions of consecutive structures; the same indices always give the same bits. Used by one thread at a time.</summary>
    /// <param name="first">Index of the first.</param>
    /// <param name="count">How many.</param>
    /// <param name="positions">[count × atoms × 3], Å, overwritten.</param>
    void Fill(int first, int count, Span<float> positions);
}

/// <summary>Says why a structure shall go no further; null lets it pass. Called by several threads, for each index once.</summary>
/// <param name="index">Index of the structure.</param>
/// <param name="positions">[atoms × 3], Å.</param>
public delegate Loss? StructureScreen(int index, ReadOnlySpan<float> positions);

/// <summary>The key that equal structures share, such as a SMILES; called in the order of the indices.</summary>
/// <param name="index">Index of the structure.</param>
public delegate string StructureKey(int index);

/// <summary>A number that structures of one topology share, such as a hash of their bond graph. Called by several threads.</summary>
/// <param name="index">Index of the structure.</param>
/// <param name="positions">[atoms × 3], Å.</param>
public delegate ulong StructureTopology(int index, ReadOnlySpan<float> positions);

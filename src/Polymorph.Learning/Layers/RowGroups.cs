namespace Polymorph.Learning.Layers;

/// <summary>Weighted means over runs of consecutive rows, one mean per group; rows that are equal everywhere may stand once, as a shared last row.</summary>
/// <remarks>Mean of group g = Weight[g] · (sum of its rows) + SharedWeight[g] · (shared row).</remarks>
/// <param name="capacity">Largest number of groups.</param>
public sealed class RowGroups(int capacity)
{
    /// <summary>First row of each group.</summary>
    public int[] Start { get; } = new int[capacity];

    /// <summary>Rows of each group.</summary>
    public int[] Length { get; } = new int[capacity];

    /// <summary>Factor of the group's own rows.</summary>
    public double[] Weight { get; } = new double[capacity];

    /// <summary>Factor of the shared row.</summary>
    public double[] SharedWeight { get; } = new double[capacity];

    /// <summary>Groups in use.</summary>
    public int Count { get; set; }

    /// <summary>Rows in use, the shared one included.</summary>
    public int Rows { get; set; }

    /// <summary>Index of the shared row, -1 if there is none.</summary>
    public int Shared { get; set; } = -1;
}

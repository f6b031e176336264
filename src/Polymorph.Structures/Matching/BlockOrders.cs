namespace Polymorph.Structures.Matching;

/// <summary>The ways to rename the elements of one crystal so that the proportions become those of another.</summary>
internal static class BlockOrders
{
    /// <summary>For each way, for each element block of the target the block of the mapped crystal.</summary>
    /// <param name="mapped">A crystal with as many elements as the target.</param>
    /// <param name="target">The other crystal.</param>
    public static IEnumerable<int[]> Of(PreparedCrystal mapped, PreparedCrystal target)
    {
        var order = new int[target.Blocks.Length];
        Array.Fill(order, -1);
        return Fill(mapped, target, order, 0);
    }

    private static IEnumerable<int[]> Fill(PreparedCrystal mapped, PreparedCrystal target, int[] order, int at)
    {
        if (at == order.Length)
        {
            yield return (int[])order.Clone();
            yield break;
        }

        for (int k = 0; k < order.Length; k++)
        {
            bool sameShare = (long)mapped.Blocks[k].Count * target.SiteCount == (long)target.Blocks[at].Count * mapped.SiteCount;
            if (sameShare && !order.AsSpan(0, at).Contains(k))
            {
                order[at] = k;
                foreach (int[] full in Fill(mapped, target, order, at + 1))
                {
                    yield return full;
                }
            }
        }
    }
}

using Polymorph.Structures.Matching.Kernels;

namespace Polymorph.Structures.Matching;

/// <summary>The quick test of a translation: every target site needs a like mapped site within a box of fractional coordinates.</summary>
internal static class BoxTest
{
    /// <summary>True when every site has one.</summary>
    /// <param name="task">The crystals.</param>
    /// <param name="mapped">The mapped sites in the target's cell.</param>
    /// <param name="shift">What is added to the target's coordinates.</param>
    /// <param name="box">Half edges of the box, the border belongs to it.</param>
    /// <param name="budget">Steps allowed.</param>
    public static bool Passes(SearchTask task, SiteArrays mapped, Vector3D shift, Vector3D box, ref WorkBudget budget)
    {
        var target = task.Target;
        for (int b = 0; b < target.Blocks.Length; b++)
        {
            var block = target.Blocks[b];
            int start = mapped.StartOf(b);
            for (int j = block.Start; j < block.End; j++)
            {
                if (!budget.Take(block.Count) || !HasNear(mapped, start, start + block.Count, target[j] + shift, box))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private static bool HasNear(SiteArrays mapped, int from, int to, Vector3D f, Vector3D box)
    {
        for (int i = from; i < to; i++)
        {
            var w = ImageMetric.Wrap(mapped[i] - f);
            if (Math.Abs(w.X) <= box.X && Math.Abs(w.Y) <= box.Y && Math.Abs(w.Z) <= box.Z)
            {
                return true;
            }
        }

        return false;
    }
}

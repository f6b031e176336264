namespace Polymorph.Structures.Cells;

/// <summary>Sublattices of a given index, each once, as Hermite normal forms [[a, b, c], [0, e, f], [0, 0, g]] with a·e·g the index, b and c below a, f below e.</summary>
internal static class HermiteForms
{
    /// <summary>All forms of an index in a fixed order: a ascending, then e, then b, c, f.</summary>
    /// <param name="determinant">The index, at least 1.</param>
    public static IEnumerable<IntegerMatrix> OfDeterminant(int determinant)
    {
        for (int a = 1; a <= determinant; a++)
        {
            if (determinant % a != 0)
            {
                continue;
            }

            int rest = determinant / a;
            for (int e = 1; e <= rest; e++)
            {
                if (rest % e != 0)
                {
                    continue;
                }

                for (int index = 0; index < a * a * e; index++)
                {
                    yield return new IntegerMatrix((a, index / e / a, index / e % a), (0, e, index % e), (0, 0, rest / e));
                }
            }
        }
    }
}

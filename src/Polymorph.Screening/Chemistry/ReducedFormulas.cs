using Polymorph.Structures;

namespace Polymorph.Screening.Chemistry;

/// <summary>All reduced formulas of some elements up to given amounts: the compositions that a study may ask for.</summary>
public static class ReducedFormulas
{
    /// <summary>Formulas with at least one atom of each element and no common divisor, in the order of their amounts.</summary>
    /// <param name="most">Elements with the largest amount of each.</param>
    public static IEnumerable<Composition> UpTo(IReadOnlyList<KeyValuePair<Element, int>> most)
    {
        ArgumentNullException.ThrowIfNull(most);
        return From(0, 0, []);

        IEnumerable<Composition> From(int at, int divisor, IEnumerable<Element> atoms)
        {
            if (at == most.Count)
            {
                return divisor == 1 ? [new Composition(atoms)] : [];
            }

            return Enumerable.Range(1, most[at].Value).SelectMany(n => From(at + 1, GreatestDivisor(n, divisor), atoms.Concat(Enumerable.Repeat(most[at].Key, n))));
        }
    }

    internal static int GreatestDivisor(int a, int b) => b == 0 ? a : GreatestDivisor(b, a % b);
}

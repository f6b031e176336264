using System.Globalization;
using System.Text;

namespace Polymorph.Structures;

/// <summary>How many atoms of each element: the formula of a molecule or of a cell.</summary>
public sealed class Composition : IEquatable<Composition>
{
    private readonly SortedDictionary<Element, int> _counts = [];

    /// <summary>The composition of a list of atoms.</summary>
    /// <param name="species">The element of every atom.</param>
    public Composition(IEnumerable<Element> species)
    {
        foreach (var element in species)
        {
            _counts[element] = _counts.GetValueOrDefault(element) + 1;
        }
    }

    /// <summary>Elements in the order of their atomic numbers, with their counts.</summary>
    public IReadOnlyDictionary<Element, int> Counts => _counts;

    /// <summary>Number of atoms.</summary>
    public int AtomCount => _counts.Values.Sum();

    /// <summary>Formula in Hill order: C, H, then alphabetical; alphabetical throughout without carbon.</summary>
    public string Formula
    {
        get
        {
            bool organic = _counts.ContainsKey(new Element(6));
            var text = new StringBuilder();
            foreach (var (element, count) in _counts
                .OrderBy(e => organic ? (e.Key.Number == 6 ? 0 : e.Key.Number == 1 ? 1 : 2) : 0)
                .ThenBy(e => e.Key.Symbol, StringComparer.Ordinal))
            {
                text.Append(element.Symbol);
                if (count > 1)
                {
                    text.Append(count.ToString(CultureInfo.InvariantCulture));
                }
            }

            return text.ToString();
        }
    }

    /// <summary>Reads a formula such as <c>C5H12O</c> or <c>Ca(OH)2</c>.</summary>
    /// <param name="formula">Element symbols with whole counts, and brackets.</param>
    /// <exception cref="FormatException">Not a formula, an unknown element, a count of zero, or no atom at all; the message says which.</exception>
    public static Composition Parse(string formula) => new(ParseSpecies(formula));

    /// <summary>The atoms of a formula in the order written: <c>C5H12O</c> gives 5 C, 12 H, 1 O.</summary>
    /// <param name="formula">Element symbols with whole counts, and brackets.</param>
    /// <exception cref="FormatException">Not a formula, an unknown element, a count of zero, or no atom at all; the message says which.</exception>
    public static IReadOnlyList<Element> ParseSpecies(string formula)
    {
        int at = 0;
        var species = Group(formula, ref at, depth: 0);
        if (at < formula.Length)
        {
            throw new FormatException($"'{formula}': unexpected '{formula[at]}' at position {at + 1}");
        }

        return species.Count > 0 ? species : throw new FormatException($"'{formula}' has no atoms");
    }

    /// <inheritdoc/>
    public bool Equals(Composition? other) => other is not null && _counts.SequenceEqual(other._counts);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Composition);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var (element, count) in _counts)
        {
            hash.Add(element);
            hash.Add(count);
        }

        return hash.ToHashCode();
    }

    /// <summary>The formula in Hill order.</summary>
    public override string ToString() => Formula;

    private static List<Element> Group(string formula, ref int at, int depth)
    {
        const int maxAtoms = 1_000_000;
        var atoms = new List<Element>();
        while (at < formula.Length && formula[at] != ')')
        {
            List<Element> part;
            if (formula[at] == '(' && depth < 16)
            {
                at++;
                part = Group(formula, ref at, depth + 1);
                if (at >= formula.Length)
                {
                    throw new FormatException($"'{formula}': a bracket is not closed");
                }

                at++;
            }
            else
            {
                int start = at++;
                while (at < formula.Length && char.IsAsciiLetterLower(formula[at]))
                {
                    at++;
                }

                part = Element.TryParse(formula.AsSpan(start, at - start), out var element)
                    ? [element]
                    : throw new FormatException($"'{formula}': '{formula[start..at]}' is not a chemical element");
            }

            int digits = at;
            while (at < formula.Length && char.IsAsciiDigit(formula[at]))
            {
                at++;
            }

            int count = 1;
            if (at > digits && !(int.TryParse(formula.AsSpan(digits, at - digits), NumberStyles.None, CultureInfo.InvariantCulture, out count)
                && count > 0 && (long)count * part.Count + atoms.Count <= maxAtoms))
            {
                throw new FormatException($"'{formula}': the count {formula[digits..at]} is not between 1 and {maxAtoms} atoms");
            }

            for (int i = 0; i < count; i++)
            {
                atoms.AddRange(part);
            }
        }

        return atoms;
    }
}

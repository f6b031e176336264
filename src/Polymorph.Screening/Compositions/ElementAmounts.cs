using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Polymorph.Selection.Metrics;
using Polymorph.Structures;

namespace Polymorph.Screening.Compositions;

/// <summary>How much of each element a formula holds; amounts may be broken (<c>Li0.5Fe2O4</c>), unlike those of a <see cref="Composition"/>.</summary>
public sealed class ElementAmounts
{
    // Amounts this near to whole numbers are whole.
    private const double Whole = 1e-8;

    private const int LargestDenominator = 1000;
    private const double MostAtoms = 1e9;

    private readonly double[] _amounts;
    private string? _reduced;

    /// <summary>A composition; elements of amount zero are dropped.</summary>
    /// <param name="amounts">Elements, each once, with amounts of zero or more.</param>
    /// <param name="formula">The formula as its source writes it; null for the order of <see cref="ReducedFormula"/>.</param>
    /// <exception cref="ArgumentException">An amount is negative or not finite, or there is no atom at all.</exception>
    public ElementAmounts(IEnumerable<KeyValuePair<Element, double>> amounts, string? formula = null)
    {
        var present = amounts.Where(a => a.Value != 0).OrderBy(a => a.Key).ToArray();
        if (present.Length == 0 || present.Any(a => !(a.Value > 0 && a.Value <= MostAtoms)))
        {
            throw new ArgumentException("a composition has amounts of zero or more, and not all of them zero", nameof(amounts));
        }

        Elements = [.. present.Select(a => a.Key)];
        _amounts = Array.ConvertAll(present, a => a.Value);
        Total = _amounts.Sum();
        foreach (var element in Elements)
        {
            ElementSet |= UInt128.One << element.Number;
        }

        Formula = formula ?? Ordered(_amounts);
    }

    /// <summary>The composition of a formula of whole numbers.</summary>
    /// <param name="composition">Counts of the elements.</param>
    public ElementAmounts(Composition composition)
        : this((composition ?? throw new ArgumentNullException(nameof(composition))).Counts.Select(c => KeyValuePair.Create(c.Key, (double)c.Value)))
    {
    }

    /// <summary>The elements present, by atomic number.</summary>
    public ImmutableArray<Element> Elements { get; }

    /// <summary>Amount of each of <see cref="Elements"/>, atoms per formula.</summary>
    public ReadOnlySpan<double> Amounts => _amounts;

    /// <summary>Atoms per formula.</summary>
    public double Total { get; }

    /// <summary>One bit per element present: bit Z for the element of atomic number Z.</summary>
    public UInt128 ElementSet { get; }

    /// <summary>The formula as it was written.</summary>
    public string Formula { get; }

    /// <summary>The formula with the smallest whole amounts, the same for every way to write one composition: elements from the least to the most electronegative, organic ones in Hill order.</summary>
    public string ReducedFormula => _reduced ??= Ordered(Reduced());

    /// <summary>Atoms in <see cref="ReducedFormula"/>.</summary>
    public double ReducedTotal => Reduced().Sum();

    /// <summary>Amount of an element; zero when it is absent.</summary>
    /// <param name="element">The element.</param>
    public double this[Element element] => Elements.IndexOf(element) is var at and >= 0 ? _amounts[at] : 0;

    /// <summary>Reads a formula such as <c>Mg0.5(OH)2</c>.</summary>
    /// <param name="formula">Element symbols with amounts and brackets.</param>
    /// <exception cref="FormatException">Not a formula; the message says why.</exception>
    public static ElementAmounts Parse(string formula)
    {
        ArgumentNullException.ThrowIfNull(formula);
        int at = 0;
        var amounts = new Dictionary<Element, double>();
        AddGroup(formula, ref at, depth: 0, amounts);
        if (at < formula.Length)
        {
            throw new FormatException($"'{formula}': unexpected '{formula[at]}' at position {at + 1}");
        }

        return amounts.Values.Sum() is > 0 and <= MostAtoms ? new ElementAmounts(amounts, formula) : throw new FormatException($"'{formula}' has no atoms, or far too many");
    }

    /// <summary>Fractions of atoms of some elements, in their order.</summary>
    /// <param name="elements">Elements of a system that holds this composition.</param>
    /// <param name="fractions">[elements], overwritten.</param>
    public void Fractions(ReadOnlySpan<Element> elements, Span<double> fractions)
    {
        for (int k = 0; k < elements.Length; k++)
        {
            fractions[k] = this[elements[k]] / Total;
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Formula;

    private static void AddGroup(string formula, ref int at, int depth, Dictionary<Element, double> amounts)
    {
        while (at < formula.Length && formula[at] != ')')
        {
            var part = new Dictionary<Element, double>();
            if (formula[at] == '(' && depth < 16)
            {
                at++;
                AddGroup(formula, ref at, depth + 1, part);
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

                part[Element.TryParse(formula.AsSpan(start, at - start), out var element) ? element : throw new FormatException($"'{formula}': '{formula[start..at]}' is not a chemical element")] = 1;
            }

            double factor = Factor(formula, ref at);
            foreach (var (element, amount) in part)
            {
                amounts[element] = amounts.GetValueOrDefault(element) + factor * amount;
            }
        }
    }

    private static double Factor(string formula, ref int at)
    {
        int start = at;
        while (at < formula.Length && (char.IsAsciiDigit(formula[at]) || formula[at] == '.'))
        {
            at++;
        }

        return at == start ? 1
            : double.TryParse(formula.AsSpan(start, at - start), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double factor) ? factor
            : throw new FormatException($"'{formula}': '{formula[start..at]}' is not a number");
    }

    // Broken amounts become whole where a denominator up to 1000 makes them so; else the largest is 1.
    private double[] Reduced()
    {
        for (int factor = 1; factor <= LargestDenominator; factor++)
        {
            if (Array.TrueForAll(_amounts, a => Math.Abs(a * factor - Math.Round(a * factor)) <= Whole * factor && a * factor >= 0.5))
            {
                long divisor = 0;
                foreach (double amount in _amounts)
                {
                    divisor = GreatestDivisor((long)Math.Round(amount * factor), divisor);
                }

                return Array.ConvertAll(_amounts, a => Math.Round(a * factor) / divisor);
            }
        }

        double largest = _amounts.Max();
        return Array.ConvertAll(_amounts, a => Math.Round(a / largest, 6));
    }

    private static long GreatestDivisor(long a, long b) => b == 0 ? a : GreatestDivisor(b, a % b);

    // Organic formulas in Hill order, others from the least to the most electronegative element: CH4O, and ZnO instead of OZn.
    private string Ordered(double[] amounts)
    {
        bool organic = Elements.Contains(new Element(6)) && Elements.Contains(new Element(1));
        var text = new StringBuilder();
        foreach (int i in Enumerable.Range(0, Elements.Length)
            .OrderBy(i => !organic ? 0 : Elements[i].Number == 6 ? 0 : Elements[i].Number == 1 ? 1 : 2)
            .ThenBy(i => organic ? 0 : OxidationTable.Smact2014.Electronegativity(Elements[i]) ?? double.MaxValue)
            .ThenBy(i => Elements[i].Symbol, StringComparer.Ordinal))
        {
            text.Append(Elements[i].Symbol);
            if (amounts[i] != 1)
            {
                text.Append(amounts[i].ToString("0.######", CultureInfo.InvariantCulture));
            }
        }

        return text.ToString();
    }
}

using System.Collections.Immutable;
using System.Globalization;
using Polymorph.Foundation;
using Polymorph.Representations.CrystalImages;
using Polymorph.Structures;

namespace Polymorph.Selection.Compositions;

/// <summary>The cells of a formula that an image layout can hold.</summary>
public static class CellCompositions
{
    /// <summary>All cells with the proportions of a formula within the caps, the smallest first.</summary>
    /// <param name="formula">A formula such as <c>Mg2MnO4</c>; <c>Mg4Mn2O8</c> means the same.</param>
    /// <param name="layout">Elements and caps.</param>
    /// <exception cref="PolymorphException">PM5060: not a formula; PM5062: an element the layout does not have; PM5061: not even one formula unit fits, or an element is missing.</exception>
    public static ImmutableArray<ImmutableArray<int>> OfFormula(string formula, CrystalImageLayout layout)
    {
        var unit = Reduced(Counts(formula, layout));
        if (!Fits(unit, layout))
        {
            throw Outside(formula, unit, layout);
        }

        var cells = ImmutableArray.CreateBuilder<ImmutableArray<int>>();
        for (int multiple = 1; unit.Select(n => n * multiple).ToImmutableArray() is var cell && Fits(cell, layout); multiple++)
        {
            cells.Add(cell);
        }

        return cells.ToImmutable();
    }

    /// <summary>Exactly the cell that a formula names.</summary>
    /// <param name="formula">A formula such as <c>Mg4Mn2O8</c>.</param>
    /// <param name="layout">Elements and caps.</param>
    /// <exception cref="PolymorphException">PM5060: not a formula; PM5062: an element the layout does not have; PM5061: outside the caps.</exception>
    public static ImmutableArray<int> OfCell(string formula, CrystalImageLayout layout)
    {
        var cell = Counts(formula, layout);
        return Fits(cell, layout) ? cell : throw Outside(formula, cell, layout);
    }

    /// <summary>Counts divided by their greatest common divisor.</summary>
    /// <param name="counts">Atoms of each element.</param>
    public static ImmutableArray<int> Reduced(ImmutableArray<int> counts)
    {
        int divisor = counts.Aggregate(0, (a, b) => (int)System.Numerics.BigInteger.GreatestCommonDivisor(a, b));
        return [.. counts.Select(n => n / Math.Max(1, divisor))];
    }

    /// <summary>The formula in the order of the layout's elements, such as <c>Mg2MnO4</c>.</summary>
    /// <param name="counts">Atoms of each element.</param>
    /// <param name="layout">Elements.</param>
    public static string Formula(ImmutableArray<int> counts, CrystalImageLayout layout)
    {
        ArgumentNullException.ThrowIfNull(layout);
        return string.Concat(layout.Blocks.Zip(counts, (block, n) => n == 0 ? "" : block.Element.Symbol + (n == 1 ? "" : n.ToString(CultureInfo.InvariantCulture))));
    }

    private static ImmutableArray<int> Counts(string formula, CrystalImageLayout layout)
    {
        ArgumentNullException.ThrowIfNull(layout);
        Composition composition;
        try
        {
            composition = Composition.Parse(formula);
        }
        catch (FormatException e)
        {
            throw new PolymorphException("PM5060", e.Message, formula, "Write element symbols with counts, such as Mg2MnO4.", ExitCode.Usage, e);
        }

        foreach (var element in composition.Counts.Keys.Where(e => layout.BlockOf(e) < 0))
        {
            throw new PolymorphException("PM5062", $"the model does not know {element}; its elements are {string.Join(", ", layout.Blocks.Select(b => b.Element))}", formula,
                "Ask for a composition of these elements, or train a model on structures that have it.", ExitCode.Usage);
        }

        return [.. layout.Blocks.Select(b => composition.Counts.GetValueOrDefault(b.Element))];
    }

    private static bool Fits(ImmutableArray<int> counts, CrystalImageLayout layout) => layout.Blocks.Zip(counts).All(b => b.Second >= 1 && b.Second <= b.First.Cap);

    private static PolymorphException Outside(string formula, ImmutableArray<int> counts, CrystalImageLayout layout)
    {
        var (block, count) = layout.Blocks.Zip(counts).First(b => b.Second < 1 || b.Second > b.First.Cap);
        return new PolymorphException("PM5061", string.Create(CultureInfo.InvariantCulture, $"{Formula(counts, layout)} has {count} atoms of {block.Element}, and the model's cells have from 1 to {block.Cap}"), formula,
            "Ask for a composition within the caps; 'polymorph compositions' lists them. Larger caps need a model trained with them ('data prepare crystal-gan --elements').", ExitCode.Usage);
    }
}

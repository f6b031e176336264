using System.Collections.Immutable;
using System.Globalization;
using Polymorph.Foundation;
using Polymorph.Structures;

namespace Polymorph.Selection.Compositions;

/// <summary>Between which mean oxidation states an element may lie.</summary>
/// <param name="Element">The element.</param>
/// <param name="Lowest">Lowest mean oxidation state.</param>
/// <param name="Highest">Highest mean oxidation state.</param>
public readonly record struct OxidationRange(Element Element, double Lowest, double Highest)
{
    // Elements with one state in nearly all their solids.
    private static readonly ImmutableDictionary<string, int> UsualStates =
        "Li 1, Na 1, K 1, Rb 1, Cs 1, Be 2, Mg 2, Ca 2, Sr 2, Ba 2, Zn 2, Cd 2, Al 3, Ga 3, Sc 3, Y 3, La 3, Zr 4, Hf 4, O -2, F -1"
            .Split(", ").Select(entry => entry.Split(' ')).ToImmutableDictionary(entry => entry[0], entry => int.Parse(entry[1], CultureInfo.InvariantCulture), StringComparer.Ordinal);

    /// <summary>Reads <c>Mn=2..4</c> or <c>Mg=2</c>.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="PolymorphException">PM5063: something else.</exception>
    public static OxidationRange Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        string[] ends = equals < 0 ? [] : text[(equals + 1)..].Split("..");
        return ends.Length is 1 or 2 && Element.TryParse(text.AsSpan(0, equals).Trim(), out var element)
            && Number(ends[0]) is { } lowest && Number(ends[^1]) is { } highest && lowest <= highest
            ? new OxidationRange(element, lowest, highest)
            : throw new PolymorphException("PM5063", $"'{text}' is not an oxidation state or a range of them", null, "Write Mn=2..4, or Mg=2.", ExitCode.Usage);
    }

    /// <summary>The state that an element has in nearly all its solids; null for elements with several.</summary>
    /// <param name="element">The element.</param>
    public static int? Usual(Element element) => UsualStates.TryGetValue(element.Symbol, out int state) ? state : null;

    /// <summary>The range of an element: as given, or its usual state.</summary>
    /// <param name="element">The element.</param>
    /// <param name="given">Ranges that the user gave.</param>
    /// <exception cref="PolymorphException">PM5064: it is not given, and the element has several usual states.</exception>
    public static OxidationRange For(Element element, IEnumerable<OxidationRange> given)
    {
        var own = given.Where(r => r.Element == element).ToList();
        return own.Count > 0 ? own[^1]
            : Usual(element) is { } state ? new OxidationRange(element, state, state)
            : throw new PolymorphException("PM5064", $"{element} has several common oxidation states", null, $"Say which: --oxidation-state {element}=2..4.", ExitCode.Usage);
    }

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && Math.Abs(value) <= 12 ? value : null;
}

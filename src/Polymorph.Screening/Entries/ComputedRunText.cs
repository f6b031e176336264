using System.Globalization;
using Polymorph.Foundation;
using Polymorph.Screening.Corrections;
using Polymorph.Structures;

namespace Polymorph.Screening.Entries;

/// <summary>Reads how an energy was computed from the texts of a table or of a structure's properties.</summary>
internal static class ComputedRunText
{
    private static readonly char[] Between = [',', ';', ' '];

    /// <summary>The run.</summary>
    /// <param name="runType">GGA or GGA+U; null when nobody says.</param>
    /// <param name="hubbards">U of elements, eV, such as <c>Mn:3.9 Fe:5.3</c>; null for none.</param>
    /// <param name="states">Mean oxidation states, such as <c>N:-3 H:1</c>; null when they are to be told from the formula.</param>
    /// <param name="crystal">The crystal, whose distances tell how its oxygen is bound; null to tell it from the formula.</param>
    /// <param name="place">Where they stand.</param>
    /// <returns>Null without a run type.</returns>
    /// <exception cref="PolymorphException">PM5211: not a list of elements with numbers.</exception>
    public static ComputedRun? Of(string? runType, string? hubbards, string? states, Structure? crystal, string place) => string.IsNullOrWhiteSpace(runType) ? null
        : new ComputedRun(runType.Trim(), Numbers(hubbards, "hubbards", place), Numbers(states, "oxidation_states", place), crystal is null ? null : OxideClasses.Of(crystal));

    private static Dictionary<Element, double> Numbers(string? text, string name, string place)
    {
        var numbers = new Dictionary<Element, double>();
        foreach (string part in (text ?? "").Split(Between, StringSplitOptions.RemoveEmptyEntries))
        {
            string[] sides = part.Split(':');
            if (sides.Length != 2 || !Element.TryParse(sides[0], out var element) || !double.TryParse(sides[1], NumberStyles.Float, CultureInfo.InvariantCulture, out double number) || !double.IsFinite(number) || !numbers.TryAdd(element, number))
            {
                throw new PolymorphException("PM5211", $"'{part}' in '{name}' is no element with a number", place, "Write each element once, such as Mn:3.9 Fe:5.3.");
            }
        }

        return numbers;
    }
}

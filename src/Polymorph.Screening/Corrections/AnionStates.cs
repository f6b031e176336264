using Polymorph.Screening.Chemistry;
using Polymorph.Screening.Compositions;
using Polymorph.Structures;

namespace Polymorph.Screening.Corrections;

/// <summary>Tells which elements of a formula have a negative oxidation state, where every neutral choice of states says the same.</summary>
/// <remarks>States are those met in the ICSD. The scheme's authors take the most frequent choice instead, for which frequencies would be needed: where choices differ, nothing is said here.</remarks>
public static class AnionStates
{
    private const int MostChoices = 5000;
    private const int MostAtoms = 200;

    /// <summary>A state of each of these elements that every choice agrees on in sign.</summary>
    /// <param name="composition">The formula.</param>
    /// <param name="elements">Elements of it.</param>
    /// <returns>The states of one choice, empty when no choice is neutral, and the elements whose sign is not certain.</returns>
    public static (IReadOnlyDictionary<Element, double> States, IReadOnlyList<Element> Uncertain) Of(ElementAmounts composition, IReadOnlyList<Element> elements)
    {
        ArgumentNullException.ThrowIfNull(composition);
        ArgumentNullException.ThrowIfNull(elements);
        if (elements.Count == 0)
        {
            return (new Dictionary<Element, double>(), []);
        }

        var reduced = ElementAmounts.Parse(composition.ReducedFormula);
        if (reduced.Total > MostAtoms || reduced.Elements.Any(e => reduced[e] != Math.Round(reduced[e])))
        {
            return (new Dictionary<Element, double>(), elements);
        }

        var whole = new Composition(reduced.Elements.SelectMany(e => Enumerable.Repeat(e, (int)reduced[e])));
        var choices = MixedValence.MeanStates(whole, OxidationLists.Icsd).Take(MostChoices).ToList();
        var states = new Dictionary<Element, double>();
        var uncertain = new List<Element>();
        foreach (var element in choices.Count > 0 ? elements : [])
        {
            int at = reduced.Elements.IndexOf(element);
            double[] found = [.. choices.Select(c => c[at])];
            if (choices.Count == MostChoices || found.Any(s => s < 0) && found.Any(s => s >= 0))
            {
                uncertain.Add(element);
            }
            else
            {
                states[element] = found[0];
            }
        }

        return (states, uncertain);
    }
}

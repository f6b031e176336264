using Polymorph.Foundation;

namespace Polymorph.Studies.Screening.Steps;

/// <summary>Gaps that candidates carry as a property of their file, eV.</summary>
internal sealed class PropertyGap : IGapSource
{
    private readonly string _name;

    /// <summary>Checks that some candidate has the property.</summary>
    /// <param name="name">Name of the property.</param>
    /// <param name="place">Where the recipe names it.</param>
    /// <param name="context">The screening.</param>
    /// <exception cref="PolymorphException">PM7407: none has it.</exception>
    public PropertyGap(string name, string place, ScreeningContext context)
    {
        _name = name;
        if (!context.Candidates.Any(c => Number(c, name) is not null))
        {
            string[] present = [.. context.Candidates.SelectMany(c => c.Start?.Properties.Keys ?? []).Distinct().Order(StringComparer.Ordinal)];
            string hint = NearestName.Hint(name, present);
            throw new PolymorphException("PM7407", $"no candidate has the number '{name}'", place, hint.Length > 0 ? hint : present.Length > 0 ? $"Present are: {string.Join(", ", present)}." : "The candidates have no properties.");
        }
    }

    /// <inheritdoc/>
    public string Method => $"property {_name} of the candidates";

    /// <summary>A number of a candidate's file; null when it is absent, or no finite number.</summary>
    /// <param name="candidate">The candidate.</param>
    /// <param name="name">Name of the property.</param>
    public static double? Number(ScreeningCandidate candidate, string name) =>
        candidate.Start?.Properties.GetValueOrDefault(name) switch { double real when double.IsFinite(real) => real, long whole => whole, int whole => whole, _ => null };

    /// <inheritdoc/>
    public StepValue Of(ScreeningCandidate candidate, ValueCache? kept) => Number(candidate, _name) is { } gap ? StepValue.Of(gap) : StepValue.Unknown("no-gap", $"it has no number '{_name}'");
}

using Polymorph.Foundation;

namespace Polymorph.Studies.Screening.Steps;

/// <summary>The sources of band gaps by their names in recipes.</summary>
internal static class GapSources
{
    private const string Property = "property:", Table = "table:", None = "none";

    /// <summary>Opens a source.</summary>
    /// <param name="method"><c>property:NAME</c>, <c>table:FILE</c>, <c>none</c>.</param>
    /// <param name="place">Where the recipe names it.</param>
    /// <param name="context">The screening.</param>
    /// <exception cref="PolymorphException">PM7105: there is no such source; PM7407: no candidate has the property; those of tables.</exception>
    public static IGapSource Open(string method, string place, ScreeningContext context) =>
        method.StartsWith(Property, StringComparison.Ordinal) ? new PropertyGap(method[Property.Length..], place, context)
        : method.StartsWith(Table, StringComparison.Ordinal) ? new TableGap(method[Table.Length..])
        : method == None ? new NoGap()
        : throw ScreeningKeys.StepMethod.Wrong(method, place, $"'{Property}NAME', '{Table}FILE' or '{None}'");

    /// <summary>A source that is declared to be missing.</summary>
    private sealed class NoGap : IGapSource
    {
        public string Method => "no source of gaps is named: values stay unknown";

        public StepValue Of(ScreeningCandidate candidate) => StepValue.Unknown("no-source", "the recipe names no source of gaps");
    }
}

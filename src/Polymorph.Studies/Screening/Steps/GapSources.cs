using Polymorph.Foundation;

namespace Polymorph.Studies.Screening.Steps;

/// <summary>The sources of band gaps by their names in recipes.</summary>
internal static class GapSources
{
    private const string Property = "property:", Table = "table:", None = "none";

    /// <summary>Stands before the name or file of a crystal graph network.</summary>
    public const string Cgcnn = "cgcnn:";

    /// <summary>Opens a source.</summary>
    /// <param name="method"><c>property:NAME</c>, <c>table:FILE</c>, <c>cgcnn:MODEL</c>, <c>none</c>.</param>
    /// <param name="place">Where the recipe names it.</param>
    /// <param name="level">What the recipe says its gaps are.</param>
    /// <param name="context">The screening.</param>
    /// <exception cref="PolymorphException">PM7105: there is no such source; PM7407: no candidate has the property; PM7412: a model that gives no gaps in eV, or a level that is not its own; those of tables and models.</exception>
    public static IGapSource Open(string method, string place, string level, ScreeningContext context) =>
        method.StartsWith(Property, StringComparison.Ordinal) ? new PropertyGap(method[Property.Length..], place, context)
        : method.StartsWith(Table, StringComparison.Ordinal) ? new TableGap(method[Table.Length..])
        : method.StartsWith(Cgcnn, StringComparison.Ordinal) ? new CgcnnGap(method[Cgcnn.Length..], level, place)
        : method == None ? new NoGap()
        : throw ScreeningKeys.StepMethod.Wrong(method, place, $"'{Property}NAME', '{Table}FILE', '{Cgcnn}MODEL' or '{None}'");

    /// <summary>A source that is declared to be missing.</summary>
    private sealed class NoGap : IGapSource
    {
        public string Method => "no source of gaps is named: values stay unknown";

        public StepValue Of(ScreeningCandidate candidate, ValueCache? kept) => StepValue.Unknown("no-source", "the recipe names no source of gaps");
    }
}

using Polymorph.Foundation;

namespace Polymorph.Screening.Entries;

/// <summary>A table of one value per name, perhaps with its uncertainty: CSV, JSON or JSON Lines.</summary>
public static class ValueTable
{
    /// <summary>Reads a table.</summary>
    /// <param name="path">The file; it has the column <c>id</c>.</param>
    /// <param name="column">Column of the value.</param>
    /// <param name="uncertainty">Column of the uncertainty; it may be absent.</param>
    /// <exception cref="PolymorphException">PM5200 to PM5203, PM5205, PM5209.</exception>
    public static IReadOnlyDictionary<string, (double Value, double? Uncertainty)> Read(string path, string column, string uncertainty)
    {
        ArgumentNullException.ThrowIfNull(path);
        var values = new Dictionary<string, (double, double?)>(StringComparer.Ordinal);
        foreach (var row in EntryTable.Read(path))
        {
            string id = row.Text("id");
            double? spread = row.NumberIfAny(uncertainty);
            if (spread < 0)
            {
                throw new PolymorphException("PM5203", $"'{uncertainty}' is below zero", row.Place, "Write how far the truth may lie from the value.");
            }

            if (!values.TryAdd(id, (row.Number(column), spread)))
            {
                throw new PolymorphException("PM5205", $"the id '{id}' occurs twice", row.Place, "Keep one row for each id.");
            }
        }

        return values;
    }
}

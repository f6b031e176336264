using System.Globalization;
using System.Text;

namespace Polymorph.Selection;

/// <summary>How often a model made a molecule.</summary>
/// <param name="Model">The model.</param>
/// <param name="Count">How often.</param>
public sealed record ModelCount(string Model, long Count);

/// <summary>One molecule and who found it.</summary>
/// <param name="Smiles">Its canonical name.</param>
/// <param name="Models">Models that made it, with counts; empty when none did.</param>
public sealed record IsomerRow(string Smiles, IReadOnlyList<ModelCount> Models)
{
    /// <summary>How often it was made.</summary>
    public long Count => Models.Sum(m => m.Count);
}

/// <summary>What one model yielded.</summary>
/// <param name="Model">The model.</param>
/// <param name="Generated">Structures made.</param>
/// <param name="Valid">Those that are valid molecules.</param>
/// <param name="KnownFound">Different known isomers among them.</param>
public sealed record ModelYield(string Model, long Generated, long Valid, int KnownFound);

/// <summary>Which known isomers were found, by which models, how often; and what else valid was found.</summary>
/// <param name="Generated">Structures judged.</param>
/// <param name="Known">The known isomers in their given order.</param>
/// <param name="Others">Valid molecules not in the list, the most frequent first.</param>
/// <param name="Models">Yield of each model.</param>
public sealed record IsomerTable(long Generated, IReadOnlyList<IsomerRow> Known, IReadOnlyList<IsomerRow> Others, IReadOnlyList<ModelYield> Models)
{
    private const int ModelsShown = 4;

    /// <summary>Number of known isomers found.</summary>
    public int Found => Known.Count(r => r.Count > 0);

    /// <summary>Structures that are valid molecules.</summary>
    public long Valid => Known.Concat(Others).Sum(r => r.Count);

    /// <summary>Valid structures beyond the first of each molecule.</summary>
    public long Duplicates => Known.Concat(Others).Sum(r => Math.Max(0, r.Count - 1));

    /// <summary>The table as text; its last line reads <c>N of M isomers found</c>.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        int width = Known.Concat(Others).Select(r => r.Smiles.Length).Append("isomer".Length).Max();
        text.Append(CultureInfo.InvariantCulture, $"{"isomer".PadRight(width)}  {"found",9}  models\n");
        foreach (var row in Known)
        {
            Append(row);
        }

        if (Others.Count > 0)
        {
            text.Append("valid, not in the list\n");
        }

        foreach (var row in Others)
        {
            Append(row);
        }

        text.Append(CultureInfo.InvariantCulture, $"{Valid:N0} of {Generated:N0} structures are valid molecules, {Duplicates:N0} of them repeats\n");
        return text.Append(CultureInfo.InvariantCulture, $"{Found} of {Known.Count} isomers found\n").ToString();

        void Append(IsomerRow row)
        {
            string count = row.Count > 0 ? row.Count.ToString("N0", CultureInfo.InvariantCulture) : "-";
            text.Append($"{row.Smiles.PadRight(width)}  {count,9}  {Finders(row)}".TrimEnd()).Append('\n');
        }
    }

    private static string Finders(IsomerRow row)
    {
        var first = row.Models.OrderByDescending(m => m.Count).ThenBy(m => m.Model, StringComparer.Ordinal).Take(ModelsShown);
        string names = string.Join(", ", first.Select(m => string.Create(CultureInfo.InvariantCulture, $"{m.Model} ({m.Count:N0})")));
        return row.Models.Count > ModelsShown ? $"{names} and {row.Models.Count - ModelsShown} more" : names;
    }
}

using System.Globalization;

namespace Polymorph.Representations.Fingerprints;

/// <summary>Reads the tables in the assembly: lines of cells between commas, comments behind <c>#</c>, one line of headings.</summary>
internal static class EmbeddedTable
{
    /// <summary>The rows behind the headings.</summary>
    /// <param name="name">Name of the resource.</param>
    public static IEnumerable<string[]> Rows(string name)
    {
        using var reader = new StreamReader(typeof(EmbeddedTable).Assembly.GetManifestResourceStream(name)!);
        bool headings = true;
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('#'))
            {
                continue;
            }

            if (!headings)
            {
                yield return line.Split(',');
            }

            headings = false;
        }
    }

    /// <summary>A number; NaN for an empty cell.</summary>
    /// <param name="cell">Its text.</param>
    public static double Number(string cell) => cell.Length == 0 ? double.NaN : double.Parse(cell, NumberStyles.Float, CultureInfo.InvariantCulture);
}

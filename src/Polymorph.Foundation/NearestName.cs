namespace Polymorph.Foundation;

/// <summary>Finds the known name that a misspelt one most likely meant.</summary>
public static class NearestName
{
    /// <summary>The candidate with the smallest edit distance, or null when none is within a third of the name's length (at least 2).</summary>
    /// <param name="name">What the user wrote.</param>
    /// <param name="known">The names that exist.</param>
    public static string? Of(string name, IEnumerable<string> known)
    {
        var (best, distance) = known
            .Select(k => (Name: k, Distance: EditDistance(name.ToLowerInvariant(), k.ToLowerInvariant())))
            .DefaultIfEmpty((Name: "", Distance: int.MaxValue))
            .MinBy(k => k.Distance);
        return distance <= Math.Max(2, name.Length / 3) ? best : null;
    }

    /// <summary>A sentence such as <c>Did you mean 'epochs'?</c>, or an empty string when nothing is near.</summary>
    /// <param name="name">What the user wrote.</param>
    /// <param name="known">The names that exist.</param>
    public static string Hint(string name, IEnumerable<string> known) => Of(name, known) is { } near ? $"Did you mean '{near}'?" : "";

    private static int EditDistance(string a, string b)
    {
        var row = new int[b.Length + 1];
        for (int j = 0; j <= b.Length; j++)
        {
            row[j] = j;
        }

        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int above = row[j];
                row[j] = Math.Min(Math.Min(above, row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[b.Length];
    }
}

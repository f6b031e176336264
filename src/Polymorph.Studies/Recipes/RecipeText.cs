using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Polymorph.Studies.Recipes;

/// <summary>Writes recipe values as YAML that reads back to the same values.</summary>
internal static class RecipeText
{
    /// <summary>The YAML text.</summary>
    /// <param name="values">Values to write.</param>
    /// <param name="title">Comment lines at the top.</param>
    /// <param name="describe">True to end each line with the key's description.</param>
    /// <param name="relativeTo">Paths inside this folder are written relative to it, so that the folder can be moved; null leaves them.</param>
    public static string Write(RecipeValues values, string title, bool describe, string? relativeTo)
    {
        var text = new StringBuilder();
        foreach (string line in title.Split('\n'))
        {
            text.Append("# ").Append(line).Append('\n');
        }

        foreach (var section in RecipeKeys.All.Where(values.Has).Select(k => k.Section).Concat(values.ListedModels.IsEmpty ? [] : [RecipeKeys.ModelsSection]).Distinct().OrderBy(Order))
        {
            if (section.Length > 0)
            {
                text.Append(section).Append(":\n");
            }

            if (section == RecipeKeys.ModelsSection && !values.ListedModels.IsEmpty)
            {
                foreach (var model in values.ListedModels)
                {
                    text.Append("  - {").AppendJoin(", ", RecipeKeys.OfListedModel.Where(model.Has).Select(k => $"{k.Name}: {Value(k, model, relativeTo)}")).Append("}\n");
                }

                continue;
            }

            foreach (var key in RecipeKeys.All.Where(k => k.Section == section && values.Has(k)))
            {
                text.Append(section.Length > 0 ? "  " : "").Append(key.Name).Append(": ").Append(Value(key, values, relativeTo))
                    .Append(describe ? $"  # {key.Description}" : "").Append('\n');
            }
        }

        return text.ToString();
    }

    private static int Order(string section) => section.Length == 0 ? -1 : RecipeKeys.Sections.IndexOf(section);

    private static string Value(RecipeKey key, RecipeValues values, string? relativeTo)
    {
        var words = values.All(key).Select(v => key.Kind switch
        {
            RecipeKind.Path => Quoted(Inside(v, relativeTo)),
            RecipeKind.Text => Quoted(v),
            _ => v,
        }).ToList();
        return words.Count == 1 && key.Counts.IsEmpty ? words[0] : $"[{string.Join(", ", words)}]";
    }

    private static string Inside(string path, string? folder) =>
        folder is not null && Path.IsPathFullyQualified(path) && Path.GetRelativePath(folder, path) is var relative && !relative.StartsWith("..", StringComparison.Ordinal)
            ? relative.Replace('\\', '/')
            : path;

    // A JSON string is a double-quoted YAML scalar.
    internal static string Quoted(string text) => $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";
}

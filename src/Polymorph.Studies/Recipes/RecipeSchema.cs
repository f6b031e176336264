using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Polymorph.Studies.Recipes;

/// <summary>The JSON Schema of recipes, for editors that complete and check YAML; <c>docs/recipe.schema.json</c> is its published copy.</summary>
public static class RecipeSchema
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, IndentSize = 2, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The schema as text.</summary>
    public static string Text
    {
        get
        {
            var properties = Properties(RecipeKeys.All, "");
            foreach (string section in RecipeKeys.Sections)
            {
                var map = Map(RecipeKeys.All, section);
                properties[section] = section == RecipeKeys.ModelsSection
                    ? new JsonObject { ["oneOf"] = new JsonArray(map, new JsonObject { ["type"] = "array", ["minItems"] = 1, ["items"] = Map(RecipeKeys.OfListedModel, section) }) }
                    : map;
            }

            return new JsonObject
            {
                ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
                ["title"] = "Polymorph recipe",
                ["type"] = "object",
                ["additionalProperties"] = false,
                ["properties"] = properties,
            }.ToJsonString(Indented) + "\n";
        }
    }

    private static JsonObject Map(ImmutableArray<RecipeKey> keys, string section) =>
        new() { ["type"] = "object", ["additionalProperties"] = false, ["properties"] = Properties(keys, section) };

    private static JsonObject Properties(ImmutableArray<RecipeKey> keys, string section) =>
        new(keys.Where(k => k.Section == section).Select(k => KeyValuePair.Create<string, JsonNode?>(k.Name, Property(k))));

    private static JsonObject Property(RecipeKey key)
    {
        if (!key.Counts.IsEmpty)
        {
            return Array(key, key.Counts.Min(), key.Counts.Max());
        }

        var single = Value(key);
        if (key.IsList)
        {
            single = new JsonObject { ["oneOf"] = new JsonArray(single, Array(key, 1, null)) };
        }

        single["description"] = key.Description;
        return single;
    }

    private static JsonObject Array(RecipeKey key, int least, int? most)
    {
        var array = new JsonObject { ["type"] = "array", ["minItems"] = least, ["items"] = Value(key) };
        if (most is { } count)
        {
            array["maxItems"] = count;
            array["description"] = key.Description;
        }

        return array;
    }

    private static JsonObject Value(RecipeKey key)
    {
        var value = new JsonObject { ["type"] = key.Kind switch { RecipeKind.Whole => "integer", RecipeKind.Real => "number", RecipeKind.Switch => "boolean", _ => "string" } };
        if (!key.Choices.IsEmpty)
        {
            value["enum"] = new JsonArray([.. key.Choices.Select(c => (JsonNode)c)]);
        }

        if (key.Smallest > double.MinValue)
        {
            value["minimum"] = key.Smallest;
        }

        if (key.Largest < double.MaxValue)
        {
            value["maximum"] = key.Largest;
        }

        return value;
    }
}

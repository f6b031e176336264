using System.Collections.Immutable;

namespace Polymorph.Studies.Recipes;

/// <summary>A piece of a recipe that remembers where it was written.</summary>
/// <param name="Place"><c>recipe.yaml:12</c>, or the option of the command line.</param>
internal abstract record RecipeNode(string Place);

/// <summary>A single value, as text.</summary>
internal sealed record RecipeScalar(string Text, string Place) : RecipeNode(Place);

/// <summary>A list of values.</summary>
internal sealed record RecipeList(ImmutableArray<RecipeNode> Items, string Place) : RecipeNode(Place);

/// <summary>Keys with values, in the order written.</summary>
internal sealed record RecipeMap(ImmutableArray<RecipeEntry> Entries, string Place) : RecipeNode(Place);

/// <summary>One key of a map.</summary>
/// <param name="Key">Its name.</param>
/// <param name="Place">Where the key stands.</param>
/// <param name="Value">What it holds.</param>
internal sealed record RecipeEntry(string Key, string Place, RecipeNode Value);

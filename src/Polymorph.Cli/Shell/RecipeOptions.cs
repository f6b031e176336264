using System.CommandLine;
using Polymorph.Studies.Recipes;

namespace Polymorph.Cli.Shell;

/// <summary>Options of the command line that stand for keys of a recipe: <c>--r-cut 5,6</c> is <c>models: {r_cut: [5, 6]}</c>.</summary>
internal sealed class RecipeOptions
{
    private readonly List<(RecipeKey Key, Option<string[]> Option)> _options = [];
    private readonly List<(RecipeKey Key, Option<bool?> Option)> _switches = [];

    /// <summary>Adds an option to a verb for each key.</summary>
    /// <param name="verb">The verb.</param>
    /// <param name="keys">Keys with different names.</param>
    public RecipeOptions(Command verb, IEnumerable<RecipeKey> keys)
    {
        foreach (var key in keys)
        {
            if (key.Kind == RecipeKind.Switch)
            {
                var flag = new Option<bool?>(key.OptionName) { Description = key.Description, Arity = ArgumentArity.ZeroOrOne };
                _switches.Add((key, flag));
                verb.Add(flag);
                continue;
            }

            var option = new Option<string[]>(key.OptionName) { Description = Describe(key), HelpName = HelpName(key), Arity = ArgumentArity.OneOrMore };
            _options.Add((key, option));
            verb.Add(option);
        }
    }

    /// <summary>What the user gave; paths are absolute.</summary>
    /// <param name="call">The call.</param>
    /// <exception cref="Foundation.PolymorphException">PM7105: a value does not fit.</exception>
    public RecipeValues Read(Invocation call)
    {
        var values = new RecipeValues();
        foreach (var (key, option) in _options)
        {
            if (call.Value(option) is { Length: > 0 } words)
            {
                // A path may hold a comma; numbers and words of a list are separated by one.
                bool split = key.Kind is not (RecipeKind.Path or RecipeKind.Text);
                values.Set(key, split ? [.. words.SelectMany(w => w.Split(',', StringSplitOptions.TrimEntries))] : words, key.OptionName);
            }
        }

        foreach (var (key, option) in _switches.Where(s => call.IsGiven(s.Option)))
        {
            values.Set(key, [call.Value(option) is false ? "false" : "true"], key.OptionName);
        }

        values.AnchorPaths(Environment.CurrentDirectory);
        return values;
    }

    private static string Describe(RecipeKey key) => key.IsList && key.Kind == RecipeKind.Path
        ? $"{key.Description} May be repeated."
        : key.IsList ? $"{key.Description} Several: 1,2,3." : key.Description;

    private static string HelpName(RecipeKey key) => key.Kind switch
    {
        RecipeKind.Path => "file",
        RecipeKind.Text => "text",
        RecipeKind.Choice => string.Join('|', key.Choices),
        _ => key.Counts.IsEmpty ? "number" : string.Join(',', Enumerable.Repeat("number", key.Counts[0])),
    };
}

using System.CommandLine;

namespace Polymorph.Cli.Shell;

/// <summary>Options that hold one of a few words; a wrong one is told what there is.</summary>
internal static class ChoiceOption
{
    /// <summary>An option; its default when it is not given.</summary>
    /// <param name="name">For example <c>--scale</c>.</param>
    /// <param name="description">One sentence.</param>
    /// <param name="byDefault">The value without the option.</param>
    /// <param name="choices">The words in small letters with their values.</param>
    public static Option<T> Of<T>(string name, string description, T byDefault, params (string Word, T Value)[] choices)
    {
        var option = new Option<T>(name) { Description = description, HelpName = string.Join('|', choices.Select(c => c.Word)) };
        if (!EqualityComparer<T>.Default.Equals(byDefault, default))
        {
            option.DefaultValueFactory = _ => byDefault;
        }

        option.CustomParser = result =>
        {
            string word = result.Tokens[0].Value;
            foreach (var (known, value) in choices)
            {
                if (known.Equals(word, StringComparison.OrdinalIgnoreCase))
                {
                    return value;
                }
            }

            result.AddError($"{name} expects {string.Join(" or ", choices.Select(c => c.Word))}, not '{word}'.");
            return byDefault;
        };
        return option;
    }
}

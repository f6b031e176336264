using System.CommandLine;
using System.Globalization;
using System.Numerics;

namespace Polymorph.Cli.Shell;

/// <summary>Options that hold a number within a range; a wrong value names the range.</summary>
internal static class NumberOption
{
    /// <summary>An option with one number; null when it is not given.</summary>
    /// <param name="name">For example <c>--epochs</c>.</param>
    /// <param name="description">One sentence.</param>
    /// <param name="smallest">Smallest allowed value.</param>
    /// <param name="largest">Largest allowed value.</param>
    public static Option<T?> Of<T>(string name, string description, T smallest, T largest)
        where T : struct, INumber<T>
    {
        var option = new Option<T?>(name) { Description = description, HelpName = typeof(T) == typeof(double) ? "number" : "count" };
        option.CustomParser = result =>
        {
            string word = result.Tokens[0].Value;
            if (T.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value >= smallest && value <= largest)
            {
                return value;
            }

            result.AddError(string.Create(CultureInfo.InvariantCulture, $"{name} expects a number from {smallest} to {largest}, not '{word}'."));
            return null;
        };
        return option;
    }
}

using System.CommandLine;
using System.CommandLine.Parsing;

using Polymorph.Foundation;

namespace Polymorph.Cli.Shell;

/// <summary>Finds what is wrong with a command line and says it with the nearest name that would be right.</summary>
/// <remarks>System.CommandLine takes an unknown option for a positional argument, so every word that looks like an option is checked here.</remarks>
internal static class WordCheck
{
    /// <summary>Throws for an unknown verb or option, a missing or surplus word, and a value that cannot be read.</summary>
    /// <param name="parsed">The parsed command line.</param>
    /// <exception cref="PolymorphException">PM1001 to PM1003.</exception>
    public static void ThrowIfWrong(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        string name = FullName(command);
        var options = KnownOptions(command);
        string? unknown = parsed.Tokens
            .TakeWhile(token => token.Type != TokenType.DoubleDash)
            .Where(token => token.Type == TokenType.Argument && LooksLikeAnOption(token.Value))
            .Select(token => token.Value.Split('=', ':')[0])
            .FirstOrDefault();
        if (unknown is not null)
        {
            throw Usage("PM1001", $"unknown option '{unknown}' of '{name}'.", Hint(unknown, options), name);
        }

        if (command is not Verb)
        {
            var verbs = command.Subcommands.Where(c => !c.Hidden).Select(c => c.Name);
            throw parsed.UnmatchedTokens is [var word, ..]
                ? Usage("PM1002", $"unknown verb '{word}'.", Hint(word, verbs), name)
                : Usage("PM1002", $"'{name}' needs one of {string.Join(", ", verbs)}.", "", name);
        }

        if (parsed.UnmatchedTokens is [var surplus, ..])
        {
            throw Usage("PM1003", $"'{surplus}' is one word too many for '{name}'.", "", name);
        }

        if (parsed.Errors is [var error, ..])
        {
            throw Usage("PM1003", error.Message.TrimEnd('.') + ".", "", name);
        }
    }

    private static PolymorphException Usage(string code, string reason, string hint, string command) =>
        new(code, reason, null, $"{hint}{(hint.Length > 0 ? " " : "")}'{command} --help' shows what is possible.", ExitCode.Usage);

    private static string Hint(string word, IEnumerable<string> known) => NearestName.Hint(word, known);

    // A lone '-' is standard input, '-5' and '-.5' are numbers.
    private static bool LooksLikeAnOption(string word) => word.Length > 1 && word[0] == '-' && !char.IsAsciiDigit(word[1]) && word[1] != '.';

    private static IEnumerable<string> KnownOptions(Command command)
    {
        for (Command? at = command; at is not null; at = at.Parents.OfType<Command>().FirstOrDefault())
        {
            foreach (var option in at.Options.Where(o => !o.Hidden && (at == command || o.Recursive)))
            {
                yield return option.Name;
            }
        }
    }

    private static string FullName(Command command)
    {
        var names = new List<string>();
        for (Command? at = command; at is not null; at = at.Parents.OfType<Command>().FirstOrDefault())
        {
            names.Insert(0, at is RootCommand ? "polymorph" : at.Name);
        }

        return string.Join(' ', names);
    }
}

using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Polymorph.Cli.Shell;

/// <summary>The usual help page followed by command lines that work as they stand.</summary>
/// <param name="page">The usual page.</param>
internal sealed class HelpWithExamples(HelpAction page) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        page.Invoke(parseResult);
        var output = parseResult.InvocationConfiguration.Output;
        IReadOnlyList<string> examples = parseResult.CommandResult.Command is Verb verb
            ? verb.Examples
            : ["polymorph demo", "polymorph VERB --help"];
        output.WriteLine(examples.Count == 1 ? "Example:" : "Examples:");
        foreach (string example in examples)
        {
            output.WriteLine($"  {example}");
        }

        output.WriteLine();
        return 0;
    }
}

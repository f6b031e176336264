using System.CommandLine;

using Polymorph.Foundation;

namespace Polymorph.Cli.Shell;

/// <summary>One verb of the command line. A verb declares its options in its constructor and does its work in <see cref="Run"/>.</summary>
internal abstract class Verb : Command
{
    /// <summary>Declares the verb; <c>--json</c> and <c>--help</c> come by themselves.</summary>
    /// <param name="name">What the user types.</param>
    /// <param name="summary">One sentence for the list of verbs.</param>
    /// <param name="examples">Command lines that work as they stand, shown by <c>--help</c>.</param>
    protected Verb(string name, string summary, params string[] examples)
        : base(name, summary)
    {
        Examples = examples;
        Add(Json);
    }

    /// <summary>Command lines shown by <c>--help</c>.</summary>
    public IReadOnlyList<string> Examples { get; }

    /// <summary>Machine-readable results.</summary>
    public Option<bool> Json { get; } = new("--json") { Description = "Print the result as one JSON object with a versioned 'schema'." };

    /// <summary>Whether a call that was stopped has saved what it had done, so that the same command continues.</summary>
    public virtual bool IsResumable => false;

    /// <summary>Does the work.</summary>
    /// <param name="call">The parsed options and the terminal.</param>
    /// <exception cref="PolymorphException">Something the user can mend.</exception>
    /// <exception cref="OperationCanceledException">The user stopped it.</exception>
    public abstract ExitCode Run(Invocation call);
}

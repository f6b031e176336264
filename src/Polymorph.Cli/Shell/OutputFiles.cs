using Polymorph.Foundation;

namespace Polymorph.Cli.Shell;

/// <summary>Keeps what is read from being overwritten by what is drawn of it.</summary>
internal static class OutputFiles
{
    /// <summary>Refuses an output that is an input or another output.</summary>
    /// <param name="inputs">Files that are read.</param>
    /// <param name="outputs">Files to be written; null for one that is not asked for.</param>
    /// <exception cref="PolymorphException">PM1003.</exception>
    public static void RequireApart(IEnumerable<string?> inputs, IEnumerable<string?> outputs)
    {
        var taken = inputs.OfType<string>().Select(Path.GetFullPath).ToHashSet(StringComparer.Ordinal);
        foreach (string output in outputs.OfType<string>())
        {
            if (!taken.Add(Path.GetFullPath(output)))
            {
                throw new PolymorphException("PM1003", $"'{output}' would be written over another file of this command.", null, "Give the output a name of its own.", ExitCode.Usage);
            }
        }
    }
}

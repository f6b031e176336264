using System.Text;

namespace Polymorph.Cli.Shell;

/// <summary>Where a command writes: results to <see cref="Output"/>, everything else to <see cref="Error"/>.</summary>
/// <param name="Output">Standard output.</param>
/// <param name="Error">Standard error.</param>
/// <param name="IsInteractive">True when a person watches standard error: progress may redraw its lines.</param>
internal sealed record Terminal(TextWriter Output, TextWriter Error, bool IsInteractive)
{
    /// <summary>The process's own streams, UTF-8 without a byte-order mark.</summary>
    public static Terminal OfProcess()
    {
        // CI systems and TERM=dumb give a terminal that cannot move its cursor.
        bool interactive = !Console.IsErrorRedirected
            && Environment.GetEnvironmentVariable("CI") != "true"
            && Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb");
        return new Terminal(Writer(Console.OpenStandardOutput()), Writer(Console.OpenStandardError()), interactive);
    }

    private static StreamWriter Writer(Stream stream) => new(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true };
}

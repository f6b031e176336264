using System.Globalization;

using Polymorph.Foundation;

namespace Polymorph.Cli.Shell;

/// <summary>Prints an error as code, place, reason and next step.</summary>
internal static class ErrorReport
{
    /// <summary>One message, at most two lines.</summary>
    /// <param name="error">Standard error.</param>
    /// <param name="exception">What went wrong.</param>
    public static void Write(TextWriter error, PolymorphException exception)
    {
        error.WriteLine($"error {exception.Code}{(exception.Place is { Length: > 0 } place ? $" {OneLine(place)}" : "")}: {OneLine(exception.Reason)}");
        if (exception.NextStep is { Length: > 0 } next)
        {
            error.WriteLine($"  {OneLine(next)}");
        }
    }

    /// <summary>A defect of the program: the stack trace goes to a file, the user gets its name.</summary>
    /// <param name="error">Standard error.</param>
    /// <param name="exception">What was not foreseen.</param>
    /// <param name="words">The command line, for the log.</param>
    public static void WriteDefect(TextWriter error, Exception exception, IEnumerable<string> words)
    {
        var now = DateTimeOffset.UtcNow;
        string log = Path.Combine(Path.GetTempPath(), string.Create(CultureInfo.InvariantCulture, $"polymorph-error-{now:yyyyMMdd-HHmmss}-{Environment.ProcessId}.log"));
        string? saved = null;
        try
        {
            File.WriteAllText(log, $"{now:O}\npolymorph {ProductVersion.Text}\n{string.Join(' ', words)}\n{exception}\n");
            saved = $"The details are in {log}; please attach it to a report. ";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A full or read-only disk must not hide the error itself.
        }

        Write(error, new PolymorphException("PM0001", $"an unforeseen error: {exception.GetType().Name}: {exception.Message}", null,
            $"This is a defect of Polymorph. {saved}What was saved before is untouched."));
    }

    // What a file or a program said may hold anything; a terminal obeys control characters.
    private static string OneLine(string text) => string.Concat(text.ReplaceLineEndings(" ").Trim().Select(c => char.IsControl(c) ? '?' : c));
}

using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Polymorph.Cli.Shell;

/// <summary>One call of a verb: its parsed options, its terminal, and the token that Ctrl-C cancels.</summary>
/// <param name="parsed">The parsed command line.</param>
/// <param name="json">The verb's <c>--json</c> option.</param>
/// <param name="terminal">Where to write.</param>
/// <param name="cancellation">Cancelled by Ctrl-C.</param>
internal sealed class Invocation(ParseResult parsed, Option<bool> json, Terminal terminal, CancellationToken cancellation)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Where to write.</summary>
    public Terminal Terminal { get; } = terminal;

    /// <summary>Cancelled by Ctrl-C.</summary>
    public CancellationToken Cancellation { get; } = cancellation;

    /// <summary>True when the user asked for a machine-readable result.</summary>
    public bool IsJson { get; } = parsed.GetValue(json);

    /// <summary>The value of an option, or its default.</summary>
    /// <param name="option">One of the verb's options.</param>
    public T? Value<T>(Option<T> option) => parsed.GetValue(option);

    /// <summary>The value of a positional argument, or its default.</summary>
    /// <param name="argument">One of the verb's arguments.</param>
    public T? Value<T>(Argument<T> argument) => parsed.GetValue(argument);

    /// <summary>True when the user wrote the option himself.</summary>
    /// <param name="option">One of the verb's options.</param>
    public bool IsGiven(Option option) => parsed.GetResult(option) is { Implicit: false };

    /// <summary>A line for a person who watches; never a result.</summary>
    /// <param name="line">One line.</param>
    public void Note(string line) => Terminal.Error.WriteLine(line);

    /// <summary>One result of several, as one line of JSON.</summary>
    /// <param name="document">The result.</param>
    public void Line(JsonObject document) => Terminal.Output.WriteLine(JsonLine.Of(document));

    /// <summary>Prints the result: <paramref name="text"/> for a person, <paramref name="document"/> under <c>--json</c>.</summary>
    /// <param name="schema">Name and version of the document, such as <c>polymorph.doctor/1</c>.</param>
    /// <param name="document">The same content for programs.</param>
    /// <param name="text">Writes the lines for a person.</param>
    public void Result(string schema, JsonObject document, Action<TextWriter> text)
    {
        if (!IsJson)
        {
            text(Terminal.Output);
            return;
        }

        var whole = new JsonObject { ["schema"] = schema };
        foreach (var (key, value) in document)
        {
            whole[key] = value?.DeepClone();
        }

        Terminal.Output.WriteLine(whole.ToJsonString(Indented));
    }
}

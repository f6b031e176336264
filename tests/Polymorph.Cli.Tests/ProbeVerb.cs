using System.CommandLine;
using System.Globalization;
using Polymorph.Cli.Shell;
using Polymorph.Foundation;

namespace Polymorph.Cli.Tests;

/// <summary>A verb that shows what reached it, and fails in a chosen way.</summary>
internal sealed class ProbeVerb : Verb
{
    private readonly Argument<string?> _word = new("WORD") { Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<int?> _epochs = NumberOption.Of("--epochs", "A count.", 1, 10);
    private readonly Option<int?> _shift = NumberOption.Of("--shift", "A signed number.", -10, 10);
    private readonly Option<double?> _rate = NumberOption.Of("--rate", "A real number.", 0.0, 1.0);
    private readonly Option<string> _fail = new("--fail") { Description = "How to fail." };
    private readonly bool _isResumable;

    public ProbeVerb(string name = "probe", bool isResumable = false)
        : base(name, "Shows what reached it.", $"polymorph {name}")
    {
        _isResumable = isResumable;
        Add(_word);
        Add(_epochs);
        Add(_shift);
        Add(_rate);
        Add(_fail);
    }

    public override bool IsResumable => _isResumable;

    public override ExitCode Run(Invocation call)
    {
        switch (call.Value(_fail))
        {
            case "user":
                throw new PolymorphException("PM9001", "the reason.", "file.xyz:3", "The next step.");
            case "defect":
                throw new InvalidOperationException("not foreseen");
            case "stop":
                call.Cancellation.ThrowIfCancellationRequested();
                break;
        }

        call.Terminal.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{call.Value(_word)} {call.Value(_epochs)} {call.Value(_shift)} {call.Value(_rate)}"));
        return ExitCode.Done;
    }
}

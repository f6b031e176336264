using System.Text.Json;
using Polymorph.Cli.Shell;
using Polymorph.Foundation;
using Xunit;

namespace Polymorph.Cli.Tests;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("doctor --jsno", "PM1001", "Did you mean '--json'?")]
    [InlineData("doctor --jsno=1", "PM1001", "Did you mean '--json'?")]
    [InlineData("docter", "PM1002", "Did you mean 'doctor'?")]
    [InlineData("doctor word", "PM1003", "'word' is one word too many")]
    [InlineData("probe --epohcs 5", "PM1001", "Did you mean '--epochs'?")]
    [InlineData("probe --epochs 5.5", "PM1003", "--epochs expects a number from 1 to 10, not '5.5'")]
    [InlineData("probe --epochs 11", "PM1003", "--epochs expects a number from 1 to 10, not '11'")]
    [InlineData("probe --epochs NaN", "PM1003", "--epochs expects a number from 1 to 10, not 'NaN'")]
    [InlineData("probe --rate Infinity", "PM1003", "--rate expects a number from 0 to 1, not 'Infinity'")]
    [InlineData("probe --rate NaN", "PM1003", "--rate expects a number from 0 to 1, not 'NaN'")]
    public void AWrongWordEndsWithCodeTwoAndAHint(string line, string code, string hint)
    {
        var (exit, output, error) = Run(line);
        Assert.Equal((int)ExitCode.Usage, exit);
        Assert.Empty(output);
        Assert.Contains(code, error, StringComparison.Ordinal);
        Assert.Contains(hint, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("probe --epochs 5", "5")]
    [InlineData("probe --shift -5", "-5")]
    [InlineData("probe -", "-")]
    [InlineData("probe -- --looks-like-an-option", "--looks-like-an-option")]
    public void NumbersStandardInputAndQuotedWordsAreNotOptions(string line, string expected)
    {
        var (exit, output, _) = Run(line);
        Assert.Equal(0, exit);
        Assert.Contains(expected, output, StringComparison.Ordinal);
    }

    [Fact]
    public void AnErrorOfTheUserHasCodePlaceReasonAndNextStep()
    {
        var (exit, output, error) = Run("probe --fail user");
        Assert.Equal((int)ExitCode.InputData, exit);
        Assert.Empty(output);
        Assert.Equal($"error PM9001 file.xyz:3: the reason.{Environment.NewLine}  The next step.{Environment.NewLine}", error);
    }

    [Fact]
    public void ADefectNamesALogAndShowsNoStackTrace()
    {
        var (exit, _, error) = Run("probe --fail defect");
        Assert.Equal((int)ExitCode.EngineFailed, exit);
        Assert.Contains("PM0001", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        string log = error.Split("The details are in ")[1].Split(';')[0];
        Assert.Contains("   at ", File.ReadAllText(log), StringComparison.Ordinal);
        File.Delete(log);
    }

    [Theory]
    [InlineData("probe", "is not written")]
    [InlineData("resume", "the same command continues")]
    public void AStopEndsWithCode130(string verb, string says)
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        var (exit, _, error) = Run($"{verb} --fail stop", stop.Token);
        Assert.Equal(130, exit);
        Assert.Contains(says, error, StringComparison.Ordinal);
    }

    [Fact]
    public void EveryVerbHasAnExampleAndJson()
    {
        var verbs = Commands.Verbs.All().SelectMany(WithSubcommands).OfType<Verb>().ToList();
        Assert.NotEmpty(verbs);
        Assert.All(verbs, verb =>
        {
            Assert.NotEmpty(verb.Examples);
            Assert.All(verb.Examples, example => Assert.Contains("polymorph ", example, StringComparison.Ordinal));
            Assert.Contains(verb.Options, option => option.Name == "--json");
        });
    }

    private static IEnumerable<System.CommandLine.Command> WithSubcommands(System.CommandLine.Command command) => [command, .. command.Subcommands.SelectMany(WithSubcommands)];

    [Fact]
    public void DoctorAnswersInJson()
    {
        var (exit, output, _) = Run("doctor --json");
        Assert.Equal(0, exit);
        var answer = JsonDocument.Parse(output).RootElement;
        Assert.Equal("polymorph.doctor/1", answer.GetProperty("schema").GetString());
        Assert.Equal(Environment.ProcessorCount, answer.GetProperty("cores").GetInt32());
    }

    private static (int Exit, string Output, string Error) Run(string line, CancellationToken? stop = null)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var commands = new CommandLine(new Terminal(output, error, IsInteractive: false), [.. Commands.Verbs.All(), new ProbeVerb(), new ProbeVerb("resume", isResumable: true)]);
        int exit = commands.Run(line.Split(' '), stop ?? TestContext.Current.CancellationToken);
        return (exit, output.ToString(), error.ToString());
    }
}

using System.Globalization;
using System.Text.Json.Nodes;
using Polymorph.Cli.Shell;
using Polymorph.Foundation;
using Polymorph.Studies.Stages;

namespace Polymorph.Cli.Commands;

/// <summary>Prints what a study would cost.</summary>
internal static class PriceReport
{
    /// <summary>The price of a dry run.</summary>
    public static ExitCode Print(Invocation call, StudyPrice price)
    {
        var document = new JsonObject
        {
            ["models"] = price.Models,
            ["threads"] = price.Threads,
            ["secondsPerEpoch"] = price.SecondsPerEpoch,
            ["coreSeconds"] = price.CoreSeconds,
            ["seconds"] = price.WallTime.TotalSeconds,
            ["memoryBytes"] = price.MemoryBytes,
            ["diskBytes"] = price.DiskBytes,
        };
        call.Result("polymorph.price/1", document, output =>
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"models     {price.Models}, {price.Threads} at a time"));
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"epoch      {1000 * price.SecondsPerEpoch:0.0} ms on one core"));
            output.WriteLine($"time       {ModelLine.Duration(price.WallTime)} ({ModelLine.Duration(TimeSpan.FromSeconds(price.CoreSeconds))} of one core)");
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"memory     {price.MemoryBytes / 1e6:0} MB"));
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"disk       {price.DiskBytes / 1e6:0} MB with the structures to generate"));
        });
        return ExitCode.Done;
    }
}

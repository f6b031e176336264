using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Polymorph.Cli.Shell;
using Polymorph.Energies;
using Polymorph.Energies.Catalogue;
using Polymorph.Foundation;
using Polymorph.Studies.Stages;

namespace Polymorph.Cli.Commands;

/// <summary>Energies, forces and stresses of the frames of a file.</summary>
internal sealed class EnergyVerb : Verb
{
    private const int IdWidth = 28;
    private const int FormulaWidth = 12;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(5);

    private readonly EngineCatalogue _catalogue;
    private readonly Argument<string> _file = new("FILE") { Description = "A file, a folder, or - for standard input." };
    private readonly Option<string> _engine = new("--engine") { Description = "Engine, as 'potentials list' names it.", HelpName = "name", DefaultValueFactory = _ => EngineCatalogue.Auto };
    private readonly Option<Precision> _precision = ChoiceOption.Of("--precision", "Arithmetic of potentials made of networks: single or double.", Precision.Single, ("single", Precision.Single), ("double", Precision.Double));
    private readonly Option<int?> _threads = NumberOption.Of("--threads", "Structures computed at the same time; by default one per core.", 1, 4096);
    private readonly ReadingOptions _reading;

    public EnergyVerb(EngineCatalogue catalogue)
        : base("energy", "Energy, forces and stress of every frame of a file.", "polymorph energy quartz.cif", "polymorph energy set.extxyz --engine tensornet --json")
    {
        _catalogue = catalogue;
        Json.Description = "Print one JSON object per line, one line per frame.";
        Add(_file);
        Add(_engine);
        _precision.DefaultValueFactory = _ => Precision.Single;
        Add(_precision);
        Add(_threads);
        _reading = new ReadingOptions(this);
    }

    /// <inheritdoc/>
    public override ExitCode Run(Invocation call)
    {
        using var frames = new FrameEnergies(_reading.Entries(call, [call.Value(_file)!], strict: false), _catalogue, call.Value(_engine)!, call.Value(_precision));
        var output = call.Terminal.Output;
        if (!call.IsJson)
        {
            output.WriteLine($"method: {frames.Method}");
            output.WriteLine($"{"id",-IdWidth}  {"formula",-FormulaWidth}  {"energy eV",16}  {"eV/atom",12}  {"max force",10}  {"GPa",10}  {"+- eV/atom",10}");
        }

        // On a screen the rows themselves show how far it is.
        bool speaks = call.IsJson || Console.IsOutputRedirected;
        var clock = Stopwatch.StartNew();
        var next = Patience;
        long done = 0, failed = 0, read = 0;
        foreach (var frame in frames.Run(call.Value(_threads) ?? Environment.ProcessorCount, call.Cancellation))
        {
            output.WriteLine(call.IsJson ? Line(frame, frames.Method) : Row(frame));
            done++;
            read += frame.Structure is null ? 0 : 1;
            failed += frame.Evaluation.Failure is null ? 0 : 1;
            if (speaks && clock.Elapsed >= next)
            {
                next = clock.Elapsed + Between;
                call.Note(string.Create(CultureInfo.InvariantCulture, $"{done:N0} frames, {done / clock.Elapsed.TotalSeconds:N1} per second"));
            }
        }

        if (failed > 0)
        {
            call.Note($"{SummaryReport.Count(failed, "frame has", "frames have")} no energy; {(call.IsJson ? "their lines say" : "the table says")} why.");
        }

        return failed == 0 ? ExitCode.Done : read == 0 ? ExitCode.InputData : failed == done ? ExitCode.EngineFailed : ExitCode.PartlyConverged;
    }

    private static string Row(FrameEnergy frame)
    {
        var e = frame.Evaluation;
        string head = $"{frame.Id,-IdWidth}  {frame.Structure?.Composition.Formula ?? "-",-FormulaWidth}  ";
        if (e.Failure is { } reason)
        {
            return $"{head}failed: {reason}";
        }

        double force = e.Forces.IsDefaultOrEmpty ? 0 : e.Forces.Max(f => f.Length);
        string pressure = e.Stress is { } stress ? (stress.Pressure * StressTensor.GPaPerEVPerCubicAngstrom).ToString("F4", CultureInfo.InvariantCulture) : "-";
        string uncertainty = e.UncertaintyEVPerAtom is { } u ? u.ToString("F4", CultureInfo.InvariantCulture) : "-";
        return string.Create(CultureInfo.InvariantCulture, $"{head}{e.EnergyEV,16:F6}  {e.EnergyEV / frame.Structure!.AtomCount,12:F6}  {force,10:F4}  {pressure,10}  {uncertainty,10}");
    }

    // Without an energy the other keys stay, as null, so that every line has the same keys.
    private static string Line(FrameEnergy frame, string method) => JsonLine.Of(json =>
    {
        var e = frame.Evaluation;
        bool failed = e.Failure is not null;
        json.WriteString("id", frame.Id);
        json.WriteString("formula", frame.Structure?.Composition.Formula);
        json.WriteString("method", method);
        json.NumberOrNull("energyEV", failed ? null : e.EnergyEV);
        if (failed)
        {
            json.WriteNull("forcesEVPerA");
        }
        else
        {
            json.Vectors("forcesEVPerA", e.Forces);
        }

        if (failed || e.Stress is not { } stress)
        {
            json.WriteNull("stressGPa");
        }
        else
        {
            json.Numbers("stressGPa", stress.ToGPa());
        }

        json.NumberOrNull("uncertaintyEVPerAtom", failed ? null : e.UncertaintyEVPerAtom);
        if (e.Failure is { } reason)
        {
            json.WriteString("error", reason);
        }
    });
}

using System.CommandLine;
using System.Globalization;
using Polymorph.Cli.Shell;
using Polymorph.Foundation;
using Polymorph.Models.Cgcnn;
using Polymorph.Screening.Entries;
using Polymorph.Structures;
using Polymorph.Structures.Formats;

namespace Polymorph.Cli.Commands;

/// <summary>Predicts a property of every crystal of a file.</summary>
internal sealed class PredictVerb : Verb
{
    private const int IdWidth = 28;
    private const int FormulaWidth = 12;

    private readonly Argument<string> _file = new("FILE") { Description = "A file, a folder, or - for standard input." };
    private readonly Option<string> _model = new("--model") { Description = "A model file, or the name of an installed model, as 'models list' shows it.", HelpName = "file|name", Required = true };
    private readonly Option<string?> _property = new("--property") { Description = "The property wanted; a model of another one is refused.", HelpName = "name" };
    private readonly Option<int?> _threads = NumberOption.Of("--threads", "Structures at the same time; by default one per core.", 1, 4096);
    private readonly ReadingOptions _reading;

    public PredictVerb()
        : base("predict", "Predict a property of crystals with a crystal graph network; ensembles say how sure they are.", "polymorph predict candidates.extxyz --model band-gap", "polymorph predict quartz.cif --model my-run/model.safetensors --json")
    {
        Json.Description = "Print one JSON object per line, one line per frame.";
        Add(_file);
        Add(_model);
        Add(_property);
        Add(_threads);
        _reading = new ReadingOptions(this);
    }

    /// <inheritdoc/>
    public override ExitCode Run(Invocation call)
    {
        var predictor = CgcnnPredictor.Load(call.Value(_model)!, call.Value(_property));
        var model = predictor.Model;
        var output = call.Terminal.Output;
        if (!call.IsJson)
        {
            output.WriteLine($"{model.Property}{(model.Unit.Length > 0 ? $", {model.Unit}" : "")}: {model.Level}");
            output.WriteLine($"{"id",-IdWidth}  {"formula",-FormulaWidth}  {"value",12}  {"+-",10}");
        }

        long all = 0, failed = 0;
        foreach (var frame in OrderedWork.Each(_reading.Entries(call, [call.Value(_file)!], strict: false), call.Value(_threads) ?? Environment.ProcessorCount, entry => Predict(predictor, entry), call.Cancellation))
        {
            all++;
            failed += frame.Failure is null ? 0 : 1;
            output.WriteLine(call.IsJson ? Line(frame, model) : Row(frame));
        }

        if (failed > 0)
        {
            call.Note($"{SummaryReport.Count(failed, "frame has", "frames have")} no prediction; {(call.IsJson ? "their lines say" : "the table says")} why.");
        }

        call.Note("Such models know relaxed crystals like those they learnt from; for others the error may be many times larger.");
        return failed == 0 ? ExitCode.Done : failed == all ? ExitCode.InputData : ExitCode.PartlyConverged;
    }

    private static Frame Predict(CgcnnPredictor predictor, ReadResult entry)
    {
        if (entry.Structure is not { } structure)
        {
            return new Frame(entry.Rejection!.Place, null, default, PolymorphException.OneLine(entry.Rejection.Code, null, entry.Rejection.Reason, entry.Rejection.NextStep));
        }

        try
        {
            return new Frame(HullEntryFile.NameOf(structure), structure, predictor.Predict(structure), null);
        }
        catch (PolymorphException e)
        {
            return new Frame(HullEntryFile.NameOf(structure), structure, default, PolymorphException.OneLine(e.Code, null, e.Reason, e.NextStep));
        }
    }

    private static string Row(Frame frame)
    {
        string head = $"{frame.Id,-IdWidth}  {frame.Structure?.Composition.Formula ?? "-",-FormulaWidth}  ";
        return frame.Failure is { } reason ? $"{head}failed: {reason}"
            : string.Create(CultureInfo.InvariantCulture, $"{head}{frame.Prediction.Value,12:F4}  {(frame.Prediction.Uncertainty is { } u ? u.ToString("F4", CultureInfo.InvariantCulture) : "-"),10}");
    }

    // Without a value the other keys stay, as null, so that every line has the same keys.
    private static string Line(Frame frame, CgcnnModel model) => JsonLine.Of(json =>
    {
        json.WriteString("id", frame.Id);
        json.WriteString("formula", frame.Structure?.Composition.Formula);
        json.WriteString("property", model.Property);
        json.WriteString("unit", model.Unit);
        json.WriteString("level", model.Level);
        json.NumberOrNull("value", frame.Failure is null ? frame.Prediction.Value : null);
        json.NumberOrNull("uncertainty", frame.Failure is null ? frame.Prediction.Uncertainty : null);
        if (frame.Failure is { } reason)
        {
            json.WriteString("error", reason);
        }
    });

    private sealed record Frame(string Id, Structure? Structure, CgcnnPrediction Prediction, string? Failure);
}

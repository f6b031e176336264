using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Polymorph.Cli.Shell;
using Polymorph.Energies.Neural;
using Polymorph.Energies.Neural.Training;
using Polymorph.Foundation;
using Polymorph.Studies.Runs;

namespace Polymorph.Cli.Commands;

/// <summary>Trains a neural potential on structures with energies and forces.</summary>
internal sealed class PotentialTrainVerb : Verb
{
    private readonly Argument<string[]> _files = new("FILES") { Description = "Frames with energies (eV) and forces (eV/angstrom): extended XYZ, as ASE writes it.", Arity = ArgumentArity.OneOrMore };
    private readonly Option<string> _out = new("--out") { Description = "The potential to write; it must end with .safetensors.", HelpName = "file", Required = true };
    private readonly Option<string?> _method = new("--method") { Description = "Name of the method that goes with the potential's energies; the file's name when left out.", HelpName = "name" };
    private readonly Option<string[]> _test = new("--test") { Description = "Files with held-out frames; the finished potential is tested on them.", HelpName = "file", Arity = ArgumentArity.OneOrMore };
    private readonly Option<string[]> _watch = new("--validation-frames") { Description = "Files with frames to watch and not to learn from, in place of a share of FILES.", HelpName = "file", Arity = ArgumentArity.OneOrMore };
    private readonly Option<double?> _validation = NumberOption.Of("--validation", "Share of the frames that is watched and not learnt from (default 0.1).", 0.01, 0.9);
    private readonly Option<int?> _members = NumberOption.Of("--members", "Networks of the committee (default 4).", 1, 64);
    private readonly Option<double?> _cutoff = NumberOption.Of("--cutoff", "How far an atom sees, in angstrom (default 3.6).", 1.0, 12.0);
    private readonly Option<int?> _order = NumberOption.Of("--max-order", "Order n_max of the descriptor (default 4).", 1, 8);
    private readonly Option<int?> _epochs = NumberOption.Of("--epochs", "Passes over the frames (default 100).", 1, 100_000);
    private readonly Option<int?> _batch = NumberOption.Of("--batch", "Frames per step (default 16).", 1, 4096);
    private readonly Option<double?> _rate = NumberOption.Of("--learning-rate", "Largest step of the optimiser (default 0.002).", 1e-8, 0.5);
    private readonly Option<double?> _decay = NumberOption.Of("--weight-decay", "How strongly weights are pulled to zero (default 0.2).", 0.0, 9.9);
    private readonly Option<int?> _patience = NumberOption.Of("--patience", "Epochs without improvement after which a member stops (default 30; 0: never).", 0, 100_000);
    private readonly Option<long?> _seed = NumberOption.Of("--seed", "Seed of weights, split and order (default 1).", 0L, long.MaxValue);
    private readonly Option<int?> _threads = NumberOption.Of("--threads", "Members trained at the same time (default: all cores).", 1, 1024);
    private readonly Option<bool> _half = new("--half") { Description = "Store the weights in 2 bytes each: half the size, error far below the potential's own." };
    private readonly Option<string?> _widths = new("--widths") { Description = "Widths of the hidden layers, such as 64,32.", HelpName = "n,n" };
    private readonly Option<int?> _messages = NumberOption.Of("--messages", "Numbers by which atoms tell their neighbours about their surroundings (default 8; 0: none, which is faster).", 0, 32);

    public PotentialTrainVerb()
        : base("train", "Train a neural potential on structures with energies and forces; the same command continues what was stopped.",
            "polymorph potential train frames.extxyz --out my.potential.safetensors",
            "polymorph potential train train.extxyz --test test.extxyz --out my.potential.safetensors --members 4 --epochs 200")
    {
        Add(_files);
        foreach (var option in new Option[] { _out, _method, _test, _watch, _validation, _members, _cutoff, _order, _epochs, _batch, _rate, _decay, _patience, _seed, _threads, _half, _widths, _messages })
        {
            Add(option);
        }
    }

    /// <inheritdoc/>
    public override bool IsResumable => true;

    /// <inheritdoc/>
    public override ExitCode Run(Invocation call)
    {
        string output = call.Value(_out)!;
        if (!output.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase))
        {
            throw new PolymorphException("PM1003", $"--out expects a file that ends with .safetensors, not '{output}'.", null, "Potentials are written in that format alone.", ExitCode.Usage);
        }

        var form = Form(call);
        var training = Training(call);
        var request = new PotentialTraining(form, training, call.Value(_validation) ?? 0.1, call.Value(_method) ?? MethodOf(output), call.Value(_threads) ?? Environment.ProcessorCount, call.Value(_half));
        var result = ProgressDisplay.Run(call.Terminal, observer =>
        {
            var lines = new MemberLines(observer);
            return request.Run(new(call.Value(_files)!, call.Value(_watch) ?? [], call.Value(_test) ?? []), output, observer.Note, lines.Show, call.Cancellation);
        });
        Print(call, output, result);
        return ExitCode.Done;
    }

    private NeuralPotentialOptions Form(Invocation call)
    {
        var form = new NeuralPotentialOptions();
        form = form with { Shells = [new NeuralShell(call.Value(_cutoff) ?? form.CutoffRadius, call.Value(_order) ?? form.Shells[0].MaximumOrder)] };
        form = call.Value(_messages) is { } messages ? form with { Messages = messages } : form;
        return call.Value(_widths) is { } widths ? form with { HiddenWidths = [.. widths.Split(',').Select(Width)] } : form;
    }

    private static int Width(string word) => int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int width) && width is >= 1 and <= 1024
        ? width
        : throw new PolymorphException("PM1003", $"--widths expects numbers from 1 to 1024 with commas between them, not '{word}'.", null, "An example: --widths 64,32", ExitCode.Usage);

    private NeuralTraining Training(Invocation call)
    {
        var t = new NeuralTraining();
        return t with
        {
            Members = call.Value(_members) ?? t.Members,
            Epochs = call.Value(_epochs) ?? t.Epochs,
            Batch = call.Value(_batch) ?? t.Batch,
            LearningRate = call.Value(_rate) ?? t.LearningRate,
            WeightDecay = call.Value(_decay) ?? t.WeightDecay,
            Patience = call.Value(_patience) ?? t.Patience,
            Seed = (ulong)(call.Value(_seed) ?? (long)t.Seed),
        };
    }

    private static string MethodOf(string output)
    {
        string name = Path.GetFileName(output)[..^".safetensors".Length];
        return name.EndsWith(".potential", StringComparison.OrdinalIgnoreCase) ? name[..^".potential".Length] : name;
    }

    private static void Print(Invocation call, string output, PotentialTrainingResult result)
    {
        var errors = new JsonArray([.. result.Errors.Select(e => (JsonNode)new JsonObject
        {
            ["frames"] = e.Set,
            ["kind"] = e.Kind.Length == 0 ? null : e.Kind,
            ["count"] = e.Errors.Frames,
            ["energyMaeMeVPerAtom"] = 1000 * e.Errors.EnergyMae,
            ["forceMaeEVPerA"] = e.Errors.ForceMae,
            ["forceRmseEVPerA"] = e.Errors.ForceRmse,
        })]);
        var document = new JsonObject { ["out"] = Path.GetFullPath(output), ["method"] = result.Potential.Method, ["members"] = result.Potential.MemberCount, ["errors"] = errors };
        call.Result("polymorph.potential-train/1", document, text =>
        {
            text.WriteLine("frames              number   energy MAE   force MAE   force RMSE");
            text.WriteLine("                             meV/atom     eV/Å        eV/Å");
            foreach (var (set, kind, e) in result.Errors)
            {
                text.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{(kind.Length == 0 ? set : "  " + kind),-20}{e.Frames,6}   {1000 * e.EnergyMae,10:0.0}   {e.ForceMae,9:0.000}   {e.ForceRmse,10:0.000}"));
            }

            text.WriteLine($"Written to {output}.");
        });
    }

    /// <summary>Turns the committee's progress into lines of the display.</summary>
    private sealed class MemberLines(IStudyObserver observer)
    {
        private readonly Lock _gate = new();
        private readonly Dictionary<int, MemberProgress> _last = [];

        public void Show(MemberProgress p)
        {
            long done, total;
            bool newEpoch;
            lock (_gate)
            {
                newEpoch = !_last.TryGetValue(p.Member, out var old) || old.Epoch != p.Epoch;
                _last[p.Member] = p;
                done = _last.Values.Sum(m => (long)m.Epoch * m.StepsPerEpoch + m.Steps);
                total = _last.Values.Sum(m => (long)m.Epochs * m.StepsPerEpoch);
            }

            if (newEpoch && p.Epoch > 0)
            {
                string left = p.Left is { } time ? $", {ModelLine.Duration(time)} left" : "";
                observer.Note(string.Create(CultureInfo.InvariantCulture, $"member {p.Member + 1}: epoch {p.Epoch} of {p.Epochs}, loss {p.TrainingLoss:0.00000}, best validation loss {p.ValidationLoss:0.00000}{left}"));
            }

            observer.Work("steps of the members under way", done, total);
        }
    }
}

using System.CommandLine;
using System.Globalization;
using Polymorph.Cli.Shell;
using Polymorph.Foundation;
using Polymorph.Representations.CrystalImages;
using Polymorph.Studies.CrystalGan;

namespace Polymorph.Cli.Commands;

/// <summary>Makes the training set of a Crystal GAN.</summary>
internal sealed class PrepareCrystalGanVerb : Verb
{
    private readonly Argument<string[]> _files = new("FILES") { Description = "Files with crystals, folders, or - for standard input.", Arity = ArgumentArity.OneOrMore };
    private readonly Option<string> _out = new("--out") { Description = "The folder to make.", HelpName = "folder", Required = true };
    private readonly Option<string?> _elements = new("--elements") { Description = $"Elements with the most atoms of each in a cell, such as Mg=8,Mn=8,O=12, or {string.Join(" or ", CrystalImageLayout.Presets)}; by default the smallest that hold the crystals.", HelpName = "caps" };
    private readonly Option<double?> _lengthScale = NumberOption.Of("--length-scale", "Longest cell length in angstrom that the images can hold (default 30).", 1.0, 1000.0);
    private readonly Option<double?> _angleScale = NumberOption.Of("--angle-scale", "Largest angle in degrees that the images can hold (default 180).", 90.0, 180.0);
    private readonly Option<string> _supercells = Words("--supercells", "Cells doubled along each axis: corrected (default), as-published (elements on wrong sites, as in the published training set) or none.", "corrected", "as-published", "none");
    private readonly Option<int?> _perComposition = NumberOption.Of("--per-composition", "Images of each cell composition (default 1000).", 1, 1_000_000);
    private readonly Option<double?> _holdOut = NumberOption.Of("--hold-out", "Share of the crystals of each composition to set aside before anything is made of them (default 0).", 0.0, 0.9);
    private readonly Option<bool> _keepDuplicates = new("--keep-duplicates") { Description = "Keep crystals that the matcher takes for an earlier one of their cell composition." };
    private readonly Option<bool> _fixedOrigins = new("--fixed-origins") { Description = "Leave atoms where they are instead of moving the origin of most images at random." };
    private readonly Option<bool> _one = new("--one-composition") { Description = "Allow a set whose crystals all have one cell composition." };
    private readonly Option<bool> _strict = new("--strict") { Description = "Stop at the first crystal that cannot be used instead of leaving it out." };
    private readonly Option<ulong?> _seed = NumberOption.Of("--seed", "Seed of all choices and images (default 1).", ulong.MinValue, ulong.MaxValue);
    private readonly Option<int?> _threads = NumberOption.Of("--threads", "Threads (default: all); the result does not depend on it.", 1, 1024);
    private readonly ReadingOptions _reading;

    public PrepareCrystalGanVerb()
        : base("crystal-gan", "Make the training set of a Crystal GAN from crystals; images are computed during the training, not stored.",
            "polymorph data prepare crystal-gan crystals.extxyz --out prepared --elements mg-mn-o",
            "polymorph data prepare crystal-gan crystals/ --out prepared --hold-out 0.2 --per-composition 2000")
    {
        Add(_files);
        foreach (Option option in new Option[] { _out, _elements, _lengthScale, _angleScale, _supercells, _perComposition, _holdOut, _keepDuplicates, _fixedOrigins, _one, _strict, _seed, _threads })
        {
            Add(option);
        }

        _reading = new ReadingOptions(this);
    }

    /// <inheritdoc/>
    public override ExitCode Run(Invocation call)
    {
        string[] files = call.Value(_files)!;
        double length = call.Value(_lengthScale) ?? 30, angle = call.Value(_angleScale) ?? 180;
        var options = new PreparationOptions
        {
            Layout = call.Value(_elements) is { } elements ? CrystalImageLayout.Parse(elements) with { LengthScale = length, AngleScale = angle } : null,
            LengthScale = length,
            AngleScale = angle,
            Supercells = PreparedSet.RuleOf(call.Value(_supercells)!)!.Value,
            PerComposition = call.Value(_perComposition) ?? 1000,
            HoldOut = call.Value(_holdOut) ?? 0,
            KeepDuplicates = call.Value(_keepDuplicates),
            Translated = !call.Value(_fixedOrigins),
            AllowOneComposition = call.Value(_one),
            Strict = call.Value(_strict),
            Seed = call.Value(_seed) ?? 1,
            Threads = call.Value(_threads) ?? Environment.ProcessorCount,
        };
        string folder = call.Value(_out)!;
        var result = ProgressDisplay.Run(call.Terminal, observer =>
            TrainingSetPreparation.Run(files, _reading.Entries(call, files, options.Strict), folder, options, observer, call.Cancellation));
        var document = result.Settings;
        var counts = result.Counts;
        document["out"] = result.Folder;
        document["wasThere"] = result.WasThere;
        document.Remove("schema");
        call.Result("polymorph.data-prepare-crystal-gan/1", document, output =>
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{counts.Training} crystals and {counts.Supercells} doubled cells of {counts.Compositions} cell compositions make {counts.Images:N0} images ({document["elements"]}){(result.WasThere ? "; they were there already" : "")}."));
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"Left out: {counts.Duplicates} repeats, {counts.Dropped.Values.Sum()} that do not fit; held out: {counts.HeldOut} (and {counts.Twins} that are the same crystals in other cells)."));
        });
        call.Note($"Next: {ProgramName.Text} train crystal-gan RUN --data {folder}");
        return ExitCode.Done;
    }

    /// <summary>An option with one of a few words; the first is the default.</summary>
    internal static Option<string> Words(string name, string description, params string[] words)
    {
        var option = new Option<string>(name) { Description = description, HelpName = string.Join('|', words), DefaultValueFactory = _ => words[0] };
        option.AcceptOnlyFromAmong(words);
        return option;
    }
}

using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Polymorph.Cli.Shell;
using Polymorph.Foundation;
using Polymorph.Structures.Formats;
using Polymorph.Structures.Matching;

namespace Polymorph.Cli.Commands;

/// <summary>Whether crystals are the same: frame by frame of two files, or all frames of one with all of the other.</summary>
internal sealed class MatchVerb : Verb
{
    private const int IdWidth = 28;

    private readonly Argument<string> _first = new("A") { Description = "A file, a folder, or - for standard input." };
    private readonly Argument<string> _second = new("B") { Description = "A file or a folder." };
    private readonly Option<double?> _lengths = NumberOption.Of("--ltol", "Relative tolerance of the cell's lengths (default 0.2).", 0.0, 10.0);
    private readonly Option<double?> _sites = NumberOption.Of("--stol", "Tolerance of the sites, as a share of the cube root of the volume per atom (default 0.3).", 0.0, 10.0);
    private readonly Option<double?> _angles = NumberOption.Of("--angle-tol", "Tolerance of the cell's angles, in degrees (default 5).", 0.0, 180.0);
    private readonly Option<bool> _anonymous = new("--anonymous") { Description = "Elements may be renamed, each to another one." };
    private readonly Option<bool> _supercell = new("--supercell") { Description = "Compare the cells as they are, and multiply the smaller one; without it primitive cells are compared." };
    private readonly Option<bool> _all = new("--all") { Description = "Compare every frame of A with every frame of B." };
    private readonly ReadingOptions _reading;

    public MatchVerb()
        : base("match", "Whether crystals are the same, whatever their cell, orientation, origin and order of atoms: frame i of A against frame i of B.",
            "polymorph match generated.extxyz targets.extxyz", "polymorph match quartz.cif known/ --all --ltol 0.3 --stol 0.5 --angle-tol 10 --json")
    {
        Json.Description = "Print one JSON object per line, one line per pair.";
        Add(_first);
        Add(_second);
        Add(_lengths);
        Add(_sites);
        Add(_angles);
        Add(_anonymous);
        Add(_supercell);
        Add(_all);
        _reading = new ReadingOptions(this);
    }

    /// <inheritdoc/>
    public override ExitCode Run(Invocation call)
    {
        var defaults = new MatchOptions();
        bool supercell = call.Value(_supercell);
        var pairs = new FramePairs(new StructureMatcher(new MatchOptions
        {
            LengthTolerance = call.Value(_lengths) ?? defaults.LengthTolerance,
            SiteTolerance = call.Value(_sites) ?? defaults.SiteTolerance,
            AngleToleranceDegrees = call.Value(_angles) ?? defaults.AngleToleranceDegrees,
            PrimitiveCell = !supercell,
            AttemptSupercell = supercell,
        }), call.Value(_anonymous));
        var first = Entries(call, call.Value(_first)!);
        var second = Entries(call, call.Value(_second)!);
        var output = call.Terminal.Output;
        if (!call.IsJson)
        {
            output.WriteLine($"{"a",-IdWidth}  {"b",-IdWidth}  {"match",-9}  {"rms",8}  {"max",8}  {"V(b)/V(a)",9}  {"lengths",8}  {"angles",7}");
        }

        long done = 0, open = 0;
        foreach (var pair in call.Value(_all) ? pairs.All(first, second) : pairs.OneByOne(first, second))
        {
            output.WriteLine(call.IsJson ? Line(pair) : Row(pair));
            done++;
            if (pair.Problem is { } problem)
            {
                open++;
                call.Note($"{pair.A} and {pair.B} are left undecided: {problem}");
            }
        }

        return open == 0 ? ExitCode.Done : open == done ? ExitCode.InputData : ExitCode.PartlyConverged;
    }

    // A file that cannot be read at all is one error and not one open pair.
    private IEnumerable<ReadResult> Entries(Invocation call, string path)
    {
        bool isFirst = true;
        foreach (var entry in _reading.Entries(call, [path], strict: false))
        {
            yield return isFirst && entry.Rejection is { Line: 0 } rejection ? throw rejection.ToException() : entry;
            isFirst = false;
        }
    }

    private static string Row(FramePair pair)
    {
        var match = pair.Match;
        string verdict = pair.Matched switch { true => "yes", false => "no", null => "undecided" };
        return string.Create(CultureInfo.InvariantCulture,
            $"{pair.A,-IdWidth}  {pair.B,-IdWidth}  {verdict,-9}  {Number(match?.Rms, "F4"),8}  {Number(match?.Maximum, "F4"),8}  {Number(match?.VolumeRatio, "F4"),9}  {Number(100 * match?.LengthDeviation, "F2", "%"),8}  {Number(match?.AngleDeviation * (180 / Math.PI), "F2", "°"),7}");
    }

    private static string Number(double? value, string format, string unit = "") => value is { } v ? v.ToString(format, CultureInfo.InvariantCulture) + unit : "-";

    private static string Line(FramePair pair) => JsonLine.Of(json =>
    {
        json.WriteString("a", pair.A);
        json.WriteString("b", pair.B);
        if (pair.Matched is { } matched)
        {
            json.WriteBoolean("matched", matched);
        }
        else
        {
            json.WriteNull("matched");
        }

        json.NumberOrNull("rms", pair.Match?.Rms);
        if (pair.Match?.Rms is not null)
        {
            json.Numbers("mapping", pair.Match.Mapping.Select(site => (double)site));
        }
        else
        {
            json.WriteNull("mapping");
        }
    });
}

using System.Collections.Immutable;
using Polymorph.Foundation;
using Polymorph.Representations.CrystalImages;
using Polymorph.Selection.Compositions;

namespace Polymorph.Studies.CrystalGan;

/// <summary>A composition that is asked for: its name and the cells that are drawn.</summary>
/// <param name="Name">Such as <c>Mg2MnO4</c>; names its file.</param>
/// <param name="Cells">Atoms of each element of each cell.</param>
public sealed record WantedComposition(string Name, ImmutableArray<ImmutableArray<int>> Cells)
{
    private const string CellSuffix = "-cell";

    private const int LargestList = 1 << 22;

    /// <summary>The formula that was asked for.</summary>
    public string Formula => Name.EndsWith(CellSuffix, StringComparison.Ordinal) ? Name[..^CellSuffix.Length] : Name;

    /// <summary>All cells of a reduced formula within the caps.</summary>
    /// <param name="formula">The formula.</param>
    /// <param name="layout">Elements and caps.</param>
    /// <exception cref="PolymorphException">PM5060 to PM5062.</exception>
    public static WantedComposition OfFormula(string formula, CrystalImageLayout layout)
    {
        var cells = CellCompositions.OfFormula(formula, layout);
        return new WantedComposition(CellCompositions.Formula(cells[0], layout), cells);
    }

    /// <summary>One cell.</summary>
    /// <param name="formula">The cell's formula.</param>
    /// <param name="layout">Elements and caps.</param>
    /// <exception cref="PolymorphException">PM5060 to PM5062.</exception>
    public static WantedComposition OfCell(string formula, CrystalImageLayout layout)
    {
        var cell = CellCompositions.OfCell(formula, layout);
        return new WantedComposition(CellCompositions.Formula(cell, layout) + CellSuffix, [cell]);
    }

    /// <summary>The formulas of a file: the first word of each line; empty lines, comments behind # and a heading <c>composition</c> are passed over.</summary>
    /// <param name="path">The file, such as one with the output of <c>polymorph compositions</c>.</param>
    /// <exception cref="PolymorphException">PM7310: it cannot be read, or has no formula.</exception>
    public static IReadOnlyList<string> ReadList(string path)
    {
        try
        {
            byte[] bytes = BoundedFile.Read(path, LargestList, reason => new PolymorphException("PM7310", reason, path, "A list of compositions has one formula per line.", ExitCode.Usage));
            string[] formulas = [.. System.Text.Encoding.UTF8.GetString(bytes).Split('\n').Select(l => l.Split('#')[0].Split([',', ' ', '\t', ';', '\r'], 2)[0].Trim()).Where(w => w.Length > 0 && w != "composition")];
            return formulas.Length > 0 ? formulas : throw new PolymorphException("PM7310", "there is no formula in this list", path, "Write one formula per line, such as Mg2MnO4.", ExitCode.Usage);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PolymorphException("PM7310", $"the list of compositions cannot be read: {e.Message}", path, "Check the path.", ExitCode.Usage, e);
        }
    }
}

/// <summary>What is to be generated.</summary>
public sealed record CrystalGanRequest
{
    /// <summary>Compositions, each with its own file.</summary>
    public required ImmutableArray<WantedComposition> Compositions { get; init; }

    /// <summary>Crystals of each composition.</summary>
    public int Count { get; init; } = 300;

    /// <summary>Most draws of each composition.</summary>
    public long MaxDraws { get; init; } = 100_000;

    /// <summary>What says which rows hold an atom.</summary>
    public PresenceRule Presence { get; init; } = PresenceRule.Classifier;

    /// <summary>Whether repeats are dropped.</summary>
    public bool Unique { get; init; }

    /// <summary>Whether crystals of the training set are dropped.</summary>
    public bool Novel { get; init; }

    /// <summary>Changes the limits that are drawn from the training set; null to leave them.</summary>
    public Func<SampleLimits, SampleLimits>? Limits { get; init; }

    /// <summary>Whether the networks' running means and variances are used instead of those of each batch.</summary>
    public bool RunningStatistics { get; init; } = true;

    /// <summary>Steps of refinement of each draw, 0 for none; null for the default of the model.</summary>
    public int? RefinementSteps { get; init; }

    /// <summary>One of so many sound, new draws is kept: those of the lowest predicted energy. Null for the default of the model.</summary>
    public int? Candidates { get; init; }

    /// <summary>Which series of draws; another one gives other crystals.</summary>
    public uint Series { get; init => field = value <= int.MaxValue ? value : throw new ArgumentOutOfRangeException(nameof(Series), value, "expected at most 2147483647"); }

    /// <summary>One file for all compositions; null for one file each in the run folder.</summary>
    public string? Output { get; init; }

    /// <summary>Whether files in the run folder are CIF instead of extended XYZ.</summary>
    public bool Cif { get; init; }

    /// <summary>Threads; null for those of the run.</summary>
    public int? Threads { get; init; }
}

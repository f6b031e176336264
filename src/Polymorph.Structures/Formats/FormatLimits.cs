using Polymorph.Foundation;

namespace Polymorph.Structures.Formats;

/// <summary>What a format cannot hold is refused, never dropped in silence.</summary>
internal static class FormatLimits
{
    /// <summary>The cell of a crystal that repeats along all axes.</summary>
    /// <exception cref="PolymorphException">PM2152.</exception>
    public static Lattice FullCell(Structure structure, string format) => structure.Lattice is { } cell && structure.Periodicity == Periodicity.Full ? cell
        : throw new PolymorphException("PM2152", $"{format} can only hold crystals that repeat along all three axes", structure.Id, "Write extxyz, which keeps molecules and layers as they are.", ExitCode.Usage);

    /// <summary>A title line: the comment, id or formula, on one line and not mistaken for the header of extended XYZ.</summary>
    public static string Title(Structure structure)
    {
        string? title = structure.Properties.GetValueOrDefault("comment") as string;
        title = string.IsNullOrWhiteSpace(title) ? structure.Id : title;
        return title.Length == 0 || title.Any(char.IsControl) || XyzHeader.IsExtended(title) || title.StartsWith("gdb ", StringComparison.Ordinal) ? structure.Composition.Formula : title;
    }
}

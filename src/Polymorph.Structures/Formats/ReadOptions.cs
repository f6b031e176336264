using System.Runtime.CompilerServices;

namespace Polymorph.Structures.Formats;

/// <summary>How structure files are read, and what is too absurd to be taken.</summary>
public sealed record ReadOptions
{
    /// <summary>The format; null to tell it from the file's name and content.</summary>
    public StructureFormat? Format { get; init; }

    /// <summary>True to throw at the first bad entry instead of reporting it and going on.</summary>
    public bool Strict { get; init; }

    /// <summary>Longest line, characters; a longer one ends the file with a rejection, so that memory stays bounded.</summary>
    public int MaxLineLength { get; init => field = AtLeast(value, 80); } = 1 << 24;

    /// <summary>Most atoms in one structure.</summary>
    public int MaxAtoms { get; init => field = AtLeast(value, 1); } = 1_000_000;

    /// <summary>Most values in one structure: atoms times columns.</summary>
    public int MaxValues { get; init => field = AtLeast(value, 1); } = 50_000_000;

    /// <summary>Most characters of text kept of one structure.</summary>
    public int MaxText { get; init => field = AtLeast(value, 1); } = 1 << 28;

    /// <summary>Longest entry of a JSON, CSV or binary file, bytes.</summary>
    public int MaxEntryBytes { get; init => field = AtLeast(value, 80); } = 1 << 27;

    /// <summary>Atoms nearer than this, periodic images included, are taken for an error; Å. Zero switches the check off.</summary>
    public double MinDistance { get; init => field = NotNegative(value); } = 0.4;

    /// <summary>Largest absolute value of a Cartesian coordinate or a lattice component, Å.</summary>
    public double MaxCoordinate { get; init => field = NotNegative(value); } = 1e6;

    private static int AtLeast(int value, int least, [CallerMemberName] string name = "") =>
        value >= least ? value : throw new ArgumentOutOfRangeException(name, value, $"must be at least {least}");

    private static double NotNegative(double value, [CallerMemberName] string name = "") =>
        value >= 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(name, value, "must be a finite number, zero or more");
}

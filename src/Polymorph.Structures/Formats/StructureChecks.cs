using System.Collections.Immutable;

namespace Polymorph.Structures.Formats;

/// <summary>Turns what a reader collected into a structure, refusing what cannot be one.</summary>
internal static class StructureChecks
{
    /// <summary>A chemical element by its symbol.</summary>
    public static Element Element(ReadOnlySpan<char> symbol, long line) =>
        Structures.Element.TryParse(symbol, out var element)
            ? element
            : throw new InputProblemException("PM2103", line, $"'{Shown(symbol)}' is not a chemical element",
                "Write the symbol with a capital first letter and without number or charge: Fe, not FE, Fe1 or Fe3+.");

    /// <summary>A chemical element by its atomic number.</summary>
    public static Element Element(double number, long line) => number is >= 1 and <= Structures.Element.Count && number == Math.Floor(number) ? new Element((int)number)
        : number == 0 ? throw new InputProblemException("PM2605", line, "an atom has the atomic number 0: a dummy, no element", "Replace it by an atom, or remove it.")
        : throw new InputProblemException("PM2103", line, FormattableString.Invariant($"{number} is not an atomic number"), FormattableString.Invariant($"Atomic numbers are whole, 1 to {Structures.Element.Count}."));

    /// <summary>A number that a coordinate may have.</summary>
    public static double Number(ReadOnlySpan<char> text, string what, long line, ReadOptions options)
    {
        if (!NumberText.TryDouble(text, out double value))
        {
            throw new InputProblemException("PM2104", line, $"{what} should be a number, not '{Shown(text)}'");
        }

        if (!double.IsFinite(value))
        {
            throw new InputProblemException("PM2105", line, $"{what} is '{Shown(text)}', not a finite number", "The program that wrote the file has failed here; compute this structure again.");
        }

        return Math.Abs(value) <= options.MaxCoordinate ? value : throw TooFar(what, Shown(text), line, options);
    }

    /// <summary>A vector none of whose components is too large or not finite.</summary>
    public static Vector3D Within(Vector3D v, string what, long line, ReadOptions options) =>
        Math.Abs(v.X) <= options.MaxCoordinate && Math.Abs(v.Y) <= options.MaxCoordinate && Math.Abs(v.Z) <= options.MaxCoordinate ? v
            : throw TooFar(what, FormattableString.Invariant($"({v.X:g4} {v.Y:g4} {v.Z:g4})"), line, options);

    /// <summary>A cell that spans space and is right-handed.</summary>
    public static Lattice Lattice(Vector3D a, Vector3D b, Vector3D c, long line)
    {
        double volume = a.Dot(b.Cross(c));
        if (!(Math.Abs(volume) > Structures.Lattice.SmallestRelativeVolume * a.Length * b.Length * c.Length))
        {
            throw new InputProblemException("PM2107", line, "the cell has no volume: its vectors lie in one plane or one is zero",
                "Give three independent vectors; along an axis that does not repeat, any vector across the layer will do.");
        }

        return volume > 0 ? new Lattice(a, b, c)
            : throw new InputProblemException("PM2108", line, "the cell is left-handed: a · (b × c) is negative",
                "Exchange two lattice vectors, and the same two fractional coordinates of every atom.");
    }

    /// <summary>The structure, when its atoms keep their distance.</summary>
    public static Structure Structure(
        ImmutableArray<Element> species, ImmutableArray<Vector3D> positions, Lattice? lattice, Periodicity periodicity, string id, long line, ReadOptions options,
        ImmutableSortedDictionary<string, object>? properties = null, ImmutableSortedDictionary<string, AtomProperty>? atomProperties = null)
    {
        var structure = new Structure(species, positions, lattice, periodicity, id, properties, atomProperties);
        if (options.MinDistance > 0 && ClosePair.FindAny(structure, options.MinDistance) is { } pair)
        {
            string second = pair.Image == CellImage.Home ? $"atom {pair.Second + 1} ({species[pair.Second]})"
                : $"the image ({pair.Image.A} {pair.Image.B} {pair.Image.C}) of atom {pair.Second + 1} ({species[pair.Second]})";
            throw new InputProblemException("PM2109", line,
                FormattableString.Invariant($"atom {pair.First + 1} ({species[pair.First]}) and {second} are {pair.Distance:0.###} Å apart, less than {options.MinDistance:0.###} Å"),
                "Check the unit (Å), the cell, and whether an atom is listed twice.");
        }

        return structure;
    }

    private static InputProblemException TooFar(string what, string value, long line, ReadOptions options) =>
        new("PM2106", line, $"{what} is {value}: more than {options.MaxCoordinate:g} Å from the origin",
            "Coordinates are in Å; check the unit and whether columns of the file run into each other.");

    /// <summary>At most 40 characters of a text, printable, for messages.</summary>
    public static string Shown(ReadOnlySpan<char> text)
    {
        var cut = text.Length > 40 ? text[..40] : text;
        return string.Concat(cut.ToString().Select(c => char.IsControl(c) ? '?' : c)) + (text.Length > 40 ? "..." : "");
    }
}

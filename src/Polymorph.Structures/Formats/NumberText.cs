using System.Globalization;

namespace Polymorph.Structures.Formats;

/// <summary>Numbers as files write them, and as we write them: invariant culture, every digit kept.</summary>
internal static class NumberText
{
    /// <summary>Reads a real number; Fortran's exponent letter D and Mathematica's *^ are allowed, and so are nan and inf, which the caller must judge.</summary>
    public static bool TryDouble(ReadOnlySpan<char> text, out double value)
    {
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value))
        {
            return true;
        }

        int power = text.IndexOf("*^");
        if (power > 0 && text.Length <= 64)
        {
            Span<char> copy = stackalloc char[text.Length - 1];
            text[..power].CopyTo(copy);
            copy[power] = 'e';
            text[(power + 2)..].CopyTo(copy[(power + 1)..]);
            return double.TryParse(copy, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
        }

        int exponent = text.IndexOfAny('d', 'D');
        if (exponent > 0 && text.Length <= 64)
        {
            Span<char> copy = stackalloc char[text.Length];
            text.CopyTo(copy);
            copy[exponent] = 'e';
            return double.TryParse(copy, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
        }

        var unsigned = text.TrimStart("+-");
        if (text.Length - unsigned.Length <= 1 && (unsigned.Equals("inf", StringComparison.OrdinalIgnoreCase) || unsigned.Equals("nan", StringComparison.OrdinalIgnoreCase)))
        {
            value = unsigned[0] is 'n' or 'N' ? double.NaN : text[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity;
            return true;
        }

        return false;
    }

    /// <summary>Reads a whole number.</summary>
    public static bool TryLong(ReadOnlySpan<char> text, out long value) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);

    /// <summary>The shortest text that reads back as the same double; always with a point, an exponent or a word, so that it never looks like an integer.</summary>
    public static string Write(double value)
    {
        if (double.IsNaN(value))
        {
            return "nan";
        }

        if (double.IsInfinity(value))
        {
            return value > 0 ? "inf" : "-inf";
        }

        string text = value.ToString("R", CultureInfo.InvariantCulture);
        return text.AsSpan().IndexOfAny('.', 'E') >= 0 ? text : text + ".0";
    }
}

using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Polymorph.Structures.Formats;

/// <summary>A symmetry operation on fractional coordinates: a whole-number matrix and a translation.</summary>
public sealed class SymmetryOperation
{
    /// <summary>Largest strain of an operation that belongs to a cell: cells are refined to a few parts in 10⁴; a wrong setting gives deviations of a tenth and more.</summary>
    public const double LargestStrain = 0.02;

    private const double RoundingOfTranslations = 1e-9;

    // Translations of space groups are whole multiples of 1/24 at most.
    private static readonly int[] Denominators = [1, 2, 3, 4, 6, 8, 12, 24];

    private readonly int[] _rotation = new int[9];
    private readonly double[] _translation = new double[3];

    private SymmetryOperation()
    {
    }

    /// <summary>The operation <c>x,y,z</c>.</summary>
    public static SymmetryOperation Identity { get; } = TryParse("x,y,z")!;

    /// <summary>True for <c>x,y,z</c> with no translation, or one by whole lattice vectors.</summary>
    public bool IsIdentity => _rotation is [1, 0, 0, 0, 1, 0, 0, 0, 1] && Array.TrueForAll(_translation, t => t == Math.Floor(t));

    /// <summary>Operations from arrays.</summary>
    /// <param name="rotations">[operations × 9], row-major.</param>
    /// <param name="translations">[operations × 3], fractional.</param>
    internal static ImmutableArray<SymmetryOperation> Many(ReadOnlySpan<int> rotations, ReadOnlySpan<double> translations)
    {
        var operations = ImmutableArray.CreateBuilder<SymmetryOperation>(translations.Length / 3);
        for (int i = 0; i < translations.Length / 3; i++)
        {
            var operation = new SymmetryOperation();
            rotations.Slice(9 * i, 9).CopyTo(operation._rotation);
            for (int axis = 0; axis < 3; axis++)
            {
                // A translation by a whole lattice vector, but for rounding, is none.
                double t = translations[3 * i + axis] - Math.Floor(translations[3 * i + axis]);
                operation._translation[axis] = t is < RoundingOfTranslations or > 1 - RoundingOfTranslations ? 0 : t;
            }

            operations.Add(operation);
        }

        return operations.MoveToImmutable();
    }

    /// <summary>Reads an operation such as <c>-y, x-y, z+1/2</c>; null when it is none.</summary>
    /// <param name="text">Three sums with commas between them.</param>
    public static SymmetryOperation? TryParse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int first = text.IndexOf(',', StringComparison.Ordinal), second = first < 0 ? -1 : text.IndexOf(',', first + 1);
        if (second < 0 || text.AsSpan(second + 1).Contains(',') || text.Length > 200)
        {
            return null;
        }

        var result = new SymmetryOperation();
        if (!result.TryParseRow(text.AsSpan(0, first), 0) || !result.TryParseRow(text.AsSpan(first + 1, second - first - 1), 1) || !result.TryParseRow(text.AsSpan(second + 1), 2))
        {
            return null;
        }

        return Math.Abs(result.Determinant()) == 1 ? result : null;
    }

    /// <summary>The operation as CIF writes it, such as <c>-y,x-y,z+1/2</c>; translations that are no simple fraction have twelve decimals.
    /// Cells that are no standard ones may have factors such as <c>2x</c>, which CIF does not know.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(24);
        for (int row = 0; row < 3; row++)
        {
            int start = text.Append(row > 0 ? "," : "").Length;
            for (int axis = 0; axis < 3; axis++)
            {
                int factor = _rotation[3 * row + axis];
                text.Append(factor == 0 ? "" : factor < 0 ? "-" : text.Length > start ? "+" : "");
                text.Append(factor == 0 ? "" : Math.Abs(factor) > 1 ? Math.Abs(factor).ToString(CultureInfo.InvariantCulture) : "");
                text.Append(factor == 0 ? "" : "xyz"[axis].ToString());
            }

            AppendTranslation(text, _translation[row], text.Length > start);
        }

        return text.ToString();
    }

    private static void AppendTranslation(StringBuilder text, double t, bool follows)
    {
        if (t == 0)
        {
            text.Append(follows ? "" : "0");
            return;
        }

        text.Append(t < 0 ? "-" : follows ? "+" : "");
        double size = Math.Abs(t);
        foreach (int denominator in Denominators)
        {
            double numerator = size * denominator;
            if (Math.Abs(numerator - Math.Round(numerator)) < RoundingOfTranslations)
            {
                text.Append(Math.Round(numerator).ToString("0", CultureInfo.InvariantCulture));
                text.Append(denominator > 1 ? string.Create(CultureInfo.InvariantCulture, $"/{denominator}") : "");
                return;
            }
        }

        text.Append(size.ToString("0.0###########", CultureInfo.InvariantCulture));
    }

    /// <summary>Where the operation moves a position.</summary>
    /// <param name="f">Fractional coordinates.</param>
    public Vector3D Apply(Vector3D f) => new(Row(f, 0), Row(f, 1), Row(f, 2));

    /// <summary>Largest relative change that the operation makes to the cell's metric; 0 for a symmetry of the lattice.</summary>
    /// <param name="lattice">The cell.</param>
    public double Strain(Lattice lattice)
    {
        ArgumentNullException.ThrowIfNull(lattice);
        double largest = 0;
        for (int i = 0; i < 3; i++)
        {
            for (int j = i; j < 3; j++)
            {
                // Lattice vectors go to the columns of the matrix.
                var (u, v) = (lattice.ToCartesian(Column(i)), lattice.ToCartesian(Column(j)));
                double change = Math.Abs(u.Dot(v) - lattice[i].Dot(lattice[j]));
                largest = Math.Max(largest, change / (lattice[i].Length * lattice[j].Length));
            }
        }

        return largest;
    }

    private Vector3D Column(int j) => new(_rotation[j], _rotation[3 + j], _rotation[6 + j]);

    private double Row(Vector3D f, int row) => _rotation[3 * row] * f.X + _rotation[3 * row + 1] * f.Y + _rotation[3 * row + 2] * f.Z + _translation[row];

    private int Determinant()
    {
        var r = _rotation;
        return r[0] * (r[4] * r[8] - r[5] * r[7]) - r[1] * (r[3] * r[8] - r[5] * r[6]) + r[2] * (r[3] * r[7] - r[4] * r[6]);
    }

    /// <summary>A sum of signed terms: x, y, z, a decimal number or a fraction.</summary>
    private bool TryParseRow(ReadOnlySpan<char> text, int row)
    {
        int at = 0;
        bool any = false;
        while (true)
        {
            Skip(text, ref at);
            if (at == text.Length)
            {
                return any;
            }

            int sign = text[at] switch { '+' => 1, '-' => -1, _ => 0 };
            if (sign == 0 && any)
            {
                return false;
            }

            at += sign == 0 ? 0 : 1;
            sign = sign == 0 ? 1 : sign;
            Skip(text, ref at);
            int axis = at < text.Length ? "xyz".IndexOf(char.ToLowerInvariant(text[at]), StringComparison.Ordinal) : -1;
            if (axis >= 0)
            {
                at++;
                if (Math.Abs(_rotation[3 * row + axis] += sign) > 1)
                {
                    return false;
                }
            }
            else if (Number(text, ref at) is { } number)
            {
                _translation[row] += sign * number;
            }
            else
            {
                return false;
            }

            any = true;
        }
    }

    private static double? Number(ReadOnlySpan<char> text, ref int at)
    {
        if (Decimal(text, ref at) is not { } numerator)
        {
            return null;
        }

        Skip(text, ref at);
        if (at == text.Length || text[at] != '/')
        {
            return numerator;
        }

        at++;
        Skip(text, ref at);
        return Decimal(text, ref at) is { } denominator && denominator != 0 ? numerator / denominator : null;
    }

    private static double? Decimal(ReadOnlySpan<char> text, ref int at)
    {
        int start = at;
        while (at < text.Length && (char.IsAsciiDigit(text[at]) || text[at] == '.'))
        {
            at++;
        }

        return at - start is > 0 and < 20 && NumberText.TryDouble(text[start..at], out double value) ? value : null;
    }

    private static void Skip(ReadOnlySpan<char> text, ref int at)
    {
        while (at < text.Length && char.IsWhiteSpace(text[at]))
        {
            at++;
        }
    }
}

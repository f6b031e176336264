namespace Polymorph.Structures;

/// <summary>Which periodic copy: the number of lattice vectors by which it is displaced.</summary>
/// <param name="A">Along the first lattice vector.</param>
/// <param name="B">Along the second.</param>
/// <param name="C">Along the third.</param>
public readonly record struct CellImage(int A, int B, int C) : IComparable<CellImage>
{
    /// <summary>The cell itself.</summary>
    public static CellImage Home => default;

    /// <summary>Order by A, then B, then C.</summary>
    /// <param name="other">The image to compare with.</param>
    public int CompareTo(CellImage other)
    {
        int order = A.CompareTo(other.A);
        order = order != 0 ? order : B.CompareTo(other.B);
        return order != 0 ? order : C.CompareTo(other.C);
    }

    /// <summary>Order by A, then B, then C.</summary>
    public static bool operator <(CellImage a, CellImage b) => a.CompareTo(b) < 0;

    /// <summary>Order by A, then B, then C.</summary>
    public static bool operator >(CellImage a, CellImage b) => a.CompareTo(b) > 0;

    /// <summary>Order by A, then B, then C.</summary>
    public static bool operator <=(CellImage a, CellImage b) => a.CompareTo(b) <= 0;

    /// <summary>Order by A, then B, then C.</summary>
    public static bool operator >=(CellImage a, CellImage b) => a.CompareTo(b) >= 0;
}

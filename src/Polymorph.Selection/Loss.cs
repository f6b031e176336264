using Polymorph.Structures;

namespace Polymorph.Selection;

/// <summary>Why one structure was dropped, and what it has to do with: the pair of elements, the atom, or the structure that it repeats.</summary>
/// <param name="Reason">The reason.</param>
/// <param name="Detail">What the reason is about; −1 when nothing is said. <see cref="LossReason.TooClose"/>: both atomic numbers, see <see cref="Pair"/>.
/// <see cref="LossReason.NotFinite"/>, <see cref="LossReason.IsolatedAtom"/>: the atom. <see cref="LossReason.WrongValence"/>: bonds too many and too few, summed over the atoms.
/// <see cref="LossReason.Duplicate"/>, <see cref="LossReason.NotRepresentative"/>: index of the structure that stands for it. <see cref="LossReason.Known"/>: index among the known ones.</param>
public readonly record struct Loss(LossReason Reason, int Detail = -1)
{
    private const int Shift = 8;

    /// <summary>The two elements of a pair that is too close, the smaller atomic number first; null for other reasons.</summary>
    public (Element First, Element Second)? Pair =>
        Reason == LossReason.TooClose && Detail >= 0 ? (new Element(Detail >> Shift), new Element(Detail & ((1 << Shift) - 1))) : null;

    /// <summary>The pair as text, such as <c>O-Si</c>; null for other reasons.</summary>
    public string? PairText => Pair is { } pair ? $"{pair.First.Symbol}-{pair.Second.Symbol}" : null;

    /// <summary>Two atoms that are too close.</summary>
    /// <param name="a">Element of one.</param>
    /// <param name="b">Element of the other.</param>
    public static Loss TooClose(Element a, Element b) =>
        new(LossReason.TooClose, (Math.Min(a.Number, b.Number) << Shift) | Math.Max(a.Number, b.Number));

    /// <summary>A reason without anything more.</summary>
    /// <param name="reason">The reason.</param>
    public static Loss FromLossReason(LossReason reason) => new(reason);

    /// <summary>A reason without anything more.</summary>
    /// <param name="reason">The reason.</param>
    public static implicit operator Loss(LossReason reason) => new(reason);
}

using System.Collections.Immutable;
using Polymorph.Structures;

namespace Polymorph.Energies.Neural;

/// <summary>Form of a neural potential: what an atom sees and how wide its networks are.</summary>
/// <remarks>Descriptors: NeuralIL, Montes-Campos, Carrete, Bichelmaier, Varela, Madsen, J. Chem. Inf. Model. 62 (2022) 88, extended by the products of different radial
/// functions; see docs/methods/neural-potential.md.</remarks>
public sealed record NeuralPotentialOptions
{
    /// <summary>Elements the potential knows, by atomic number.</summary>
    public ImmutableArray<Element> Elements
    {
        get;
        init => field = !value.IsDefaultOrEmpty && value.Length <= 16 && value.SequenceEqual(value.Distinct().Order())
            ? value
            : throw new ArgumentException("expected 1 to 16 different elements by atomic number", nameof(Elements));
    } = [new Element(1), new Element(6), new Element(8)];

    /// <summary>Radial functions of the many-body part; the first shell has the largest cutoff.</summary>
    public ImmutableArray<NeuralShell> Shells
    {
        get;
        init => field = !value.IsDefaultOrEmpty && value.Length <= 4 && value.All(s => s.CutoffRadius <= value[0].CutoffRadius)
            ? value
            : throw new ArgumentException("expected 1 to 4 shells, the one with the largest cutoff first", nameof(Shells));
    } = [new NeuralShell(3.6, 4)];

    /// <summary>r_0, Å: a neighbour at r counts (1 + r²/r_0²)^−p times, so that near neighbours are seen more sharply than far ones.</summary>
    /// <remarks>Why: Willatt, Musil, Ceriotti, Phys. Chem. Chem. Phys. 20 (2018) 29661.</remarks>
    public double NearRadius
    {
        get;
        init => field = value is > 0.1 and <= 100 ? value : throw new ArgumentOutOfRangeException(nameof(NearRadius), value, "expected a radius from 0.1 to 100 Å");
    } = 2;

    /// <summary>p of the weight of neighbours; 0: all count alike.</summary>
    public double NearPower
    {
        get;
        init => field = value is >= 0 and <= 8 ? value : throw new ArgumentOutOfRangeException(nameof(NearPower), value, "expected 0 to 8");
    } = 1;

    /// <summary>Additional radial functions of the first shell with l = 0 that enter linearly: distances resolved more finely than angles.</summary>
    public int PairFunctions
    {
        get;
        init => field = value is >= 0 and <= 16 ? value : throw new ArgumentOutOfRangeException(nameof(PairFunctions), value, "expected 0 to 16");
    } = 4;

    /// <summary>Messages: numbers by which an atom tells its neighbours about its surroundings. With more than none, a second descriptor weights every neighbour by
    /// them, and a second network adds to the energy.</summary>
    public int Messages
    {
        get;
        init => field = value is >= 0 and <= 32 ? value : throw new ArgumentOutOfRangeException(nameof(Messages), value, "expected 0 to 32");
    } = 8;

    /// <summary>n_max of the second descriptor; it uses the functions of the first shell.</summary>
    public int MessageOrder
    {
        get;
        init => field = value is >= 1 and <= 10 ? value : throw new ArgumentOutOfRangeException(nameof(MessageOrder), value, "expected an order from 1 to 10");
    } = 3;

    /// <summary>Numbers that an atom's first network hands to its second.</summary>
    public int Handed
    {
        get;
        init => field = value is >= 0 and <= 256 ? value : throw new ArgumentOutOfRangeException(nameof(Handed), value, "expected 0 to 256");
    } = 16;

    /// <summary>Widths of the hidden layers, from a descriptor to the energy.</summary>
    public ImmutableArray<int> HiddenWidths
    {
        get;
        init => field = !value.IsDefaultOrEmpty && value.Length <= 6 && value.All(w => w is >= 1 and <= 1024)
            ? value
            : throw new ArgumentException("expected 1 to 6 widths from 1 to 1024", nameof(HiddenWidths));
    } = [64, 32];

    /// <summary>The largest cutoff, Å.</summary>
    public double CutoffRadius => Shells[0].CutoffRadius;
}

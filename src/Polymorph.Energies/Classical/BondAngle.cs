using Polymorph.Structures;

namespace Polymorph.Energies.Classical;

/// <summary>The angle at an atom between two neighbours.</summary>
internal readonly struct BondAngle
{
    private readonly Vector3D _unitJ;
    private readonly Vector3D _unitK;
    private readonly double _inverseJ;
    private readonly double _inverseK;

    public BondAngle(in Neighbor j, in Neighbor k)
    {
        (_inverseJ, _inverseK) = (1 / j.Distance, 1 / k.Distance);
        (_unitJ, _unitK) = (_inverseJ * j.Offset, _inverseK * k.Offset);
        Cosine = _unitJ.Dot(_unitK);
    }

    /// <summary>Its cosine.</summary>
    public double Cosine { get; }

    /// <summary>Derivatives by the two offsets of a function of the two distances and the cosine.</summary>
    /// <param name="byJ">Derivative by the first distance.</param>
    /// <param name="byK">Derivative by the second distance.</param>
    /// <param name="byCosine">Derivative by the cosine.</param>
    public (Vector3D J, Vector3D K) Gradient(double byJ, double byK, double byCosine) => (
        byJ * _unitJ + byCosine * _inverseJ * (_unitK - Cosine * _unitJ),
        byK * _unitK + byCosine * _inverseK * (_unitJ - Cosine * _unitK));
}

using System.Runtime.InteropServices;

namespace Polymorph.Structures.Symmetry.Kernels;

/// <summary>The struct <c>SpglibDataset</c> of spglib 1.16 to 2: same order, same sizes.</summary>
/// <remarks>Source: spglib.h; A. Togo, I. Tanaka, arXiv:1808.01590.</remarks>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct SpglibDataset
{
    public const int InternationalLength = 11;
    public const int HallLength = 17;
    public const int ChoiceLength = 6;
    public const int SiteSymmetryLength = 7;
    public const int PointGroupLength = 6;

    public int SpacegroupNumber;
    public int HallNumber;
    public fixed byte International[InternationalLength];
    public fixed byte Hall[HallLength];
    public fixed byte Choice[ChoiceLength];
    public fixed double Transformation[9];
    public fixed double OriginShift[3];
    public int OperationCount;
    public int* Rotations;
    public double* Translations;
    public int AtomCount;
    public int* Wyckoffs;
    public byte* SiteSymmetries;
    public int* EquivalentAtoms;
    public int* CrystallographicOrbits;
    public fixed double PrimitiveLattice[9];
    public int* ToPrimitive;
    public int StandardAtomCount;
    public fixed double StandardLattice[9];
    public int* StandardTypes;
    public double* StandardPositions;
    public fixed double StandardRotation[9];
    public int* StandardToPrimitive;
    public fixed byte PointGroup[PointGroupLength];
}

namespace Polymorph.Energies.Relaxation;

internal static class Tuning
{
    public static double Model = 1, Floor = 1, Stretch = 34, Decay = 3, Bend = 4, BendDecay = 2, Cut = 2.2, BendCut = 1.4, Every = 1, MaxStep = 0.2, Rough = 1, Memory = 40, FirstReach = 0.2, Grow = 2, Raise = 0, MemBelow = 1e9, StrainFloor = 0.06, Torsion = 0, Scale = 1, Dom = 0;
}

using Polymorph.Foundation;
using Polymorph.Structures;

namespace Polymorph.Studies.CrystalGan;

/// <summary>The energy above the hull that a training structure may bring.</summary>
internal static class TrainingEnergy
{
    /// <summary>The property, eV/atom.</summary>
    public const string Property = "energy_above_hull";

    // Below a hull by half an eV/atom, or above it by ten, is no crystal of a data set but a total energy or another unit.
    private const double Least = -0.5;
    private const double Most = 10;

    /// <summary>Its value, or NaN where the structure has none.</summary>
    /// <param name="crystal">The structure.</param>
    /// <exception cref="PolymorphException">PM7311: it is no energy above a hull in eV/atom.</exception>
    public static double Of(Structure crystal) => crystal.Properties.GetValueOrDefault(Property) switch
    {
        null => double.NaN,
        double energy and >= Least and <= Most => energy,
        long energy and >= 0 and <= (long)Most => energy,
        var other => throw new PolymorphException("PM7311", FormattableString.Invariant($"the property '{Property}' is '{other}', not an energy above the hull in eV/atom ({Least} to {Most})"), crystal.Id, "Give the energy above the hull per atom, not a total energy ('polymorph hull' computes it), or remove the property."),
    };
}

using System.Collections.Immutable;
using Polymorph.Structures;

namespace Polymorph.Studies.Relaxations;

/// <summary>Relaxed structures as they are written to files.</summary>
internal static class RelaxedStructures
{
    /// <summary>Property with the distance that the relaxation moved the atoms, Å.</summary>
    public const string DistanceProperty = "relaxation_rmsd";

    // What a file may say about the structure before it was relaxed.
    private static readonly string[] Stale = ["energy", "free_energy", "energies", "forces", "stress", "stresses", "virial", "virials", "momenta", "velocities", "magmom", "magmoms", "charges", "dipole"];

    /// <summary>The relaxed geometry with its energy, method and status; what the file said about the start is kept as far as it is still true.</summary>
    public static Structure ToStructure(Relaxed relaxed)
    {
        var r = relaxed.Result;
        var s = r.Structure;
        var properties = s.Properties.RemoveRange(Stale)
            .SetItem("id", relaxed.Id).SetItem("energy", r.EnergyEV).SetItem("method", r.Method).SetItem("status", relaxed.StatusText)
            .SetItem("max_force", r.MaximumForce).SetItem("force_evaluations", (long)r.ForceEvaluations);
        if (r.Stress is { } t)
        {
            properties = properties.SetItem("stress", new[] { t.XX, t.XY, t.XZ, t.XY, t.YY, t.YZ, t.XZ, t.YZ, t.ZZ });
        }

        properties = relaxed.Rmsd is { } rmsd ? properties.SetItem(DistanceProperty, rmsd) : properties.Remove(DistanceProperty);
        return new Structure(s.Species, s.Positions, s.Lattice, s.Periodicity, relaxed.Id, properties, s.AtomProperties.RemoveRange(Stale));
    }
}

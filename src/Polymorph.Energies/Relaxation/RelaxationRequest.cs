using Polymorph.Foundation;
using Polymorph.Structures;

namespace Polymorph.Energies.Relaxation;

/// <summary>Checks that what is asked for fits the structure and the engine, before anything is moved.</summary>
internal static class RelaxationRequest
{
    /// <summary>Throws when it cannot be done at all.</summary>
    /// <exception cref="PolymorphException">PM6160: a free cell of something that is no crystal. PM6162: a fixed atom that the structure does not have.
    /// PM6164: symmetry is to be kept in something that is no crystal.</exception>
    public static void Check(Structure start, RelaxationOptions options)
    {
        string? place = start.Id.Length > 0 ? start.Id : null;
        if (options.Cell != CellFreedom.Fixed && start.Periodicity != Periodicity.Full)
        {
            throw new PolymorphException("PM6160", "the cell can only be relaxed when it repeats along all three axes", place,
                "Relax molecules and slabs with a fixed cell.", ExitCode.Usage);
        }

        if (options.KeepSymmetry && start.Periodicity != Periodicity.Full)
        {
            throw new PolymorphException("PM6164", "symmetry can only be kept in crystals that repeat along all three axes", place,
                "Relax molecules and slabs without it.", ExitCode.Usage);
        }

        foreach (int atom in options.FixedAtoms)
        {
            if ((uint)atom >= (uint)start.AtomCount)
            {
                throw new PolymorphException("PM6162", $"atom {atom} is to stay fixed, but the structure has the atoms 0 to {start.AtomCount - 1}", place,
                    "Correct the list of fixed atoms; the first atom has the index 0.", ExitCode.Usage);
            }
        }
    }

    /// <summary>PM6163: fixed atoms that the symmetry moves.</summary>
    public static PolymorphException FixedAtomsBreakSymmetry(Structure start) =>
        new("PM6163", "the symmetry that is to be kept maps fixed atoms on free ones", start.Id.Length > 0 ? start.Id : null,
            "Fix all equivalent atoms, or relax without symmetry.", ExitCode.Usage);

    /// <summary>PM6161: a free cell with an engine that has no stress.</summary>
    public static PolymorphException NoStress(Structure start, string method) =>
        new("PM6161", $"the engine {method} gives no stress, which a free cell needs", start.Id.Length > 0 ? start.Id : null,
            "Relax with a fixed cell, or choose an engine with stress.", ExitCode.Usage);
}

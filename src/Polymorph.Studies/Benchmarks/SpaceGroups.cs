using Polymorph.Foundation;
using Polymorph.Structures;
using Polymorph.Structures.Symmetry;

namespace Polymorph.Studies.Benchmarks;

/// <summary>Space groups of many crystals, for their histogram.</summary>
public static class SpaceGroups
{
    /// <summary>Tolerance, Å: generated structures are seldom as exact as relaxed ones.</summary>
    public const double Symprec = 0.1;

    /// <summary>The number of the space group of each crystal, 0 where none is found.</summary>
    /// <param name="structures">Crystals.</param>
    /// <param name="threads">How many threads.</param>
    /// <param name="tick">Called after each crystal, from any thread.</param>
    /// <param name="cancellation">Stops.</param>
    /// <returns>Null when the library spglib is not installed.</returns>
    public static int[]? Of(IReadOnlyList<Structure> structures, int threads, Action? tick = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(structures);
        try
        {
            _ = SymmetryFinder.LibraryVersion;
        }
        catch (PolymorphException)
        {
            // Asking for the version fails for one reason only: there is no library.
            return null;
        }

        var numbers = new int[structures.Count];
        Parallel.For(0, structures.Count, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation }, i =>
        {
            try
            {
                numbers[i] = SymmetryFinder.Find(structures[i], Symprec).Number;
            }
            catch (PolymorphException)
            {
                // Atoms nearer than the tolerance, too many atoms: a crystal without a group is a class of its own.
                numbers[i] = 0;
            }

            tick?.Invoke();
        });
        return numbers;
    }
}

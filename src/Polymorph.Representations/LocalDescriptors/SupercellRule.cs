using Polymorph.Structures;

namespace Polymorph.Representations.LocalDescriptors;

/// <summary>The smallest supercell in which every neighbour within a cutoff is the nearest image of its atom.</summary>
/// <remarks>The order of the search is that of the code published with the LoGAN paper (github.com/Madsen-s-research-group/logan); where that code finds
/// nothing, (m + 1) cells along each axis are taken.</remarks>
public static class SupercellRule
{
    /// <summary>Repetitions along a, b, c.</summary>
    /// <param name="cell">The cell, or null for a molecule.</param>
    /// <param name="periodicity">Axes that repeat; the others are never multiplied.</param>
    /// <param name="cutoffRadius">r_c, Å.</param>
    /// <returns>(1, 1, 1) when half the smallest distance between opposite faces is at least the cutoff; else the first candidate
    /// (i, j, k) in ascending order of i·j·k, i, j whose half distance exceeds it.</returns>
    public static (int I, int J, int K) Multiples(Lattice? cell, Periodicity periodicity, double cutoffRadius)
    {
        if (cell is null || !periodicity.Any)
        {
            return (1, 1, 1);
        }

        var frame = new PeriodicFrame(cell, periodicity);
        double radius = Radius(frame, 1, 1, 1);
        if (cutoffRadius <= radius)
        {
            return (1, 1, 1);
        }

        int m = (int)Math.Ceiling(cutoffRadius / radius);
        for (int cells = 1; cells <= m * m * m; cells++)
        {
            for (int i = 1; i <= cells; i++)
            {
                for (int j = 1; cells % i == 0 && j <= cells / i; j++)
                {
                    int k = cells / i / j;
                    bool divides = i * j * k == cells && (frame.Repeats[0] || i == 1) && (frame.Repeats[1] || j == 1) && (frame.Repeats[2] || k == 1);
                    if (divides && Radius(frame, i, j, k) > cutoffRadius)
                    {
                        return (i, j, k);
                    }
                }
            }
        }

        return (frame.Repeats[0] ? m + 1 : 1, frame.Repeats[1] ? m + 1 : 1, frame.Repeats[2] ? m + 1 : 1);
    }

    // Half the smallest distance between opposite faces of a supercell, over the axes that repeat.
    private static double Radius(PeriodicFrame frame, int i, int j, int k)
    {
        var distance = frame.Cell.FaceDistances;
        double smallest = double.PositiveInfinity;
        foreach (var (repeats, length) in new[] { (frame.Repeats[0], i * distance.X), (frame.Repeats[1], j * distance.Y), (frame.Repeats[2], k * distance.Z) })
        {
            smallest = repeats ? Math.Min(smallest, length) : smallest;
        }

        return 0.5 * smallest;
    }
}

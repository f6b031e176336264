namespace Polymorph.Structures;

/// <summary>Two atoms (or an atom and an image) and how far they are apart.</summary>
/// <param name="First">Index of the first atom.</param>
/// <param name="Second">Index of the second; equal to the first when an atom is near its own image.</param>
/// <param name="Image">Image of the second.</param>
/// <param name="Distance">Their distance, Å.</param>
public readonly record struct ClosePair(int First, int Second, CellImage Image, double Distance)
{
    /// <summary>Some pair of atoms nearer than a threshold, or null; stops at the first one found, so its cost is bounded for any input.</summary>
    /// <param name="structure">The structure.</param>
    /// <param name="threshold">Distances strictly below it count, Å; positive.</param>
    public static ClosePair? FindAny(Structure structure, double threshold)
    {
        ArgumentNullException.ThrowIfNull(structure);
        var basis = new SearchBasis(structure.Lattice, structure.Periodicity);
        if (basis.ShortestVector < threshold)
        {
            return new ClosePair(0, 0, basis.ShortestImage, basis.ShortestVector);
        }

        var visitor = new Closest(stopAtFirst: true);
        new CellGrid(structure.Positions, structure.Lattice, structure.Periodicity, threshold).ForEachPair(ref visitor);
        return visitor.Best;
    }

    /// <summary>The two nearest atoms, periodic images included; null for a single atom in free space.</summary>
    /// <param name="structure">The structure.</param>
    public static ClosePair? Nearest(Structure structure)
    {
        ArgumentNullException.ThrowIfNull(structure);
        if (structure.AtomCount == 1 && !structure.Periodicity.Any)
        {
            return null;
        }

        // Most structures have a bond shorter than 2 Å; sparse ones double the radius until something is inside.
        for (double radius = 2; ; radius *= 2)
        {
            var visitor = new Closest(stopAtFirst: false);
            new CellGrid(structure.Positions, structure.Lattice, structure.Periodicity, radius).ForEachPair(ref visitor);
            if (visitor.Best is not null)
            {
                return visitor.Best;
            }
        }
    }

    private struct Closest(bool stopAtFirst) : IPairVisitor
    {
        public ClosePair? Best { get; private set; }

        public bool Visit(int first, int second, CellImage image, Vector3D offset, double distance)
        {
            if (Best is not { } best || distance < best.Distance
                || (distance == best.Distance && (first, second, image).CompareTo((best.First, best.Second, best.Image)) < 0))
            {
                Best = new ClosePair(first, second, image, distance);
            }

            return !stopAtFirst;
        }
    }
}

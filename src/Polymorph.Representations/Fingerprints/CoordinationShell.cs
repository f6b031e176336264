using Polymorph.Structures;

namespace Polymorph.Representations.Fingerprints;

/// <summary>The neighbours of one atom with the weight of the bond to each, heaviest first, and from them how much speaks for each coordination number.</summary>
/// <remarks>The near-neighbour analysis CrystalNN: Pan, Ganose, Horton et al., Inorg. Chem. 60 (2021) 1590. Weights are solid angles of Voronoi faces times
/// solid angle per area, times 1 + 3 √(|ΔX| / 3.3), cut off where the distance exceeds the sum of covalent radii by 0.5 to 1 Å, as shares of the largest, rounded to 3 decimals.
/// Coordination number n weighs [A(wₙ) − A(wₙ₊₁)] / (π/4), A(x) the area under the unit quarter circle from 0 to x.</remarks>
internal sealed class CoordinationShell
{
    private const double NearEdge = 0.5, FarEdge = 1.0, ElectronegativityWeight = 3.0, LargestDifference = 3.3;

    private readonly List<Entry> _entries = [];

    /// <summary>Number of neighbours of any weight.</summary>
    public int Count => _entries.Count;

    /// <summary>Position of a neighbour relative to the atom, Å.</summary>
    /// <param name="index">Rank by weight.</param>
    public Vector3D this[int index] => _entries[index].Neighbor.Offset;

    /// <summary>Weighs the faces of an atom's Voronoi polyhedron.</summary>
    /// <param name="centre">The atom's element.</param>
    /// <param name="species">Element of every atom.</param>
    /// <param name="faces">Its faces, at least one.</param>
    public void Build(Element centre, IReadOnlyList<Element> species, ReadOnlySpan<VoronoiFace> faces)
    {
        _entries.Clear();
        double largest = 0;
        foreach (var face in faces)
        {
            var element = species[face.Neighbor.Index];
            double difference = Math.Abs(BondingTable.Electronegativity(centre) - BondingTable.Electronegativity(element));
            double weight = face.SolidAngle * (face.SolidAngle / face.Area) * (double.IsNaN(difference) ? 1 : 1 + ElectronegativityWeight * Math.Sqrt(difference / LargestDifference));
            largest = Math.Max(largest, weight);
            _entries.Add(new Entry(face.Neighbor, weight));
        }

        for (int i = 0; i < _entries.Count; i++)
        {
            var (neighbor, weight) = _entries[i];
            double bond = BondingTable.Radius(centre) + BondingTable.Radius(species[neighbor.Index]);
            _entries[i] = new Entry(neighbor, weight / largest * Cutoff(neighbor.Distance - bond));
        }

        // Neighbours of equal weight are ordered by distance, so that the result does not depend on the order of the faces.
        _entries.Sort((a, b) => b.Weight != a.Weight ? b.Weight.CompareTo(a.Weight) : a.Neighbor.CompareTo(b.Neighbor));
        for (int i = 0; i < _entries.Count; i++)
        {
            _entries[i] = _entries[i] with { Weight = Math.Round(_entries[i].Weight, 3) };
        }

        _entries.RemoveAll(e => e.Weight <= 0);
    }

    /// <summary>How much speaks for a coordination number, 0 to 1.</summary>
    /// <param name="neighbours">The coordination number, at least 1; its members are the first so many neighbours.</param>
    public double CoordinationWeight(int neighbours)
    {
        if (neighbours > _entries.Count)
        {
            return 0;
        }

        double weight = _entries[neighbours - 1].Weight, next = neighbours < _entries.Count ? _entries[neighbours].Weight : 0;
        return weight == next ? 0 : (QuarterCircle(weight) - QuarterCircle(next)) / (Math.PI / 4);
    }

    private static double Cutoff(double excess) =>
        excess <= NearEdge ? 1 : excess < FarEdge ? (Math.Cos((excess - NearEdge) / (FarEdge - NearEdge) * Math.PI) + 1) / 2 : 0;

    private static double QuarterCircle(double x) => (x * Math.Sqrt(1 - x * x) + Math.Asin(x)) / 2;

    private readonly record struct Entry(Neighbor Neighbor, double Weight);
}

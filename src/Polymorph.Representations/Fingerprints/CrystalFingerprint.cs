using System.Runtime.InteropServices;
using Polymorph.Structures;

namespace Polymorph.Representations.Fingerprints;

/// <summary>The structure fingerprint of the coverage metrics: 61 numbers that say with what weight the atoms have each coordination number, and how much like each motif.</summary>
/// <remarks>The mean over sites of matminer's CrystalNN "ops" fingerprint: Zimmermann and Jain, RSC Adv. 10 (2020) 6063. An instance belongs to one thread.</remarks>
public sealed class CrystalFingerprint
{
    private const double Cutoff = 7, CutoffMargin = 0.01;
    private const int LargestCoordination = 24, FirstNeighbours = 60;

    private static readonly Feature[] Features = [.. Table()];

    private readonly VoronoiPolyhedron _polyhedron = new();
    private readonly CoordinationShell _shell = new();
    private readonly List<VoronoiFace> _faces = [];

    /// <summary>Length of a fingerprint.</summary>
    public static int Length => Features.Length;

    /// <summary>Names of the features, such as <c>tetrahedral CN_4</c>.</summary>
    public static IReadOnlyList<string> Labels { get; } = [.. Features.Select(f => $"{f.Name} CN_{f.Coordination}")];

    /// <summary>The mean fingerprint of a crystal.</summary>
    /// <param name="structure">A structure that repeats along all three axes.</param>
    /// <returns>[61], or null when an atom has no closed Voronoi polyhedron, an element has no covalent radius (atomic number above 96), or two atoms coincide.</returns>
    /// <exception cref="ArgumentException">The structure does not repeat along all three axes.</exception>
    public double[]? Of(Structure structure)
    {
        ArgumentNullException.ThrowIfNull(structure);
        var mean = new double[Length];
        var site = new double[Length];
        if (!Prepare(structure, out var cutoff))
        {
            return null;
        }

        var neighbours = NeighborList.Build(structure, cutoff);
        for (int atom = 0; atom < structure.AtomCount; atom++)
        {
            if (!Site(structure, atom, ref neighbours, site))
            {
                return null;
            }

            for (int k = 0; k < mean.Length; k++)
            {
                mean[k] += site[k] / structure.AtomCount;
            }
        }

        return mean;
    }

    /// <summary>The fingerprint of one atom.</summary>
    /// <param name="structure">A structure that repeats along all three axes.</param>
    /// <param name="atom">Index of the atom.</param>
    /// <returns>[61], or null as in <see cref="Of(Structure)"/>.</returns>
    public double[]? OfSite(Structure structure, int atom)
    {
        ArgumentNullException.ThrowIfNull(structure);
        var site = new double[Length];
        if (!Prepare(structure, out double cutoff))
        {
            return null;
        }

        var neighbours = NeighborList.Build(structure, cutoff);
        return Site(structure, atom, ref neighbours, site) ? site : null;
    }

    /// <summary>Checks a structure and guesses the distance within which the neighbours that bound the polyhedra lie.</summary>
    private static bool Prepare(Structure structure, out double cutoff)
    {
        if (structure.Lattice is not { } lattice || structure.Periodicity != Periodicity.Full)
        {
            throw new ArgumentException("coordination motifs are defined for structures that repeat along all three axes", nameof(structure));
        }

        cutoff = Math.Min(Cutoff, Math.Cbrt(FirstNeighbours * lattice.Volume / structure.AtomCount / (4 * Math.PI / 3)));
        foreach (var element in structure.Species)
        {
            if (double.IsNaN(BondingTable.Radius(element)))
            {
                return false;
            }
        }

        return true;
    }

    private bool Site(Structure structure, int atom, ref NeighborList neighbours, Span<double> result)
    {
        // Neighbours within 7 Å bound the polyhedron, as in the published method, more of them only where these leave it open.
        while (!Surround(neighbours.Of(atom), neighbours.Cutoff))
        {
            double most = LongestDiagonal(structure.Lattice!) + CutoffMargin;
            double next = neighbours.Cutoff < Cutoff ? Math.Min(Cutoff, 1.5 * neighbours.Cutoff) : Math.Min(2 * neighbours.Cutoff, most);
            if (next <= neighbours.Cutoff || neighbours.Of(atom) is [{ Distance: < 1e-6 }, ..])
            {
                return false;
            }

            neighbours = NeighborList.Build(structure, next);
        }

        _faces.Clear();
        for (int face = 0; face < _polyhedron.FaceCount; face++)
        {
            var (index, angle, area) = _polyhedron.Measure(face);
            if (angle > 0 && area > 0)
            {
                _faces.Add(new VoronoiFace(neighbours.Of(atom)[index], angle, area));
            }
        }

        _shell.Build(structure.Species[atom], structure.Species, CollectionsMarshal.AsSpan(_faces));
        Evaluate(result);
        return true;
    }

    /// <summary>Builds the polyhedron; false when neighbours beyond the cutoff are needed.</summary>
    private bool Surround(ReadOnlySpan<Neighbor> neighbours, double cutoff)
    {
        _polyhedron.Reset();
        for (int i = 0; i < neighbours.Length && neighbours[i].Distance <= 2 * _polyhedron.Radius; i++)
        {
            if (neighbours[i].Distance < 1e-6)
            {
                return false;
            }

            _polyhedron.Cut(neighbours[i].Offset, i);
        }

        return _polyhedron.IsClosed && (cutoff >= Cutoff || 2 * _polyhedron.Radius <= cutoff);
    }

    private void Evaluate(Span<double> result)
    {
        int most = Math.Min(_shell.Count, LargestCoordination);
        Span<Vector3D> directions = stackalloc Vector3D[LargestCoordination];
        Span<double> lengths = stackalloc double[LargestCoordination];
        for (int i = 0; i < most; i++)
        {
            lengths[i] = _shell[i].Length;
            directions[i] = _shell[i] * (1 / lengths[i]);
        }

        for (int k = 0; k < Features.Length; k++)
        {
            var (coordination, _, measure) = Features[k];
            double weight = _shell.CoordinationWeight(coordination);
            result[k] = weight == 0 || measure is null ? weight : weight * measure(directions[..coordination], lengths[..coordination]);
        }
    }

    private static double LongestDiagonal(Lattice lattice)
    {
        Vector3D a = lattice.A, b = lattice.B, c = lattice.C;
        return Math.Max(Math.Max((a + b + c).Length, (b + c - a).Length), Math.Max((a - b + c).Length, (a + b - c).Length));
    }

    /// <summary>The features in order. The parameters are those of the optimised order parameters of Zimmermann and Jain 2020.</summary>
    private static IEnumerable<Feature> Table()
    {
        const double pole = 0.75 * Math.PI, tetrahedral = 0.6081734479693927;
        for (int n = 1; n <= LargestCoordination; n++)
        {
            yield return new Feature(n, "wt", null);
            (string Name, Measure Measure)[] motifs = n switch
            {
                1 => [("sgl_bd", (_, lengths) => OrderParameters.SingleBond(lengths))],
                2 =>
                [
                    Like("L-shaped", new EqualAngles(0.5, 15.15)), Like("water-like", new EqualAngles(0.5802777777777778, 13.95)),
                    Like("bent 120 degrees", new EqualAngles(2 / 3.0, 13.25)), Like("bent 150 degrees", new EqualAngles(5 / 6.0, 12.45)), Like("linear", new EqualAngles(1, 8.667)),
                ],
                3 => [Like("trigonal planar", new EqualAngles(2 / 3.0, 17.5)), Like("trigonal non-coplanar", new EqualAngles(tetrahedral, 18.33, 1.5)), Like("T-shaped", new Pyramid(15.5, 1))],
                4 =>
                [
                    Like("square co-planar", new Bipyramid(pole, 13.5, 17.7, 1)), Like("tetrahedral", new EqualAngles(tetrahedral, 18.5, 1.5)),
                    Like("rectangular see-saw-like", new Bipyramid(pole, 11.5, 27, 2, MostAzimuth: 0.75 * Math.PI)),
                    Like("see-saw-like", new Bipyramid(pole, 12.75, 15.75, 1.5)), Like("trigonal pyramidal", new Pyramid(15.5, 1.5)),
                ],
                5 => [Like("pentagonal planar", new Pentagon(0.6, 19.333)), Like("square pyramidal", new Pyramid(14.9, 2)), Like("trigonal bipyramidal", new Bipyramid(pole, 12, 16.6, 1.5))],
                6 =>
                [
                    Like("hexagonal planar", new Bipyramid(2.6179938779914944, 7.5, 25, 1, Tilt: 1 / 6.0)),
                    Like("octahedral", new Bipyramid(pole, 15, 18, 2)), Like("pentagonal pyramidal", new Pyramid(13.8, 2.5)),
                ],
                7 => [Like("hexagonal pyramidal", new Pyramid(12.5, 3)), Like("pentagonal bipyramidal", new Bipyramid(pole, 12.5, 14.75, 2.5))],
                8 => [("body-centered cubic", (directions, _) => OrderParameters.BodyCentredCubic(directions)), Like("hexagonal bipyramidal", new Bipyramid(pole, 14.1, 13.6, 3))],
                12 => [Like("cuboctahedral", new Cuboctahedron()), Degree(2), Degree(4), Degree(6)],
                >= 9 and <= 11 => [Degree(2), Degree(4), Degree(6)],
                _ => [],
            };
            foreach (var (name, measure) in motifs)
            {
                yield return new Feature(n, name, measure);
            }
        }

        static (string, Measure) Like(string name, Motif motif) => (name, (directions, _) => OrderParameters.Of(motif, directions));
        static (string, Measure) Degree(int degree) => ($"q{degree}", (directions, _) => OrderParameters.Steinhardt(degree, directions));
    }

    private delegate double Measure(ReadOnlySpan<Vector3D> directions, ReadOnlySpan<double> lengths);

    private readonly record struct Feature(int Coordination, string Name, Measure? Measure);
}

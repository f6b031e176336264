using Polymorph.Learning;
using Polymorph.Selection.Metrics;
using Polymorph.Structures;
using Polymorph.Testing;
using Xunit;

namespace Polymorph.Selection.Tests.Metrics;

/// How far atoms moved, against pymatgen's matcher and SciPy's rotation.
public sealed class RelaxationDistanceTests
{
    [Fact]
    public void CrystalsAreMeasuredAsWithPymatgensMatcher()
    {
        Structure[] before = [.. ReferenceData.Json("golden/matching/fingerprints.json").GetProperty("structures").EnumerateArray().Select(ReferenceCrystal.OfParameters).Take(12)];
        Structure[] after = [.. before.Select((s, i) => Moved(s, 0.02 + 0.01 * i, strain: 0.004 * i, (uint)i))];

        // The settings and the unit of the published code (Zeni et al. 2025); the mean of the two cells is taken parameter by parameter.
        var expected = PythonCrystals.Ask("""
            from pymatgen.core import Lattice, Structure
            from pymatgen.analysis.structure_matcher import StructureMatcher
            matcher = StructureMatcher(ltol=0.5, stol=0.5, angle_tol=10, primitive_cell=True, scale=False, attempt_supercell=True)
            crystals = [Structure(Lattice(s['cell']), s['z'], s['r'], coords_are_cartesian=True) for s in data]
            for a, b in zip(crystals[::2], crystals[1::2]):
                match = matcher.get_rms_dist(a, b)
                mean = Lattice.from_parameters(*[(p + q) / 2 for p, q in zip(a.lattice.parameters, b.lattice.parameters)])
                print(None if match is None else match[0] * (mean.volume / len(a)) ** (1 / 3))
            """, ["pymatgen"], before.Zip(after).SelectMany(p => new[] { p.First, p.Second }));
        Assert.Equal(12, expected.OfType<double>().Count());

        // The matcher's own accuracy, 1e-5 of an interatomic distance of about 3 Å.
        Assert.All(before.Zip(after).Zip(expected), p => Assert.Equal(p.Second!.Value, RelaxationDistance.Of(p.First.First, p.First.Second)!.Value, 3e-5));
    }

    [Fact]
    public void MoleculesAreMeasuredAsWithScipysRotation()
    {
        // A chiral heap of atoms and a flat one: a mirror image must not count as a rotation.
        var random = new CounterRandom(11, 1).Sequence(0);
        Structure[] before = [.. Enumerable.Range(0, 6).Select(k => new Structure(
            [.. Enumerable.Repeat(new Element(6), 7)], [.. Enumerable.Range(0, 7).Select(_ => new Vector3D(4 * random.NextDouble(), 4 * random.NextDouble(), k % 2 * 4 * random.NextDouble()))]))];
        Structure[] after = [.. before.Select((s, k) => Turned(Moved(s, 0.1 * (k + 1), strain: 0, (uint)k), mirrored: k == 3))];
        var expected = PythonCrystals.Ask("""
            import numpy
            from scipy.spatial.transform import Rotation
            molecules = [numpy.array(s['r']) for s in data]
            for a, b in zip(molecules[::2], molecules[1::2]):
                _, rssd = Rotation.align_vectors(a - a.mean(axis=0), b - b.mean(axis=0))
                print(rssd / len(a) ** 0.5)
            """, ["scipy"], before.Zip(after).SelectMany(p => new[] { p.First, p.Second }));
        Assert.All(before.Zip(after).Zip(expected), p => Assert.Equal(p.Second!.Value, RelaxationDistance.Of(p.First.First, p.First.Second)!.Value, 1e-6));   // square roots of differences of sums near 100
        Assert.InRange(expected[3]!.Value, 0.5, 5);
    }

    [Fact]
    public void NothingMovedIsZeroAndTheOrderOfAtomsIsKept()
    {
        var crystal = ReferenceCrystal.OfParameters(ReferenceData.Json("golden/matching/fingerprints.json").GetProperty("structures")[3]);
        Assert.Equal(0, RelaxationDistance.Of(crystal, crystal)!.Value, 3e-5);   // the matcher stops looking below 1e-5 of an interatomic distance
        var molecule = new Structure([new(8), new(1), new(1)], [new(0, 0, 0), new(0.96, 0, 0), new(-0.24, 0.93, 0)]);
        Assert.Equal(0, RelaxationDistance.Of(molecule, Turned(molecule, mirrored: false))!.Value, 1e-5);   // the square root of what rounding leaves of a difference
        Assert.Equal(0, RelaxationDistance.Of(new Structure([new(8)], [new(1, 2, 3)]), new Structure([new(8)], [new(0, 0, 0)])));
        Assert.Null(RelaxationDistance.Of(Slab(), Slab()));
        Assert.Throws<ArgumentException>(() => RelaxationDistance.Of(molecule, crystal));

        static Structure Slab() => new([new(6)], [new(0, 0, 0)], Lattice.Cubic(4), new Periodicity(true, true, false));
    }

    private static Structure Moved(Structure s, double length, double strain, uint stream)
    {
        var noise = new float[3 * s.AtomCount];
        new CounterRandom(5, 2).Sequence(stream).FillNormal(noise);
        var atoms = s.Positions.Select((r, i) => r + length * new Vector3D(noise[3 * i], noise[3 * i + 1], noise[3 * i + 2]));
        if (s.Lattice is not { } cell)
        {
            return s.WithPositions([.. atoms]);
        }

        Vector3D Strained(Vector3D v) => new((1 + strain) * v.X + strain * v.Y, v.Y, (1 - strain / 2) * v.Z);
        return new Structure(s.Species, [.. atoms.Select(Strained)], new Lattice(Strained(cell.A), Strained(cell.B), Strained(cell.C)));
    }

    private static Structure Turned(Structure s, bool mirrored) =>
        s.WithPositions([.. s.Positions.Select(r => new Vector3D(0.36 * r.X + 0.48 * r.Y - 0.8 * r.Z + 7, -0.8 * r.X + 0.6 * r.Y, (mirrored ? -1 : 1) * (0.48 * r.X + 0.64 * r.Y + 0.6 * r.Z) - 2))]);
}

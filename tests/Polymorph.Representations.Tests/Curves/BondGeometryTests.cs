using System.Globalization;
using System.Text.Json;
using Polymorph.Foundation;
using Polymorph.Representations.Curves;
using Polymorph.Structures;
using Polymorph.Structures.Bonds;
using Polymorph.Testing;
using Xunit;

namespace Polymorph.Representations.Tests.Curves;

/// Coordination numbers, lengths, angles and radial distributions against crystals known in closed form and against ASE's neighbour list.
public sealed class BondGeometryTests
{
    private const double CarbonBond = 1.5445;

    // Diamond: a = 4/√3 bonds.
    private static readonly Lattice Face = new(new(0, 0.5, 0.5), new(0.5, 0, 0.5), new(0.5, 0.5, 0));
    private static readonly double Edge = 4 / Math.Sqrt(3) * CarbonBond;
    private static readonly Structure Diamond = new([new(6), new(6)], [default, new(Edge / 4, Edge / 4, Edge / 4)], new Lattice(Edge * Face.A, Edge * Face.B, Edge * Face.C));
    private static readonly Structure Salt = new([new(11), new(17)], [default, new(2.82, 0, 0)], new Lattice(5.64 * Face.A, 5.64 * Face.B, 5.64 * Face.C));

    [Fact]
    public void DiamondHasFourBondsAtTetrahedralAngles()
    {
        var bonds = BondGeometry.Of(Diamond);
        Assert.Equal([4, 4], bonds.Coordination);
        var lengths = Assert.Single(bonds.Lengths());
        Assert.Equal(("C-C", 4), (lengths.Label, lengths.Count));
        Assert.Equal(CarbonBond, lengths.Mean, tolerance: 1e-12);
        Assert.Equal(4, lengths.Bins.Sum());
        var angles = Assert.Single(bonds.Angles());
        Assert.Equal(("C-C-C", 12), (angles.Label, angles.Count));
        Assert.Equal(180 / Math.PI * Math.Acos(-1.0 / 3), angles.Smallest, tolerance: 1e-9);
        Assert.Equal(angles.Smallest, angles.Largest, tolerance: 1e-9);
    }

    [Fact]
    public void RockSaltIsSixfoldAndRightAngled()
    {
        // Factor 1.1: sodium and sodium, 3.99 Å apart, are nearer than 1.3 times twice sodium's radius.
        var bonds = BondGeometry.Of(Salt, new BondRule { Factor = 1.1 });
        Assert.Equal([6, 6], bonds.Coordination);
        Assert.Equal(6, Assert.Single(bonds.Lengths()).Count);
        Assert.All(bonds.Angles(), a =>
        {
            Assert.Equal(15, a.Count);
            Assert.Equal((90.0, 180.0), (Math.Round(a.Smallest, 9), Math.Round(a.Largest, 9)));
            Assert.Equal((12 * 90 + 3 * 180) / 15.0, a.Mean, tolerance: 1e-9);
        });
        Assert.Equal(["Cl-Na-Cl", "Na-Cl-Na"], bonds.Angles().Select(a => a.Label));
    }

    [Fact]
    public void MoleculesHaveBondsTooAndLoneAtomsNone()
    {
        var water = new Structure([new(8), new(1), new(1)], [new(0, 0, 0.1173), new(0, 0.7572, -0.4692), new(0, -0.7572, -0.4692)]);
        var bonds = BondGeometry.Of(water);
        Assert.Equal([2, 1, 1], bonds.Coordination);
        Assert.Equal(2 * 180 / Math.PI * Math.Atan2(0.7572, 0.5865), Assert.Single(bonds.Angles()).Mean, tolerance: 1e-9);
        var helium = BondGeometry.Of(new Structure([new(2)], [default]));
        Assert.Empty(helium.Lengths());
        Assert.Empty(helium.Angles());
    }

    [Fact]
    public void TheRadialDistributionOfDiamondHasItsShells()
    {
        // Shells of diamond: 4 at 1, 12 at √(8/3), 12 at √(11/3) bond lengths.
        var g = RadialDistribution.Of(Diamond, range: 3.2, step: 0.1);
        double density = 8 / (Edge * Edge * Edge);
        double[] neighbours = [.. g.Total.Select((value, i) => value * density * 4 * Math.PI / 3 * (Math.Pow((i + 1) * 0.1, 3) - Math.Pow(i * 0.1, 3)))];
        Assert.Equal(4, neighbours[(int)(CarbonBond / 0.1)], tolerance: 1e-9);
        Assert.Equal(12, neighbours[(int)(CarbonBond * Math.Sqrt(8.0 / 3) / 0.1)], tolerance: 1e-9);
        Assert.Equal(12, neighbours[(int)(CarbonBond * Math.Sqrt(11.0 / 3) / 0.1)], tolerance: 1e-9);
        Assert.Equal(28, neighbours.Sum(), tolerance: 1e-9);
        Assert.Equal(g.Total, g.Pairs["C-C"]);
        Assert.Equal("PM3101", Assert.Throws<PolymorphException>(() => RadialDistribution.Of(new Structure(Diamond.Species, Diamond.Positions))).Code);
        Assert.Equal("PM3104", Assert.Throws<PolymorphException>(() => RadialDistribution.Of(Diamond, range: 1000)).Code);
    }

    [Fact]
    public void BondsAnglesAndDistributionsAgreeWithAse()
    {
        const string script = """
            import sys, json
            import numpy as np
            from ase import Atoms
            from ase.neighborlist import neighbor_list, natural_cutoffs
            answers = []
            for cell in json.load(open(sys.argv[1])):
                atoms = Atoms(numbers=cell['z'], scaled_positions=cell['x'], cell=cell['lattice'], pbc=True)
                i, d, D = neighbor_list('idD', atoms, natural_cutoffs(atoms, mult=1.3))
                angles = []
                for a in range(len(atoms)):
                    v = D[i == a] / d[i == a][:, None]
                    c = np.clip(v @ v.T, -1, 1)[np.triu_indices(len(v), 1)]
                    angles += np.degrees(np.arccos(c)).tolist()
                far, r = neighbor_list('id', atoms, 6.0)
                edges = np.arange(0, 61) * 0.1
                shells = 4 / 3 * np.pi * (edges[1:] ** 3 - edges[:-1] ** 3)
                g = np.histogram(r, edges)[0] / (len(atoms) * len(atoms) / atoms.get_volume() * shells)
                answers.append(dict(cn=np.bincount(i, minlength=len(atoms)).tolist(), bonds=len(d), length=float(d.mean()), angles=len(angles), angle=float(np.mean(angles)),
                    g=np.cumsum(g * shells).tolist()))
            print(json.dumps(answers))
            """;
        var golden = GoldenPatterns.All();
        string input = Path.GetTempFileName();
        try
        {
            File.WriteAllText(input, $"[{string.Join(',', golden.Select(g => g.Pattern.GetProperty("cell").GetRawText()))}]");
            var answers = JsonDocument.Parse(ExternalProgram.Python(script, ["numpy", "ase"], input)).RootElement.EnumerateArray().ToList();
            Assert.All(golden.Zip(answers), pair => Agrees(pair.First.Crystal, pair.Second));
        }
        finally
        {
            File.Delete(input);
        }
    }

    private static void Agrees(Structure crystal, JsonElement expected)
    {
        var bonds = BondGeometry.Of(crystal);
        Assert.Equal(expected.GetProperty("cn").EnumerateArray().Select(n => n.GetInt32()), bonds.Coordination);
        var lengths = bonds.Lengths();
        Assert.Equal(expected.GetProperty("bonds").GetInt32(), 2 * lengths.Sum(l => l.Count));
        // Ten decimals of coordinates in the file; sums of a few hundred terms.
        Assert.Equal(expected.GetProperty("length").GetDouble(), lengths.Sum(l => l.Count * l.Mean) / lengths.Sum(l => l.Count), tolerance: 1e-9);
        var angles = bonds.Angles();
        Assert.Equal(expected.GetProperty("angles").GetInt32(), angles.Sum(a => a.Count));
        // The arc cosine of a straight angle loses half the digits: 1e-8 radian, 1e-6 degrees.
        Assert.Equal(expected.GetProperty("angle").GetDouble(), angles.Sum(a => a.Count * a.Mean) / angles.Sum(a => a.Count), tolerance: 1e-6);
        var g = RadialDistribution.Of(crystal, 6, 0.1);
        double sum = 0;
        foreach (var (value, shell) in expected.GetProperty("g").EnumerateArray().Select((v, i) => (v.GetDouble(), i)))
        {
            sum += g.Total[shell] * 4 * Math.PI / 3 * (Math.Pow((shell + 1) * 0.1, 3) - Math.Pow(shell * 0.1, 3));
            // A neighbour on the edge of two shells may fall on either side by rounding: such shells are compared further on.
            if (shell % 10 == 9)
            {
                Assert.Equal(value, sum, tolerance: 1e-6 * Math.Max(1, value) + (OnEdge(crystal, (shell + 1) * 0.1) ? value : 0));
            }
        }

        Assert.True(sum > 0, string.Create(CultureInfo.InvariantCulture, $"{crystal.Id} has no neighbours"));
    }

    private static bool OnEdge(Structure crystal, double edge) =>
        Enumerable.Range(0, crystal.AtomCount).Any(i => NeighborList.Build(crystal, 7).Of(i).ToArray().Any(n => Math.Abs(n.Distance - edge) < 1e-9));
}

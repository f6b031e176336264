using System.Collections.Immutable;
using Polymorph.Structures.Bonds;
using Polymorph.Structures.Kernels;
using Xunit;

namespace Polymorph.Structures.Tests.Bonds;

public sealed class MoleculeClassifierTests
{
    /// The bit-mask classifier must agree with the graph of the same geometry, valid or not.
    [Fact]
    public void VerdictsEqualThoseOfTheGraph()
    {
        int valid = 0;
        foreach (var molecule in PublishedMolecules.Targets.Concat(PublishedMolecules.Training))
        {
            var classifier = new MoleculeClassifier(molecule.Species);
            for (int seed = 0; seed < 40; seed++)
            {
                var draw = new RandomGraphs.Draw(seed);
                double noise = 0.02 * seed; // from intact to shattered
                float[] positions = [.. molecule.Positions.SelectMany(p => (float[])[(float)p.X, (float)p.Y, (float)p.Z]).Select(x => x + (float)(noise * (draw.Below(1000) - 500) / 500.0))];
                var shaken = molecule.WithPositions([.. Enumerable.Range(0, molecule.AtomCount).Select(i => new Vector3D(positions[3 * i], positions[3 * i + 1], positions[3 * i + 2]))]);
                var graph = BondPerception.Perceive(shaken);
                var verdict = classifier.Classify(positions);
                Assert.Equal((graph.Deviation, graph.Pieces == 1, graph.IsSaturatedMolecule), (verdict.Deviation, verdict.IsConnected, verdict.IsValid));
                Assert.Equal(graph.IsSaturatedMolecule ? graph.CanonicalSmiles : null, verdict.Smiles);
                valid += verdict.IsValid ? 1 : 0;
            }
        }

        Assert.InRange(valid, 300, 1800); // both cases occurred
    }

    /// A hydrogen pulled out of its bond still is nearest to its atom: the geometry is no molecule any more, but nearly the one it was made from.
    [Fact]
    public void AHydrogenPulledOutLeavesNearlyTheSameMolecule()
    {
        foreach (var molecule in PublishedMolecules.Targets.Concat(PublishedMolecules.Training))
        {
            var classifier = new MoleculeClassifier(molecule.Species);
            var graph = BondPerception.Perceive(molecule);
            float[] intact = Coordinates(molecule.Positions);
            var whole = classifier.NearMolecule(intact)!.Value;
            Assert.Equal(graph.CanonicalSmiles, whole.Smiles);
            foreach (int hydrogen in Enumerable.Range(0, molecule.AtomCount).Where(i => molecule.Species[i].Number == 1))
            {
                // Bonds end at 1.3 sums of radii, and those to hydrogen are 1.00 to 1.03 of them.
                int holder = graph.NeighboursOf(hydrogen)[0];
                var away = molecule.Positions[hydrogen] - molecule.Positions[holder];
                float[] pulled = Coordinates(molecule.Positions.SetItem(hydrogen, molecule.Positions[holder] + 1.35 * away));
                Assert.False(classifier.Classify(pulled).IsValid);
                var near = classifier.NearMolecule(pulled)!.Value;
                Assert.Equal(graph.CanonicalSmiles, near.Smiles);
                Assert.True(near.Strain > whole.Strain);

                // Twice the longest bond from everything: it belongs to nothing.
                Assert.Null(classifier.NearMolecule(Coordinates(molecule.Positions.SetItem(hydrogen, new Vector3D(50, 50, 50)))));
            }
        }
    }

    /// Water with bonds of 1.1 and 0.9 sums of radii, 0.97 Å: (0.1)² + (0.1)²; its hydrogens are 2.2 sums apart, which is no contact.
    [Fact]
    public void TheStrainIsThatOfItsDefinition()
    {
        var classifier = new MoleculeClassifier([new Element(8), new Element(1), new Element(1)]);
        var near = classifier.NearMolecule([0, 0, 0, 1.1f * 0.97f, 0, 0, 0, 0.9f * 0.97f, 0])!.Value;
        Assert.Equal(0.02, near.Strain, 1e-6); // single-precision distances

        // The angle closed to 30°: by the law of cosines the hydrogens are in contact.
        near = classifier.NearMolecule([0, 0, 0, 1.1f * 0.97f, 0, 0, 0.9f * 0.97f * 0.8660254f, 0.9f * 0.97f * 0.5f, 0])!.Value;
        double apart = 0.97 * Math.Sqrt(1.1 * 1.1 + 0.9 * 0.9 - 2 * 1.1 * 0.9 * Math.Cos(Math.PI / 6)) / 0.62;
        Assert.Equal(0.02 + (1.6 - apart) * (1.6 - apart), near.Strain, 1e-6);
    }

    [Fact]
    public void WithoutHeavyAtomsOrWithWrongValencesNothingIsNear()
    {
        Assert.Null(new MoleculeClassifier([new Element(1), new Element(1)]).NearMolecule([0, 0, 0, 0.74f, 0, 0]));
        Assert.Null(new MoleculeClassifier([new Element(8), new Element(1)]).NearMolecule([0, 0, 0, 0.97f, 0, 0]));
        Assert.Null(new MoleculeClassifier([new Element(8), new Element(1), new Element(1)]).NearMolecule([0, 0, 0, 0.97f, 0, 0, float.NaN, 0, 0]));
    }

    private static float[] Coordinates(ImmutableArray<Vector3D> positions) => [.. positions.SelectMany(p => (float[])[(float)p.X, (float)p.Y, (float)p.Z])];

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(64)]
    public void TheVectorKernelEqualsItsReference(int atoms)
    {
        var draw = new RandomGraphs.Draw(atoms);
        float[] positions = [.. Enumerable.Range(0, 3 * atoms).Select(_ => draw.Below(4000) * 1e-3f)];
        float[] reach = [.. Enumerable.Range(0, atoms * BondMasks.Padded(atoms)).Select(k => k % BondMasks.Padded(atoms) < atoms ? draw.Below(8) - 1f : -1f)];
        ulong[] expected = new ulong[atoms], actual = new ulong[atoms];
        BondMasks.Reference(positions, reach, expected);
        BondMasks.Simd(positions, reach, actual);
        Assert.Equal(expected, actual);
    }

    /// Large molecules take the linear-time path of bond perception: it must find the same bonds as all pairs do.
    /// </summary>
    [Fact]
    public void CellsFindTheSameBondsAsAllPairs()
    {
        var draw = new RandomGraphs.Draw(1);
        var species = Enumerable.Range(0, 400).Select(_ => new Element(draw.Below(3) switch { 0 => 1, 1 => 6, _ => 8 })).ToImmutableArray();
        var positions = Enumerable.Range(0, 400).Select(_ => new Vector3D(Coordinate(), Coordinate(), Coordinate())).ToImmutableArray();
        var graph = BondPerception.Perceive(new Structure(species, positions));
        var expected =
            from i in Enumerable.Range(0, 400)
            from j in Enumerable.Range(i + 1, 399 - i)
            where (positions[i] - positions[j]).Length < 1.3 * (species[i].CovalentRadius + species[j].CovalentRadius)
            select (i, j);
        Assert.Equal(expected, graph.Bonds);
        Assert.True(graph.BondCount > 500);

        double Coordinate() => (draw.Below(100_000) - 50_000) * 1e-4;
    }

    /// Two molecules have one key exactly when they have one canonical SMILES; rings have no key.
    [Fact]
    public void TreeKeysSeparateWhatSmilesSeparates()
    {
        var pairs = new HashSet<(string Key, string Smiles)>();
        for (int seed = 0; seed < 2000; seed++)
        {
            var graph = RandomGraphs.Molecule(seed, 1 + seed % 12, seed % 5 / 4);
            string key = Key(graph);
            Assert.Equal(graph.Rings > 0, key.Length == 0);
            pairs.UnionWith(key.Length > 0 ? [(key, graph.CanonicalSmiles)] : []);
        }

        Assert.Equal(pairs.Count, pairs.Select(p => p.Key).Distinct().Count());
        Assert.Equal(pairs.Count, pairs.Select(p => p.Smiles).Distinct().Count());
    }

    [Theory]
    [InlineData("[H][H]", 0)]
    [InlineData("C", 3)]
    [InlineData("OOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOO", 186)] // 62 in a chain, the deepest tree of 64 atoms
    public void KeysFitTheirBuffer(string smiles, int length) => Assert.Equal(length, Key(SmilesReader.Read(smiles)).Length);

    private static string Key(MolecularGraph graph)
    {
        ulong[] bonded = [.. Enumerable.Range(0, graph.AtomCount).Select(i => graph.NeighboursOf(i).ToArray().Aggregate(0UL, (mask, j) => mask | 1UL << j))];
        var buffer = new char[TreeKey.MaxLength];
        return new string(buffer, 0, TreeKey.Write(graph.Species.AsSpan(), bonded, buffer));
    }

    [Fact]
    public void InvalidGeometriesAllocateNothing()
    {
        var target = PublishedMolecules.Targets[0];
        var classifier = new MoleculeClassifier(target.Species);
        float[] scattered = [.. Enumerable.Range(0, 3 * target.AtomCount).Select(i => 5f * i)];
        float[] intact = [.. target.Positions.SelectMany(p => (float[])[(float)p.X, (float)p.Y, (float)p.Z])];
        classifier.Classify(scattered);
        string? first = classifier.Classify(intact).Smiles;
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
        {
            Assert.False(classifier.Classify(scattered).IsValid);
            Assert.Same(first, classifier.Classify(intact).Smiles);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.MaxValue)]
    public void AbsurdCoordinatesAreInvalidMolecules(float value)
    {
        var target = PublishedMolecules.Targets[0];
        float[] positions = [.. target.Positions.SelectMany(p => (float[])[(float)p.X, (float)p.Y, (float)p.Z])];
        positions[4] = value;
        var verdict = new MoleculeClassifier(target.Species).Classify(positions);
        Assert.False(verdict.IsValid || verdict.IsConnected);
    }
}

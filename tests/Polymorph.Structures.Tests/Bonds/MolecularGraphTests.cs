using FsCheck;
using FsCheck.Fluent;
using Polymorph.Foundation;
using Polymorph.Structures.Bonds;
using Polymorph.Testing;
using Xunit;

namespace Polymorph.Structures.Tests.Bonds;

public sealed class MolecularGraphTests
{
    [Fact]
    public void PublishedTargetsAreExactlyTheListedIsomers()
    {
        var found = PublishedMolecules.Targets.Select(m => BondPerception.Perceive(m)).ToList();
        Assert.All(found, graph => Assert.True(graph.IsSaturatedMolecule));
        var listed = PublishedMolecules.TargetSmiles.Select(s => SmilesReader.Read(s).CanonicalSmiles);
        Assert.Equal(listed.Order(StringComparer.Ordinal), found.Select(g => g.CanonicalSmiles).Order(StringComparer.Ordinal));
        Assert.Equal(14, found.Select(g => g.CanonicalSmiles).Distinct().Count());
    }

    [Fact]
    public void PublishedTrainingMoleculesAreThirtyNineDifferentOnes()
    {
        var names = PublishedMolecules.Training.Select(m => (m.Composition.Formula, BondPerception.Perceive(m).CanonicalSmiles)).Distinct().ToList();
        Assert.Equal((7, 32), (names.Count(n => n.Formula == "C4H10O"), names.Count(n => n.Formula == "C6H14O")));
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(9, 0)]
    [InlineData(9, 2)]
    [InlineData(14, 4)]
    [InlineData(60, 6)]
    public void TheOrderOfTheAtomsDoesNotMatter(int heavyAtoms, int ringBonds)
    {
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(60), Prop.ForAll<int>(seed =>
        {
            var graph = RandomGraphs.Molecule(seed, heavyAtoms, ringBonds);
            Assert.True(graph.IsSaturatedMolecule);
            Assert.Equal(graph.CanonicalSmiles, RandomGraphs.Renumbered(graph, seed + 5).CanonicalSmiles);
            Assert.Equal(graph.CanonicalSmiles, SmilesReader.Read(graph.CanonicalSmiles).CanonicalSmiles);
        }));
    }

    /// Symmetric cages have many equal numberings; all must give one name.
    [Theory]
    [InlineData("C12C3C4C1C5C2C3C45", 8, 5)] // cubane
    [InlineData("C1C2CC3CC1CC(C2)C3", 10, 3)] // adamantane
    [InlineData("C1CC2(C1)CC1(C2)CC2(C1)CC1(C2)CCC1", 16, 5)] // a chain of spiro rings
    [InlineData("C1CCCCCCCCCCC1", 12, 1)]
    [InlineData("C(C(C(C)(C)C)(C(C)(C)C)C(C)(C)C)(C(C(C)(C)C)(C(C)(C)C)C(C)(C)C)(C(C(C)(C)C)(C(C)(C)C)C(C)(C)C)C(C(C)(C)C)(C(C)(C)C)C(C)(C)C", 53, 0)]
    public void SymmetricMoleculesHaveOneName(string smiles, int heavyAtoms, int rings)
    {
        var graph = SmilesReader.Read(smiles);
        Assert.Equal((heavyAtoms, rings), (graph.Species.Count(e => e.Number > 1), graph.Rings));
        for (int seed = 0; seed < 5; seed++)
        {
            Assert.Equal(graph.CanonicalSmiles, RandomGraphs.Renumbered(graph, seed).CanonicalSmiles);
        }
    }

    /// The 20 rings of this ladder polymer can each be turned over: 2^20 numberings, which a search without pruning would visit.
    [Fact]
    public void ManyIndependentSymmetriesTakeNoLongTime()
    {
        string smiles = string.Concat(Enumerable.Repeat("C1CCC(CC1)", 20)) + "C";
        var graph = SmilesReader.Read(smiles);
        Assert.Equal(graph.CanonicalSmiles, RandomGraphs.Renumbered(graph, 3).CanonicalSmiles);
    }

    [Theory]
    [InlineData("CC(C)O", "CCCO")]
    [InlineData("C1CCCCC1", "C1CC1CCC")]
    [InlineData("C1CC2CCC1C2", "C1CC2CC1CC2C")]
    [InlineData("CC1CCC(C)C1", "CC1CCCC1C")]
    // Two regular graphs which colour refinement alone cannot tell apart: bicyclopentyl with a bond moved, decalin.
    [InlineData("C1CCC2CCCCC2C1", "C1CCCC1C1CCCC1")]
    public void DifferentMoleculesHaveDifferentNames(string a, string b) =>
        Assert.False(SmilesReader.Read(a).IsIsomorphicTo(SmilesReader.Read(b)));

    [Fact]
    public void AnyGraphHasAParseableName()
    {
        // A methyl radical and a hydrogen molecule; a hydrogen between two oxygens; five-bonded carbon.
        foreach (string smiles in new[] { "[CH3].[H][H]", "O[H]O", "[CH5]", "[H]", "[Fe]", "[He].[He]", "[SiH4]", "C[NH3]" })
        {
            var graph = SmilesReader.Read(smiles);
            Assert.Equal(graph.CanonicalSmiles, SmilesReader.Read(graph.CanonicalSmiles).CanonicalSmiles);
            Assert.Equal(graph.CanonicalSmiles, RandomGraphs.Renumbered(graph, 1).CanonicalSmiles);
        }
    }

    [Theory]
    [InlineData("CCCCCO")]
    [InlineData("CC(C)CCO")]
    [InlineData("CC(C)(C)CO")]
    [InlineData("CC(C)OCC")]
    public void NamesReadAsChemistsWriteThem(string smiles) => Assert.Equal(smiles, SmilesReader.Read(smiles).CanonicalSmiles);

    [Theory]
    [InlineData("", "PM2303")]
    [InlineData("C(", "PM2303")]
    [InlineData("C)", "PM2303")]
    [InlineData("C()C", "PM2303")]
    [InlineData("C1CC", "PM2303")]
    [InlineData("C11", "PM2303")]
    [InlineData("C12CC12", "PM2303")]
    [InlineData("C%1", "PM2303")]
    [InlineData("C-", "PM2303")]
    [InlineData("[C", "PM2303")]
    [InlineData("[]", "PM2303")]
    [InlineData("[CHx]", "PM2303")]
    [InlineData("Xe", "PM2303")]
    [InlineData("C C", "PM2303")]
    [InlineData("C=C", "PM2304")]
    [InlineData("c1ccccc1", "PM2304")]
    [InlineData("[NH4+]", "PM2304")]
    [InlineData("[13C]", "PM2304")]
    [InlineData("CC(C)(C)(C)C", "PM2304")]
    public void BadSmilesAreRefused(string smiles, string code) =>
        Assert.Equal(code, Assert.Throws<PolymorphException>(() => SmilesReader.Read(smiles)).Code);

    /// Any text gives a molecule or a located error.
    [Fact]
    public void AnyTextIsReadOrRefused()
    {
        const string alphabet = "CNOPSFI()[]123%@H-=.clBr+";
        for (int seed = 0; seed < 20_000; seed++)
        {
            var draw = new RandomGraphs.Draw(seed);
            string text = string.Concat(Enumerable.Range(0, draw.Below(14)).Select(_ => alphabet[draw.Below(alphabet.Length)]));
            try
            {
                var graph = SmilesReader.Read(text);
                Assert.Equal(graph.CanonicalSmiles, SmilesReader.Read(graph.CanonicalSmiles).CanonicalSmiles);
            }
            catch (PolymorphException e)
            {
                Assert.StartsWith("PM23", e.Code, StringComparison.Ordinal);
            }
        }
    }

    /// Open Babel decides independently which of these molecules are the same.
    [Fact]
    public void EqualNamesMeanWhatOpenBabelMeans()
    {
        var graphs = Enumerable.Range(0, 300).Select(seed => RandomGraphs.Molecule(seed, 6, seed % 3)).ToList();
        // Its canonical form of our canonical SMILES: a name per molecule from a different algorithm.
        string[] theirs = ExternalProgram.Run("obabel", ["-ismi", "-ocan"], string.Join('\n', graphs.Select(g => g.CanonicalSmiles)) + "\n")
            .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(graphs.Count, theirs.Length);
        var pairs = graphs.Select((g, i) => (Ours: g.CanonicalSmiles, Theirs: theirs[i])).Distinct().ToList();
        Assert.Equal(pairs.Count, pairs.Select(p => p.Ours).Distinct().Count());
        Assert.Equal(pairs.Count, pairs.Select(p => p.Theirs).Distinct().Count());
        Assert.InRange(pairs.Count, 50, 290); // the draw holds both repeats and different molecules
    }
}

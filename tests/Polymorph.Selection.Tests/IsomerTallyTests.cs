using Polymorph.Foundation;
using Polymorph.Structures;
using Polymorph.Structures.Bonds;
using Polymorph.Testing;
using Xunit;

namespace Polymorph.Selection.Tests;

public sealed class IsomerTallyTests
{
    [Fact]
    public void TheTableSaysWhoFoundWhatHowOften()
    {
        var tally = IsomerTally.FromSmiles(["OCCC", "CCOC", "CC(O)C", "C(O)CC"]); // the first and last are one molecule
        tally.Add("a", "CCCO");
        tally.Add("a", "CCCO");
        tally.Add("b", "CCCO");
        tally.Add("b", null);
        tally.Add("c", "C1CC1");
        tally.Add("b", "CCOC");
        var table = tally.Table();

        Assert.Equal((6, 5, 2, 2), (table.Generated, table.Valid, table.Found, table.Duplicates));
        Assert.Equal([("CCCO", 3L), ("CCOC", 1), ("CC(C)O", 0)], table.Known.Select(r => (r.Smiles, r.Count)));
        Assert.Equal([new ModelCount("a", 2), new ModelCount("b", 1)], table.Known[0].Models);
        Assert.Equal(["C1CC1"], table.Others.Select(r => r.Smiles));
        Assert.Equal([new ModelYield("a", 2, 2, 1), new ModelYield("b", 3, 2, 2), new ModelYield("c", 1, 1, 0)], table.Models);
        string text = table.ToString();
        Assert.EndsWith("2 of 3 isomers found\n", text, StringComparison.Ordinal);
        Assert.Contains("CCCO            3  a (2), b (1)\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void KnownIsomersComeFromAFormulaOrFromStructures()
    {
        Assert.Equal(14, IsomerTally.FromFormula(Composition.Parse("C5H12O")).Table().Known.Count);
        Assert.Equal(["O"], IsomerTally.FromStructures([Water(0.96)]).Table().Known.Select(r => r.Smiles));
        Assert.Equal("PM5101", Assert.Throws<PolymorphException>(() => IsomerTally.FromStructures([Water(3)])).Code);
    }

    [Fact]
    public void OpenBabelNamesWhatIsNotSaturated()
    {
        var ethene = Molecule("C 0 0 0.667; C 0 0 -0.667; H 0 0.923 1.237; H 0 -0.923 1.237; H 0 0.923 -1.237; H 0 -0.923 -1.237");
        ExternalProgram.Run("obabel", ["-V"]); // skips where it is missing
        Assert.True(new OpenBabelNamer().IsAvailable);
        Assert.Equal([null, "O"], new SaturatedMoleculeNamer().Names([ethene, Water(0.96)]));
        Assert.Equal(["C=C", "O"], new OpenBabelNamer().Names([ethene, Water(0.96)]));
        Assert.Equal(["O", "C=C"], NamerChain.Default().Names([Water(0.96), ethene]));
    }

    [Fact]
    public void AMissingProgramIsAnErrorWithAWayOut()
    {
        var namer = new OpenBabelNamer("no-such-program");
        Assert.False(namer.IsAvailable);
        Assert.Equal("PM6001", Assert.Throws<PolymorphException>(() => namer.Names([Water(0.96)])).Code);
    }

    [Fact]
    public void VerdictsNameTheReason()
    {
        Assert.Null(new MoleculeVerdict(0, true, "O").Loss());
        Assert.Equal(new Loss(LossReason.WrongValence, 2), new MoleculeVerdict(2, true, null).Loss());
        Assert.Equal(LossReason.SeveralPieces, new MoleculeVerdict(0, false, null).Loss());
    }

    private static Structure Water(double length) => Molecule(FormattableString.Invariant($"O 0 0 0; H {length} 0 0; H {-0.25 * length} {0.97 * length} 0"));

    private static Structure Molecule(string atoms)
    {
        var rows = atoms.Split(';').Select(row => row.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToList();
        return new Structure(
            [.. rows.Select(r => Element.Parse(r[0]))],
            [.. rows.Select(r => new Vector3D(Number(r[1]), Number(r[2]), Number(r[3])))]);

        static double Number(string text) => double.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
    }
}

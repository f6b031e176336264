using System.Reflection;
using Polymorph.Structures;
using Polymorph.Structures.Bonds;
using Polymorph.Structures.Formats;
using Xunit;

namespace Polymorph.Studies.Tests;

/// The embedded training set must be what it says: every isomer of the two formulas once, and none of the demo's formula.
public sealed class DemoTrainingSetTests
{
    [Fact]
    public void TheEmbeddedSetHoldsEveryIsomerOfTwoFormulasOnce()
    {
        var molecules = Molecules();
        var names = molecules.Select(m => BondPerception.Perceive(m).CanonicalSmiles).ToList();
        var expected = AcyclicIsomers.Of(Composition.Parse("C4H10O")).Concat(AcyclicIsomers.Of(Composition.Parse("C6H14O"))).Select(g => g.CanonicalSmiles);
        Assert.Equal(expected.Order(StringComparer.Ordinal), names.Order(StringComparer.Ordinal));
        Assert.DoesNotContain("C5H12O", molecules.Select(m => m.Composition.Formula));
    }

    [Fact]
    public void EveryFrameCarriesItsNameAndItsEnergyWithTheMethod() => Assert.All(Molecules(), molecule =>
    {
        Assert.Equal(SmilesReader.Read((string)molecule.Properties["smiles"]).CanonicalSmiles, BondPerception.Perceive(molecule).CanonicalSmiles);
        Assert.Equal("gfn2-xtb", molecule.Properties["energy_method"]);
        // A CH2 group is worth 86.1 eV in GFN2-xTB; butanol lies at -482.3 eV, hexanol two groups below.
        Assert.Equal(molecule.AtomCount == 15 ? -482.3 : -654.5, (double)molecule.Properties["energy"], 0.5);
    });

    private static IReadOnlyList<Structure> Molecules()
    {
        using var stream = Assembly.Load("Polymorph.Studies").GetManifestResourceStream("demo-training-set.extxyz")!;
        return [.. StructureReader.Read(stream, "demo-training-set.extxyz").Select(r => r.Structure!)];
    }
}

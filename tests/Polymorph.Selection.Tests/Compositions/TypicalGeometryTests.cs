using System.Collections.Immutable;
using Polymorph.Selection.Compositions;
using Polymorph.Structures;
using Xunit;

namespace Polymorph.Selection.Tests.Compositions;

public sealed class TypicalGeometryTests
{
    /// Eleven cubic cells of a = 3.0, 3.1 ... 4.0 Å: the shortest Mg-Mg distance is a, that of Mg and O half the cell's diagonal.
    [Fact]
    public void SaysWhatMostCrystalsKeep()
    {
        var crystals = Enumerable.Range(0, 11).Select(i => 3 + 0.1 * i)
            .Select(a => new Structure([Element.Parse("Mg"), Element.Parse("O")], [default, new Vector3D(a / 2, a / 2, a / 2)], Lattice.Cubic(a))).ToImmutableArray();
        var typical = TypicalGeometry.Of(crystals);

        // The fourth of eleven keeps three tenths below; positions in single steps of 0.1 Å, so that rounding is all that may differ.
        Assert.Equal(3.3, typical.Distance(Element.Parse("Mg"), Element.Parse("Mg")), 1e-9);
        Assert.Equal(3.3 * Math.Sqrt(0.75), typical.Distance(Element.Parse("O"), Element.Parse("Mg")), 1e-9);
        Assert.Equal(0, typical.Distance(Element.Parse("Mn"), Element.Parse("Mg")));
        Assert.Equal(Math.Pow(3.0, 3) / 2, typical.Volumes.Smallest, 1e-9);
        Assert.Equal(Math.Pow(3.7, 3) / 2, typical.Volumes.Largest, 1e-9);
    }
}

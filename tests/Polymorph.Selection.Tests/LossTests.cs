using Polymorph.Structures;
using Xunit;

namespace Polymorph.Selection.Tests;

public sealed class LossTests
{
    [Fact]
    public void ClosePairsAreNamedAndCounted()
    {
        var geometry = new GeometryCheck([new(14), new(8), new(8)]);
        var siliconOxygen = geometry.Loss([0, 0, 0, 0.5f, 0, 0, -1.6f, 0, 0]);
        var oxygens = geometry.Loss([0, 0, 0, 1.6f, 0, 0, 1.6f, 0.5f, 0]);
        Assert.Equal(("O-Si", "O-O"), (siliconOxygen?.PairText, oxygens?.PairText));
        Assert.Equal(new Loss(LossReason.IsolatedAtom, 2), geometry.Loss([0, 0, 0, 1.6f, 0, 0, 9, 0, 0]));
        Assert.Equal(new Loss(LossReason.NotFinite, 1), geometry.Loss([0, 0, 0, float.NaN, 0, 0, 9, 0, 0]));
        Assert.Null(geometry.Loss([0, 0, 0, 1.6f, 0, 0, -1.6f, 0, 0]));

        var funnel = new Funnel();
        funnel.Enter(5);
        funnel.Lose(siliconOxygen!.Value);
        funnel.Lose(oxygens!.Value);
        funnel.Lose(oxygens.Value);
        funnel.Lose(new Loss(LossReason.IsolatedAtom, 2));
        var twice = new Funnel();
        twice.Add(funnel);
        twice.Add(funnel);
        Assert.Equal([("O-O", 4L), ("O-Si", 2L)], twice.Rows()[(int)FunnelStage.GeometryOk].Pairs.Select(p => (p.Pair, p.Count)));
        Assert.Contains("6 too-close (O-O 4, O-Si 2), 2 isolated-atom", twice.ToString(), StringComparison.Ordinal);
    }

    /// Rutile (a 4.594 Å, c 2.959 Å, 6 atoms) is a cell; squeezed, blown up, flattened or cut to a needle it is none.
    [Fact]
    public void CellsThatNoCrystalHasAreRefused()
    {
        var rutile = Composition.Parse("Ti2O4");
        Loss? Check(Vector3D a, Vector3D b, Vector3D c) => CellCheck.Check(a, b, c, rutile);
        Assert.Null(Check(new(4.594, 0, 0), new(0, 4.594, 0), new(0, 0, 2.959)));
        Assert.Equal(LossReason.Volume, Check(new(1.5, 0, 0), new(0, 1.5, 0), new(0, 0, 1.5))?.Reason);
        Assert.Equal(LossReason.Volume, Check(new(40, 0, 0), new(0, 40, 0), new(0, 0, 40))?.Reason);
        Assert.Equal(LossReason.BadCell, Check(new(4, 0, 0), new(4, 0.3, 0), new(0, 0, 40))?.Reason);
        Assert.Equal(LossReason.BadCell, Check(new(400, 0, 0), new(0, 0.5, 0), new(0, 0, 0.5))?.Reason);
        Assert.Equal(LossReason.BadCell, Check(new(4, 0, 0), new(8, 0, 0), new(0, 0, 4))?.Reason);
        Assert.Equal(LossReason.BadCell, Check(new(double.NaN, 0, 0), new(0, 4, 0), new(0, 0, 4))?.Reason);
        Assert.Equal(LossReason.ChargeImbalance, CellCheck.Check(Lattice.Cubic(4), rutile, new CellOptions { IsBalanced = _ => false })?.Reason);
    }

    [Fact]
    public void EveryReasonBelongsToAStageBehindTheGeneration() =>
        Assert.All(Enum.GetValues<LossReason>(), reason => Assert.True(reason.Stage() > FunnelStage.Generated));

    [Fact]
    public void LaterStagesShowWhenSomethingWasLostThere()
    {
        var funnel = new Funnel();
        funnel.Enter(10);
        Assert.Equal(FunnelStage.Selected, funnel.Rows()[^1].Stage);
        funnel.Lose(LossReason.Diverged);
        funnel.Lose(LossReason.Unstable);
        Assert.Equal([9L, 8], funnel.Rows().Where(r => r.Stage > FunnelStage.Selected).Select(r => r.Survived));
    }
}

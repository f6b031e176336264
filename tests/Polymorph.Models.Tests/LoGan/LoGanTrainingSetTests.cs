using Polymorph.Foundation;
using Polymorph.Models.LoGan;
using Polymorph.Structures;
using Polymorph.Structures.Formats;
using Polymorph.Testing;
using Xunit;

namespace Polymorph.Models.Tests.LoGan;

public sealed class LoGanTrainingSetTests
{
    [Fact]
    public void MolecularPoolsHaveThePublishedSizes()
    {
        var pools = LoGanTrainingSet.Create(GoldenEpoch.Training, LoGanOptions.C5H12O(), LoGanTask.C5H12O, 1);
        Assert.Equal(["H", "C", "O"], pools.Types.Select(e => e.Symbol));
        Assert.Equal([10360, 4400, 780], pools.Pools.Select(p => p.Rows));
        Assert.All(pools.Pools, p => Assert.Equal(63, p.Columns));
    }

    [Fact]
    public void SilicaPoolsHaveThePublishedSizesAndAModelTrainsOnThem()
    {
        var training = StructureReader.ReadStrict(ReferenceData.PathOf("data/logan/mp-546794_training.extxyz"));
        var target = StructureReader.ReadStrict(ReferenceData.PathOf("data/logan/mp-546794_ground_truth.extxyz"))[0];
        var task = new LoGanTask(StructureAssembly.Crystal(target.Species, target.Lattice!));
        // One of the ten copies: the sizes scale with them.
        var options = LoGanOptions.SiO2() with { RattleCopies = 1 };
        var pools = LoGanTrainingSet.Create(training, options, task, 1);
        Assert.Equal([167 * 20, 167 * 20], pools.Pools.Select(p => p.Rows));
        var trainer = new LoGanTrainer(options, task, pools, 1);
        trainer.RunEpoch();
        Assert.True(double.IsFinite(trainer.Statistics.Wasserstein));
        Assert.Equal(target.Lattice, LoGanGenerator.Of(trainer).Assembly.Lattice);
    }

    /// In the published code every copy of a structure is displaced alike; by default ours are not.
    [Fact]
    public void CopiesDifferUnlessTheReferenceModeIsAskedFor()
    {
        var options = LoGanOptions.C5H12O() with { RattleCopies = 2 };
        float[][] OfFirstOxygen(RattleMode mode)
        {
            var pool = LoGanTrainingSet.Create(Butanols.All, options with { Rattle = mode }, LoGanTask.C5H12O, 1).Pools[2];
            return [pool.Row(0).ToArray(), pool.Row(1).ToArray()];
        }

        Assert.NotEqual(OfFirstOxygen(RattleMode.Independent)[0], OfFirstOxygen(RattleMode.Independent)[1]);
        Assert.Equal(OfFirstOxygen(RattleMode.Reference)[0], OfFirstOxygen(RattleMode.Reference)[1]);
    }

    [Fact]
    public void TrainingSetsThatCannotTeachTheTaskAreRefused()
    {
        Assert.Equal("PM3004", Code(Butanols.All, LoGanTask.Molecule("C2H5Cl", new(8, 7, 6))));
        Assert.Equal("PM3002", Code([Butanols.All[0]], LoGanTask.C5H12O));
        Assert.Equal("PM3002", Code([], LoGanTask.C5H12O));
        Assert.Equal("PM3006", Code(Butanols.All, LoGanTask.C5H12O, cutoff: 60));
        Assert.Equal("PM3005", Code(Butanols.All, LoGanTask.C5H12O, cutoff: 0.5));
        Structure[] crystals = [.. Butanols.All.Select(s => new Structure(s.Species, s.Positions, Lattice.Cubic(12)))];
        Assert.Equal("PM3005", Code(crystals, LoGanTask.C5H12O, cutoff: 0.5));
    }

    [Fact]
    public void MessagesNameTheMissingElementAndTheWayOut()
    {
        var error = Assert.Throws<PolymorphException>(() => LoGanTrainingSet.Create(Butanols.All, LoGanOptions.C5H12O(), LoGanTask.Molecule("C2H5Cl", new(8, 7, 6)), 1));
        Assert.Contains("Chlorine", error.Reason, StringComparison.Ordinal);
        Assert.Contains("H, C, O", error.NextStep, StringComparison.Ordinal);
    }

    private static string Code(IReadOnlyList<Structure> structures, LoGanTask task, double cutoff = 5) =>
        Assert.Throws<PolymorphException>(() => LoGanTrainingSet.Create(structures, LoGanOptions.C5H12O(cutoff), task, 1)).Code;
}

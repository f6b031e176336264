using Polymorph.Foundation;
using Polymorph.Structures;
using Polymorph.Structures.Formats;
using Polymorph.Studies.Recipes;
using Polymorph.Studies.Runs;
using Polymorph.Studies.Stages;
using Polymorph.Testing;
using Xunit;

namespace Polymorph.Studies.Tests;

/// Crystals are compared after relaxation: equal energy of one method and equal distances, nothing less.
public sealed class CrystalCompareTests : IDisposable
{
    private static readonly Lattice Cell = Lattice.Cubic(5);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ATargetIsFoundByEnergyAndDistances()
    {
        // Moved by a grid point and listed in another order it is the same crystal; with one atom elsewhere on the grid it has the same energy and is another one.
        var target = Silica(new(0, 0, 0), new(1.6, 0, 0), new(0, 1.6, 0));
        var moved = Silica(new(0.4, 0.2, 1), new(0.4, 1.8, 1), new(2, 0.2, 1));
        var other = Silica(new(0, 0, 0), new(1.6, 0, 0), new(0, 2.4, 0));
        var missing = Silica(new(0, 0, 0), new(2.4, 2.4, 2.4), new(2.4, 0, 2.4));
        var comparison = Compare([other, moved], [target, missing]);
        Assert.Equal(("grid", 2, 1), (comparison.Method, comparison.Relaxed, comparison.Found));
        Assert.Equal(["s1"], comparison.Targets[0].Matches);
        Assert.False(comparison.Targets[1].IsFound);
        Assert.NotNull(comparison.Targets[1].Nearest);
        Assert.Equal(0, comparison.Targets[1].NearestDifference, 1e-3);
        Assert.Equal(1, CrystalCompareStage.Json(comparison)["found"]!.GetValue<int>());

        // The matcher needs no energies. The training holds 'other' and 'moved', three times each.
        // Its distances are those of pymatgen 2022.11.7 (get_rms_dist, default settings): 0, 0.10878127 and none; to 1e-5, as the matcher's own tests.
        Assert.Equal(["s1", "s0"], comparison.Targets[0].Matched!.Value.Select(m => m.Id));
        Assert.Equal([0, 0.10878], comparison.Targets[0].Matched!.Value.Select(m => Math.Round(m.Rms, 5)));
        Assert.Empty(comparison.Targets[1].Matched!.Value);
        Assert.Equal([0, 1, 2, 3, 4, 5], comparison.Targets[0].Shown);
        Assert.Empty(comparison.Targets[1].Shown);
        Assert.Equal((1, 0.0), (comparison.Targets[0].NearestShown!.Frame, Math.Round(comparison.Targets[0].NearestShown!.Rms!.Value, 6)));
        Assert.Null(comparison.Targets[1].NearestShown!.Rms);
        Assert.Equal([("s0", 0), ("s1", 0)], comparison.ShownMinima);
    }

    [Fact]
    public void WithoutRelaxationOrTargetsItSaysWhatToDo()
    {
        var only = Silica(new(0, 0, 0), new(1.6, 0, 0), new(0, 1.6, 0));
        using var session = Begin([only]);
        Assert.Equal("PM7027", Assert.Throws<PolymorphException>(() => CrystalCompareStage.Run(session, new GridEngine().Catalogue(_folder.Path), new Notes(), CancellationToken.None)).Code);
        RelaxStage.Run(session, new GridEngine().Catalogue(_folder.Path), new Notes(), CancellationToken.None);
        Assert.Equal("PM7028", Assert.Throws<PolymorphException>(() => CrystalCompareStage.Run(session, new GridEngine().Catalogue(_folder.Path), new Notes(), CancellationToken.None)).Code);
    }

    [Fact]
    public void EnergiesOfTwoMethodsAreNotCompared()
    {
        var only = Silica(new(0, 0, 0), new(1.6, 0, 0), new(0, 1.6, 0));
        using var session = Begin([only], [only]);
        RelaxStage.Run(session, new GridEngine().Catalogue(_folder.Path), new Notes(), CancellationToken.None);
        Assert.Equal("PM7029", Assert.Throws<PolymorphException>(() => CrystalCompareStage.Run(session, new GridEngine(method: "other").Catalogue(_folder.Path), new Notes(), CancellationToken.None)).Code);
    }

    private CrystalComparison Compare(Structure[] selected, Structure[] targets)
    {
        using var session = Begin(selected, targets);
        RelaxStage.Run(session, new GridEngine().Catalogue(_folder.Path), new Notes(), CancellationToken.None);
        return CrystalCompareStage.Run(session, new GridEngine().Catalogue(_folder.Path), new Notes(), CancellationToken.None);
    }

    private StudySession Begin(Structure[] selected, Structure[]? targets = null)
    {
        string training = Path.Combine(_folder.Path, "known.extxyz"), known = Path.Combine(_folder.Path, "targets.extxyz");
        StructureWriter.Write(training, selected.Concat(selected).Concat(selected));
        StructureWriter.Write(known, targets ?? []);
        var session = StudySession.Begin(Path.Combine(_folder.Path, "run"), RecipeValues.Read($$"""
            seed: 5
            training: '{{training}}'
            target: {formula: SiO2, cell: [5, 5, 5]}
            models: {repeats: 1, n_max: 2, neighbours: 6}
            {{(targets is null ? "" : $"compare: {{known: '{known}'}}")}}
            """, "recipe.yaml"), new Notes());
        StructureWriter.Write(session.Folder.SelectedFile, selected.Select((s, i) => s.WithProperty("id", $"s{i}")));
        return session;
    }

    private static Structure Silica(Vector3D si, Vector3D first, Vector3D second) => new([new Element(14), new Element(8), new Element(8)], [si, first, second], Cell);
}

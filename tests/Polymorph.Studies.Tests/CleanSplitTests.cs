using Polymorph.Foundation;
using Polymorph.Structures;
using Polymorph.Structures.Formats;
using Polymorph.Studies.Recipes;
using Polymorph.Studies.Runs;
using Polymorph.Testing;
using Xunit;

namespace Polymorph.Studies.Tests;

public sealed class CleanSplitTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// Frames of the published training sets for which pymatgen's StructureMatcher (default settings) gives a root mean square distance to the target of the study.
    [Theory]
    [InlineData("546546", new int[0])]
    [InlineData("546794", new[] { 54 })]
    [InlineData("554151", new[] { 13 })]
    [InlineData("555235", new[] { 22, 49, 68, 71, 87, 157 })]
    [InlineData("559550", new[] { 87, 149 })]
    [InlineData("1188220", new[] { 89, 149 })]
    public void TheSplitIsThatOfPymatgen(string target, int[] expected)
    {
        var training = StructureReader.ReadStrict(ReferenceData.PathOf($"data/logan/mp-{target}_training.extxyz"));
        var targets = StructureReader.ReadStrict(ReferenceData.PathOf($"data/logan/mp-{target}_ground_truth.extxyz"));
        Assert.Equal(expected, CleanSplit.Matching(training, targets, target));
    }

    [Fact]
    public void WhatMatchesATargetIsNotLearntAndIsSetAside()
    {
        var (target, other) = (Silica(new(1.6, 0, 0), new(0, 2.4, 0.8)), Silica(new(2.5, 2.7, 3), new(2.5, 0, 3)));
        string known = Write("known.extxyz", [other, Turned(target), other, target]), targets = Write("targets.extxyz", [target]);
        var notes = new Notes();
        string run = Path.Combine(_folder.Path, "run");
        using (var session = Begin(run, known, targets, notes))
        {
            Assert.Equal(2, session.ReadTraining().Count);
            Assert.Equal([1L, 3L], StructureReader.ReadStrict(session.Folder.LeftOutFile).Select(s => Convert.ToInt64(s.Properties[CleanSplit.FrameProperty], System.Globalization.CultureInfo.InvariantCulture)));
        }

        Assert.Contains(notes.Lines, line => line.Contains("2 of 4", StringComparison.Ordinal) && line.Contains("1, 3", StringComparison.Ordinal));

        // The same command continues, and what was written down is a recipe of the same study.
        using (Begin(run, known, targets, notes))
        {
        }

        using var again = StudySession.Begin(Path.Combine(_folder.Path, "again"), RecipeValues.ReadFile(Path.Combine(run, "resolved.yaml")), notes);
        Assert.Equal(2, again.ReadTraining().Count);
    }

    [Fact]
    public void ASplitThatLeavesNothingIsRefused()
    {
        string known = Write("known.extxyz", [Silica(new(1.6, 0, 0), new(0, 2.4, 0.8))]);
        Assert.Equal("PM7035", Assert.Throws<PolymorphException>(() => Begin(Path.Combine(_folder.Path, "run"), known, known, new Notes())).Code);
        Assert.False(Directory.Exists(Path.Combine(_folder.Path, "run")));
    }

    [Fact]
    public void MoleculesAreNoTargetsOfASplit()
    {
        string known = Write("known.extxyz", [Silica(new(1.6, 0, 0), new(0, 2.4, 0.8))]), molecule = Write("molecule.xyz", [new Structure([new Element(8)], [new(0, 0, 0)])]);
        Assert.Equal("PM2310", Assert.Throws<PolymorphException>(() => Begin(Path.Combine(_folder.Path, "run"), known, molecule, new Notes())).Code);
    }

    private static StudySession Begin(string run, string known, string targets, Notes notes) => StudySession.Begin(run, RecipeValues.Read($$"""
        seed: 5
        training: '{{known}}'
        without_matches: '{{targets}}'
        target: {formula: SiO2, cell: [5, 5, 5]}
        models: {repeats: 1, n_max: 2, neighbours: 6}
        """, "recipe.yaml"), notes);

    private string Write(string name, Structure[] structures)
    {
        string path = Path.Combine(_folder.Path, name);
        StructureWriter.Write(path, structures);
        return path;
    }

    private static Structure Silica(Vector3D first, Vector3D second) =>
        new([new Element(14), new Element(8), new Element(8)], [new(0, 0, 0), first, second], new Lattice(new(5, 0, 0), new(0, 5.5, 0), new(0, 0, 6)));

    /// <summary>The same crystal with its axes renamed and its origin moved.</summary>
    private static Structure Turned(Structure s)
    {
        var cell = s.Lattice!;
        Vector3D Turn(Vector3D v) => new(v.Y, v.Z, v.X);
        return new Structure(s.Species, [.. s.Positions.Select(p => Turn(p) + new Vector3D(0.3, 1.1, 2.2))], new Lattice(Turn(cell.B), Turn(cell.C), Turn(cell.A)));
    }
}

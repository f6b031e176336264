using Polymorph.Foundation;
using Polymorph.Studies.Recipes;
using Polymorph.Studies.Runs;
using Polymorph.Testing;
using Xunit;

namespace Polymorph.Studies.Tests;

/// Each mistake has a code, a way out, and leaves nothing behind.
public sealed class BadInputTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("target: {formula: C5H12S}", "PM3004", "Add structures with S")]
    [InlineData("target: {formula: C0}", "PM3001", "such as C5H12O")]
    [InlineData("target: {formula: '()'}", "PM3001", "such as C5H12O")]
    [InlineData("target: {formula: Qq2}", "PM3001", "such as C5H12O")]
    [InlineData("target: {formula: C5H12O, box: [1, 1, 1]}", "PM3003", "larger cell or box")]
    [InlineData("target: {formula: C5H12O, cell: [1, 1, 1]}", "PM3003", "larger cell or box")]
    [InlineData("target: {formula: C5H12O}\nmodels: {r_cut: 90}", "PM3006", "Lower r_cut")]
    [InlineData("target: {formula: C5H12O}\nmodels: {r_cut: 0.5}", "PM3005", "Raise r_cut")]
    [InlineData("seed: 1", "PM7112", "--formula C5H12O")]
    [InlineData("target: {formula: C5H12O, box: [8, 8, 8], cell: [8, 8, 8]}", "PM7112", "Keep one")]
    [InlineData("target: {formula: C5H12O, cell: [8, 8, 8, 10, 10, 170]}", "PM7112", "")]
    [InlineData("target: {formula: C5H12O, cell: [8, 0, 0, 0, 8, 0, 0, 0, -8]}", "PM7112", "")]
    [InlineData("target: {formula: C5H12O, cell: [8, 0, 0, 0, 8, 0, 8, 8, 0]}", "PM7112", "")]
    [InlineData("target: {formula: C5H12O, slab: [0.1, 0.5]}", "PM7112", "")]
    [InlineData("target: {formula: C5H12O, cell: [8, 8, 20], slab: [0.5, 0.1]}", "PM7112", "")]
    [InlineData("target: {formula: C5H12O, symmetry: ['x,y,z']}", "PM7112", "asymmetric unit")]
    [InlineData("target: {formula: C4H10O, cell: [9, 9, 9], slab: [0.1, 0.5], symmetry: ['x,y,z']}", "PM7112", "slab")]
    [InlineData("target: {formula: C4H10O, cell: [9, 9, 9], symmetry: ['x,y,z', 'x,y']}", "PM7115", "-y,x-y,z+1/2")]
    [InlineData("target: {formula: C4H10O, cell: [9, 9, 12], symmetry: ['x,y,z', 'z,x,y']}", "PM7115", "fit the cell")]
    [InlineData("target: {formula: C4H10O, cell: [9, 9, 9], symmetry: ['x,y,z', '-x,-y,z+1/2', '-x+1,-y,z-0.5']}", "PM7115", "twice")]
    [InlineData("target: {formula: C4H10O, cell: [9, 9, 9], symmetry: ['-x,-y,z']}", "PM7115", "identity")]
    [InlineData("target: {formula: C4H10O, cell: [2, 3, 4], symmetry: ['x,y,z', '-x,-y,z', '-x,y,-z', 'x,-y,-z']}", "PM3003", "larger cell")]
    [InlineData("target: {cell_from: nowhere.cif}", "PM2001", "")]
    public void AMistakeSaysWhatToChange(string recipe, string code, string next)
    {
        string training = SmallStudy.WriteTraining(_folder);
        var error = Refused($"training: '{training}'\n{recipe}\n");
        Assert.Equal(code, error.Code);
        Assert.Contains(next, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TooFewStructuresAreRefused()
    {
        string training = SmallStudy.WriteTraining(_folder, count: 1);
        var error = Refused($"training: '{training}'\ntarget: {{formula: C4H10O}}\n");
        Assert.Equal("PM3002", error.Code);
        Assert.Contains("at least two", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AnEmptyFileIsRefused()
    {
        string file = _folder.Write("empty.extxyz", "");
        Assert.Equal("PM2006", Refused($"training: '{file}'\ntarget: {{formula: CH4}}\n").Code);
    }

    [Fact]
    public void AMissingFileIsRefused() => Assert.Equal("PM2001", Refused("training: nowhere.extxyz\ntarget: {formula: CH4}\n").Code);

    [Fact]
    public void NoKnownStructuresAtAllAreRefused() => Assert.Equal("PM7009", Refused("target: {formula: CH4}\n").Code);

    [Fact]
    public void ABadStructureIsLeftOutWithItsPlace()
    {
        string good = File.ReadAllText(SmallStudy.WriteTraining(_folder));
        string file = _folder.Write("mixed.extxyz", "2\nProperties=species:S:1:pos:R:3\nC 0 0 0\nC nan 0 0\n" + good);
        var notes = new Notes();
        using var session = StudySession.Begin(Path.Combine(_folder.Path, "run"), RecipeValues.Read($"training: '{file}'\ntarget: {{formula: C5H12O}}\n", "recipe.yaml"), notes);
        Assert.Equal(39, session.ReadTraining().Count);
        Assert.Contains(notes.Lines, line => line.Contains("mixed.extxyz:4", StringComparison.Ordinal));
    }

    private PolymorphException Refused(string recipe)
    {
        string run = Path.Combine(_folder.Path, "run");
        var error = Assert.Throws<PolymorphException>(() => StudySession.Begin(run, RecipeValues.Read(recipe, "recipe.yaml"), new Notes()));
        Assert.False(Directory.Exists(run), "a mistake must leave nothing behind");
        Assert.False(string.IsNullOrWhiteSpace(error.NextStep));
        return error;
    }
}

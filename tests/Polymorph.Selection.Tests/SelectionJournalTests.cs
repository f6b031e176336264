using Polymorph.Foundation;
using Xunit;

namespace Polymorph.Selection.Tests;

/// A selection that is stopped anywhere and started again must end as if nothing had happened, to the last bit.
public sealed class SelectionJournalTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("polymorph-journal-").FullName;

    private string Journal => Path.Combine(_folder, "selecting.journal");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 2)]
    [InlineData(2, 1)]
    public void AStoppedSelectionGoesOnWhereItWas(int threads, int threadsAfterwards)
    {
        var unbroken = Run(null, 1);
        int looked = 0;
        using var stop = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => Run(Journal, threads, _ =>
        {
            if (Interlocked.Increment(ref looked) == 2500)
            {
                stop.Cancel();
            }
        }, stop));
        looked = 0;
        var resumed = Run(Journal, threadsAfterwards, _ => Interlocked.Increment(ref looked));
        AssertEqual(unbroken, resumed);
        Assert.InRange(looked, 1, Methanol.Count - 1); // some were not looked at again
    }

    /// A machine that loses power leaves half a wave; a bad disk, a changed byte. Whatever is left, the result is the same.
    [Fact]
    public void ADamagedJournalIsUsedAsFarAsItIsWhole()
    {
        var unbroken = Run(Journal, 1);
        byte[] whole = File.ReadAllBytes(Journal);
        foreach (double share in new[] { 0.0, 1e-4, 0.1, 0.37, 0.99 })
        {
            File.WriteAllBytes(Journal, whole[..(int)(share * whole.Length)]);
            AssertEqual(unbroken, Run(Journal, 2));
            byte[] changed = [.. whole];
            changed[(int)(share * (whole.Length - 1)) | 0x40] ^= 0x10;
            File.WriteAllBytes(Journal, changed);
            AssertEqual(unbroken, Run(Journal, 2));
        }
    }

    [Fact]
    public void AFinishedJournalIsNotDoneAgain()
    {
        var first = Run(Journal, 2);
        int looked = 0;
        AssertEqual(first, Run(Journal, 2, _ => looked++));
        Assert.Equal(0, looked);
    }

    [Fact]
    public void AJournalOfOtherSettingsIsNotUsed()
    {
        Run(Journal, 2, settings: "others");
        int looked = 0;
        AssertEqual(Run(null, 2), Run(Journal, 2, _ => Interlocked.Increment(ref looked)));
        Assert.Equal(Methanol.Count, looked);
    }

    [Fact]
    public void AnotherFileInItsPlaceIsLeftAlone()
    {
        File.WriteAllText(Journal, "somebody's notes, longer than the line that begins a journal");
        Assert.Equal("PM5004", Assert.Throws<PolymorphException>(() => Run(Journal, 1)).Code);
        Assert.StartsWith("somebody's notes", File.ReadAllText(Journal), StringComparison.Ordinal);
    }

    [Fact]
    public void AFolderThatCannotBeWrittenIsSaid()
    {
        File.WriteAllText(Path.Combine(_folder, "file"), "");
        Assert.Equal("PM5005", Assert.Throws<PolymorphException>(() => Run(Path.Combine(_folder, "file", "journal"), 1)).Code);
    }

    private static SelectionResult Run(string? journal, int threads, Action<int>? look = null, CancellationTokenSource? stop = null, string settings = "methanol")
    {
        var geometry = new GeometryCheck(Methanol.Species);
        return StreamedSelection.Run(Methanol.Count, () => new Methanol(), Methanol.Describer, new StreamedSelectionOptions
        {
            Screen = (index, positions) =>
            {
                look?.Invoke(index);
                return geometry.Loss(positions);
            },
            DuplicateTolerance = 0.02,
            Clustering = new KMeansOptions { Clusters = 9 },
            Threads = threads,
            JournalFile = journal,
            JournalSettings = settings,
        }, stop?.Token ?? TestContext.Current.CancellationToken);
    }

    private static void AssertEqual(SelectionResult expected, SelectionResult actual)
    {
        Assert.Equal(expected.Picks, actual.Picks);
        Assert.Equal(expected.Points.ToArray(), actual.Points.ToArray());
        Assert.Equal(Enumerable.Range(0, Methanol.Count).Select(expected.Why), Enumerable.Range(0, Methanol.Count).Select(actual.Why));
    }
}

using System.Globalization;
using Xunit;

namespace Polymorph.Foundation.Tests;

public sealed class AtomicFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("polymorph-test-").FullName;

    public static bool HasFullDevice => File.Exists("/dev/full");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void TheWholeContentReplacesTheOld()
    {
        string path = Path.Combine(_folder, "new", "a.txt");
        AtomicFile.WriteText(path, "a longer first content");
        AtomicFile.WriteText(path, "söhne");
        Assert.Equal("söhne"u8.ToArray(), File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFiles(_folder, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public void AWriterThatThrowsLeavesTheOldContentAlone()
    {
        string path = Path.Combine(_folder, "a.txt");
        AtomicFile.WriteText(path, "old");
        Assert.Throws<FormatException>(() => AtomicFile.Write(path, stream =>
        {
            stream.Write("half of the n"u8);
            stream.Flush();
            throw new FormatException();
        }));
        var full = Assert.Throws<PolymorphException>(() => AtomicFile.Write(path, _ => throw new IOException("no space left")));
        Assert.Equal(("PM7001", path, ExitCode.EngineFailed), (full.Code, full.Place, full.ExitCode));
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(_folder));
    }

    /// The disk is full when the bytes are flushed, not when they are handed over: a link to /dev/full stands in for the temporary file.
    [Fact(SkipUnless = nameof(HasFullDevice), Skip = "There is no device that is always full on this system.")]
    public void AFullDiskIsSaid()
    {
        string path = Path.Combine(_folder, "a.txt");
        AtomicFile.WriteText(path, "old");
        File.CreateSymbolicLink(Temporary("a.txt", Environment.ProcessId), "/dev/full");
        Assert.Equal("PM7001", Assert.Throws<PolymorphException>(() => AtomicFile.WriteText(path, "new")).Code);
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(_folder));
    }

    [Fact]
    public void WhereNothingCanBeWrittenIsSaid()
    {
        // A file in the place of the folder stops even an administrator, whom permissions do not.
        string file = Path.Combine(_folder, "file");
        File.WriteAllText(file, "x");
        Assert.Equal("PM7001", Assert.Throws<PolymorphException>(() => AtomicFile.WriteText(Path.Combine(file, "a.txt"), "x")).Code);
        Assert.Equal("PM7001", Assert.Throws<PolymorphException>(() => AtomicFile.WriteText(_folder, "x")).Code);
        Assert.Equal("PM7001", Assert.Throws<PolymorphException>(() => AtomicFile.Rename(Path.Combine(_folder, "none"), file)).Code);
        Assert.Equal("PM7001", Assert.Throws<PolymorphException>(() => AtomicFile.Remove(_folder)).Code);
        Assert.Equal("x", File.ReadAllText(file));
        Assert.Equal([file], Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void FilesAreRenamedAndRemoved()
    {
        string a = Path.Combine(_folder, "a"), b = Path.Combine(_folder, "b");
        File.WriteAllText(a, "a");
        File.WriteAllText(b, "b");
        AtomicFile.Rename(a, b);
        Assert.Equal("a", File.ReadAllText(b));
        AtomicFile.Remove(b);
        AtomicFile.Remove(b);
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void OnlyWhatDeadProcessesLeftIsRemoved()
    {
        // Process numbers end far below this one on every system.
        string dead = Temporary("m.safetensors", int.MaxValue), alive = Temporary("a.txt", Environment.ProcessId);
        string[] kept = [alive, .. new[] { "a.tmp", "a.b.tmp", "a.-1.tmp", "a.12" }.Select(n => Path.Combine(_folder, n))];
        Directory.CreateDirectory(Path.Combine(_folder, "below"));
        string below = Path.Combine(_folder, "below", Path.GetFileName(dead));
        foreach (string file in kept.Append(dead).Append(below))
        {
            File.WriteAllText(file, "");
        }

        AtomicFile.RemoveAbandoned(_folder);
        Assert.Equal(kept.Order(), Directory.GetFiles(_folder, "*", SearchOption.AllDirectories).Order());
        Assert.Equal("a.txt", AtomicFile.TargetOf(Path.GetFileName(alive)));
        Assert.Null(AtomicFile.TargetOf("a.txt"));
    }

    private string Temporary(string name, int process) => Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"{name}.{process}.tmp"));
}

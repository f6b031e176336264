using Xunit;

namespace Polymorph.Foundation.Tests;

public sealed class BoundedFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("polymorph-test-").FullName;

    public static bool HasDevices => File.Exists("/dev/zero") && File.Exists("/proc/self/status");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 10)]
    [InlineData(10, 10)]
    [InlineData(4096, 4096)]
    [InlineData(5000, 1 << 20)]
    [InlineData(100_000, 100_000)]
    public void WhatFitsIsReadWhole(int length, int atMost)
    {
        byte[] bytes = [.. Enumerable.Range(0, length).Select(i => (byte)(i * 31))];
        Assert.Equal(bytes, BoundedFile.Read(Write(bytes), atMost, TooLarge));
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(11, 10)]
    [InlineData(100_001, 100_000)]
    public void OneByteMoreIsRefused(int length, int atMost) =>
        Assert.Equal("PM0000", Assert.Throws<PolymorphException>(() => BoundedFile.Read(Write(new byte[length]), atMost, TooLarge)).Code);

    [Fact(SkipUnless = nameof(HasDevices), Skip = "There are no files of unknown length on this system.")]
    public void FilesThatSayTheyAreEmptyAreReadToTheirEndOrTheLimit()
    {
        byte[] status = BoundedFile.Read("/proc/self/status", 1 << 20, TooLarge);
        Assert.Equal("Name:"u8.ToArray(), status[..5]);
        Assert.Equal("PM0000", Assert.Throws<PolymorphException>(() => BoundedFile.Read("/proc/self/status", 100, TooLarge)).Code);
        Assert.Equal("PM0000", Assert.Throws<PolymorphException>(() => BoundedFile.Read("/dev/zero", 1 << 20, TooLarge)).Code);
    }

    [Fact]
    public void WhatCannotBeReadIsTheCallersToTell()
    {
        Assert.Throws<FileNotFoundException>(() => BoundedFile.Read(Path.Combine(_folder, "none"), 10, TooLarge));
        Assert.Throws<UnauthorizedAccessException>(() => BoundedFile.Read(_folder, 10, TooLarge));
    }

    private static PolymorphException TooLarge(string reason) => new("PM0000", reason);

    private string Write(byte[] bytes)
    {
        string path = Path.Combine(_folder, "a");
        File.WriteAllBytes(path, bytes);
        return path;
    }
}

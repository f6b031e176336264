using System.Text.RegularExpressions;
using Xunit;

namespace Polymorph.Architecture.Tests;

/// Rules of style that a compiler does not check.
public sealed partial class SourceTests
{
    private const int LongestFile = 500;

    // The types that hand their memory to the kernels.
    private static readonly string[] BorderOfKernels = ["src/Polymorph.Learning/AlignedMatrix.cs", "src/Polymorph.Representations/LocalDescriptors/PowerSpectrumBatch.cs"];

    private static readonly string[] TopFolders = ["src", "tests", "benchmarks"];

    [Fact]
    public void NoSourceFileIsLongerThanFiveHundredLines() =>
        Assert.All(TopFolders.SelectMany(Repository.Sources), path =>
        {
            int lines = File.ReadLines(path).Count();
            Assert.True(lines <= LongestFile, $"{Repository.Relative(path)} has {lines} lines; split it by subject");
        });

    [Fact]
    public void OnlyKernelFoldersUseIntrinsicsAndPointers() =>
        Assert.All(Repository.Sources("src").Where(path => !Repository.Relative(path).Contains("/Kernels/", StringComparison.Ordinal) && !BorderOfKernels.Contains(Repository.Relative(path))), path =>
            Assert.DoesNotMatch(IntrinsicsOrPointers(), File.ReadAllText(path)));

    [Fact]
    public void NamesSayWhatThingsAre() =>
        Assert.All(Repository.Sources("src"), path => Assert.DoesNotMatch(EmptyName(), Path.GetFileNameWithoutExtension(path)));

    [Fact]
    public void NothingIsLeftForLaterOrFoldedAway() =>
        Assert.All(Repository.Sources("src"), path => Assert.DoesNotMatch(Leftover(), File.ReadAllText(path)));

    // An unsafe block, method or type; 'fixed (T*' pins one.
    [GeneratedRegex(@"\bSystem\.Runtime\.Intrinsics\b|^\s*(?:(?:public|private|internal|static|readonly|sealed)\s+)*unsafe\b|\bfixed\s*\(\s*\w+\*", RegexOptions.Multiline)]
    private static partial Regex IntrinsicsOrPointers();

    [GeneratedRegex("(Helper|Helpers|Util|Utils|Utilities|Manager)$")]
    private static partial Regex EmptyName();

    [GeneratedRegex(@"//\s*(TODO|FIXME|HACK|XXX)\b|^\s*#region\b", RegexOptions.Multiline)]
    private static partial Regex Leftover();
}

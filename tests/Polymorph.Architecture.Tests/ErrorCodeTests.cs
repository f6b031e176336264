using System.Text.RegularExpressions;
using Xunit;

namespace Polymorph.Architecture.Tests;

/// An error code names one kind of error for ever: it is listed in docs/errors.md, and thrown under one meaning only.
public sealed partial class ErrorCodeTests
{
    private static readonly string Table = Path.Combine(Repository.Root, "docs", "errors.md");

    [Fact]
    public void EveryCodeInTheSourcesIsListed()
    {
        var listed = ListedCodes().ToHashSet();
        Assert.All(UsedCodes(), use => Assert.True(listed.Contains(use.Code), $"{use.File} uses {use.Code}, which docs/errors.md does not list"));
    }

    [Fact]
    public void EveryListedCodeIsUsed()
    {
        var used = UsedCodes().Select(use => use.Code).ToHashSet();
        Assert.All(ListedCodes(), code => Assert.True(used.Contains(code), $"docs/errors.md lists {code}, which nothing uses"));
    }

    [Fact]
    public void ACodeBelongsToOneFolderAndIsListedOnce()
    {
        var listed = ListedCodes().ToList();
        Assert.Equal(listed.Distinct(), listed);
        Assert.All(UsedCodes().GroupBy(use => use.Code), code =>
        {
            var folders = code.Select(use => Path.GetDirectoryName(use.File)).Distinct().ToList();
            Assert.True(folders.Count == 1, $"{code.Key} is thrown in {string.Join(" and ", folders)}: give each its own code");
        });
    }

    private static IEnumerable<(string Code, string File)> UsedCodes() =>
        from path in Repository.Sources("src")
        from Match match in CodeLiteral().Matches(File.ReadAllText(path))
        select (match.Groups[1].Value, Repository.Relative(path));

    private static IEnumerable<string> ListedCodes() => ListedCode().Matches(File.ReadAllText(Table)).Select(match => match.Groups[1].Value);

    [GeneratedRegex("\"(PM[0-9]{4})\"")]
    private static partial Regex CodeLiteral();

    [GeneratedRegex(@"^\| (PM[0-9]{4}) \|", RegexOptions.Multiline)]
    private static partial Regex ListedCode();
}

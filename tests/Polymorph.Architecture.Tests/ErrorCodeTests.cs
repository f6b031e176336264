using System.Globalization;
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
    public void ACodeBelongsToOneProjectAndIsListedOnce()
    {
        var listed = ListedCodes().ToList();
        Assert.Equal(listed.Distinct(), listed);
        Assert.All(UsedCodes().GroupBy(use => use.Code), code =>
        {
            var projects = code.Select(use => use.File.Split('/')[1]).Distinct().ToList();
            Assert.True(projects.Count == 1, $"{code.Key} is thrown in {string.Join(" and ", projects)}: give each its own code");
        });
    }

    private static IEnumerable<(string Code, string File)> UsedCodes() =>
        from path in Repository.Sources("src")
        from Match match in CodeLiteral().Matches(File.ReadAllText(path))
        select (match.Groups[1].Value, Repository.Relative(path));

    // The first cell holds one code, several with commas, or a range: PM2201 to PM2207.
    private static IEnumerable<string> ListedCodes() =>
        from Match row in Row().Matches(File.ReadAllText(Table))
        from part in row.Groups[1].Value.Split(',', StringSplitOptions.TrimEntries)
        let ends = part.Split(" to ").Select(code => int.Parse(code.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture)).ToArray()
        from number in Enumerable.Range(ends[0], ends[^1] - ends[0] + 1)
        select string.Create(CultureInfo.InvariantCulture, $"PM{number:0000}");

    [GeneratedRegex("\"(PM[0-9]{4})\"")]
    private static partial Regex CodeLiteral();

    [GeneratedRegex(@"^\| (PM[0-9]{4}(?:(?:, | to )PM[0-9]{4})*) \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}

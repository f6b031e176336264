using Xunit;

namespace Polymorph.Structures.Tests.Formats;

/// <summary>What may be wrong with an XDATCAR.</summary>
public sealed class XdatcarTests
{
    private const string Header = "salt\n 1.0\n5.6 0 0\n0 5.6 0\n0 0 5.6\nNa Cl\n1 1\n";
    private const string First = "Direct configuration=     1\n0 0 0\n.5 .5 .5\n", Second = "Direct configuration=     2\n0 0 0\n.5 .5 .4\n", Third = "Direct configuration=     3\n0 0 0\n.5 .5 .6\n";

    [Theory]
    [InlineData("Direct configuration=     2\n0 0 0\n", "PM2207", 13)]
    [InlineData("Direct configuration=     2\n0 0 0\n.5 .5\n", "PM2104", 13)]
    [InlineData("Direct configuration=     2\n0 0 0\n.5 .5 nan\n", "PM2105", 13)]
    [InlineData("Direct configuration=     2\n0 0 0\n1 0 0\n", "PM2109", 11)]
    [InlineData("Direct configuration=     2\n0 0 0\n.5 .5 .4\n.5 .5 .3\n", "PM2206", 14)]
    public void ABadConfigurationIsLocatedAndTheNextIsRead(string bad, string code, int line)
    {
        var results = InputText.Read(Header + First + bad + Third, "XDATCAR");
        var rejection = Assert.Single(results, r => r.Rejection is not null).Rejection!;
        Assert.Equal((code, (long)line), (rejection.Code, rejection.Line));
        Assert.Equal(1L, results[0].Structure!.Properties["configuration"]);
        Assert.Equal(3L, results[^1].Structure!.Properties["configuration"]);
    }

    [Fact]
    public void EveryConfigurationMayHaveItsCell()
    {
        var results = InputText.Read(Header + First + Header.Replace("5.6", "6.6", StringComparison.Ordinal) + Second, "run.xdatcar");
        Assert.Equal([5.6, 6.6], results.Select(r => r.Structure!.Lattice!.A.X));
    }

    [Fact]
    public void ContentTellsItFromAPoscar()
    {
        Assert.Equal(2, InputText.Read(Header + First + Second, "-").Count(r => r.Structure is not null));
        Assert.Equal("PM2004", InputText.Rejected(Header + First + Second, "POSCAR").Code);
        Assert.Equal("PM2207", InputText.Read(Header + First + Second[..34], "XDATCAR")[^1].Rejection!.Code);
    }
}

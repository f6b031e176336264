using Xunit;

namespace Polymorph.Foundation.Tests;

public sealed class NearestNameTests
{
    private static readonly string[] Known = ["epochs", "batch", "seed", "learning_rate"];

    [Theory]
    [InlineData("epoch", "epochs")]
    [InlineData("EPOCHS", "epochs")]
    [InlineData("pechos", null)] // four changes
    [InlineData("sed", "seed")]
    [InlineData("bacth", "batch")]
    [InlineData("learningrat", "learning_rate")]
    [InlineData("lerning-rat", "learning_rate")]
    [InlineData("temperature", null)]
    public void ANearNameIsFound(string name, string? near) => Assert.Equal(near, NearestName.Of(name, Known));

    [Fact]
    public void AHintIsASentenceOrNothing()
    {
        Assert.Equal("Did you mean 'seed'?", NearestName.Hint("sead", Known));
        Assert.Equal("", NearestName.Hint("temperature", Known));
        Assert.Equal("", NearestName.Hint("seed", []));
    }
}

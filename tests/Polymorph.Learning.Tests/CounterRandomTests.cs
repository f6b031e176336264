using Polymorph.Learning;
using Xunit;

namespace Polymorph.Learning.Tests;

public sealed class CounterRandomTests
{
    /// Known answers published with the Random123 library (Salmon et al. 2011) for philox4x32-10.
    [Fact]
    public void PhiloxGivesThePublishedWords()
    {
        Assert.Equal((0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u), new CounterRandom(0, 0).Block(0, 0, 0));
        Assert.Equal((0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu), new CounterRandom(ulong.MaxValue, uint.MaxValue).Block(uint.MaxValue, uint.MaxValue, uint.MaxValue));
        // Counter and key are the digits of pi; counter words are block, row, step, stream.
        Assert.Equal((0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u), new CounterRandom(0x299f31d0_a4093822, 0x03707344).Block(0x13198a2e, 0x85a308d3, 0x243f6a88));
    }

    [Fact]
    public void NormalNumbersHaveMomentsOfTheNormalDistribution()
    {
        var sequence = new CounterRandom(7, 1).Sequence(3, 5);
        const int count = 200_000;
        double m1 = 0, m2 = 0, m4 = 0;
        for (int i = 0; i < count; i++)
        {
            double x = sequence.NextNormal();
            (m1, m2, m4) = (m1 + x / count, m2 + x * x / count, m4 + x * x * x * x / count);
        }

        // Five standard errors: sqrt(1/n), sqrt(2/n), sqrt(96/n).
        Assert.Equal(0, m1, 5 * Math.Sqrt(1.0 / count));
        Assert.Equal(1, m2, 5 * Math.Sqrt(2.0 / count));
        Assert.Equal(3, m4, 5 * Math.Sqrt(96.0 / count));
    }
}

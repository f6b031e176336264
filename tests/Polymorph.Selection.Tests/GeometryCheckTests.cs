using System.Collections.Immutable;
using Polymorph.Learning;
using Polymorph.Structures;
using Xunit;

namespace Polymorph.Selection.Tests;

public sealed class GeometryCheckTests
{
    private static readonly Element H = new(1), C = new(6), O = new(8);

    [Fact]
    public void SoundWaterPasses() => Assert.Null(Water().Check([0, 0, 0, 0.96f, 0, 0, -0.24f, 0.93f, 0]).Reason);

    [Fact]
    public void FaultsAreNamedWithTheirAtoms()
    {
        // r_O + r_H = 0.97 Å: too close below 0.63 Å, isolated beyond 1.55 Å.
        Assert.Equal(new GeometryVerdict(LossReason.TooClose, 0, 1, 0.5), Water().Check([0, 0, 0, 0.5f, 0, 0, -0.24f, 0.93f, 0]));
        Assert.Equal(new GeometryVerdict(LossReason.IsolatedAtom, 2, 2), Water().Check([0, 0, 0, 0.96f, 0, 0, 5, 5, 5]));
        Assert.Equal(new GeometryVerdict(LossReason.NotFinite, 1, 1), Water().Check([0, 0, 0, 0.96f, float.NaN, 0, 5, 5, 5]));
    }

    [Fact]
    public void LimitsOfAPairReplaceTheFactor()
    {
        var options = new GeometryOptions { MinimumDistances = ImmutableDictionary<(Element, Element), double>.Empty.Add((H, O), 0.9) };
        float[] positions = [0, 0, 0, 0.8f, 0, 0];
        Assert.Null(new GeometryCheck([O, H]).Check(positions).Reason);
        Assert.Equal(LossReason.TooClose, new GeometryCheck([O, H], options).Check(positions).Reason);
    }

    /// In a crystal the distance counts to the nearest image, an atom's own images included.
    [Fact]
    public void ImagesCountAlongPeriodicAxesOnly()
    {
        var lattice = Lattice.Cubic(3);
        float[] acrossTheBorder = [0.1f, 0, 0, 2.9f, 0, 0];
        Assert.Equal(LossReason.TooClose, new GeometryCheck([C, C], null, lattice).Check(acrossTheBorder).Reason);
        Assert.Equal(LossReason.IsolatedAtom, new GeometryCheck([C, C], null, lattice, new Periodicity(false, true, true)).Check(acrossTheBorder).Reason);
        Assert.Null(new GeometryCheck([C], null, Lattice.Cubic(1.6)).Check([0, 0, 0]).Reason);
        Assert.Equal(LossReason.TooClose, new GeometryCheck([C], null, Lattice.Cubic(0.8)).Check([0, 0, 0]).Reason);
    }

    /// Skewed cells against a plain search through many more images than can matter.
    [Fact]
    public void SkewedCellsAgreeWithBruteForce()
    {
        var random = new CounterRandom(1, 0).Sequence(0);
        int[] seen = new int[3];
        for (int trial = 0; trial < 300; trial++)
        {
            var lattice = new Lattice(new(3 + random.NextDouble(), 0, 0), new(random.NextDouble() * 6 - 3, 2.5, 0), new(random.NextDouble() * 4 - 2, random.NextDouble() * 4 - 2, 2 + 2 * random.NextDouble()));
            float[] positions = new float[9];
            foreach (ref float x in positions.AsSpan())
            {
                x = (float)(random.NextDouble() * 8);
            }

            var verdict = new GeometryCheck([C, O, H], null, lattice).Check(positions);
            var expected = BruteForce(positions, lattice);
            Assert.Equal(expected, verdict.Reason);
            seen[expected switch { null => 0, LossReason.TooClose => 1, _ => 2 }]++;
        }

        Assert.All(seen, count => Assert.True(count > 5, string.Join(' ', seen))); // every answer occurred
    }

    private static GeometryCheck Water() => new([O, H, H]);

    private static LossReason? BruteForce(float[] positions, Lattice lattice)
    {
        Element[] species = [C, O, H];
        var options = new GeometryOptions();
        bool tooClose = false;
        bool[] near = new bool[3];
        const int images = 9;
        for (int n = 0; n < 9 * (2 * images + 1) * (2 * images + 1) * (2 * images + 1); n++)
        {
            int i = n % 3, j = n / 3 % 3, m = n / 9;
            int a = m % (2 * images + 1) - images, b = m / (2 * images + 1) % (2 * images + 1) - images, c = m / (2 * images + 1) / (2 * images + 1) - images;
            if (i == j && a == 0 && b == 0 && c == 0)
            {
                continue;
            }

            var offset = new Vector3D(positions[3 * j] - (double)positions[3 * i], positions[3 * j + 1] - (double)positions[3 * i + 1], positions[3 * j + 2] - (double)positions[3 * i + 2])
                + a * lattice.A + b * lattice.B + c * lattice.C;
            tooClose |= offset.Length < options.Minimum(species[i], species[j]);
            near[i] |= offset.Length < options.IsolationFactor * (species[i].CovalentRadius + species[j].CovalentRadius);
        }

        return tooClose ? LossReason.TooClose : near.All(x => x) ? null : LossReason.IsolatedAtom;
    }
}

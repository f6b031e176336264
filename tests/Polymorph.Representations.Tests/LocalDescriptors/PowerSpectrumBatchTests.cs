using Polymorph.Learning.Kernels;
using Polymorph.Representations.LocalDescriptors;
using Polymorph.Structures;
using Xunit;

namespace Polymorph.Representations.Tests.LocalDescriptors;

/// <summary>The kernel, at every vector width, against the definition and against itself.</summary>
public sealed class PowerSpectrumBatchTests
{
    public static TheoryData<int> Widths => [16, 8, 4];

    /// <summary>Single precision: 2e-6 of the largest entry, as in the specification for entries of order 1; gradients 1e-4 of the largest component.
    /// Above n_max 6 the steep functions near r = 0 magnify the rounding of t: ten times that.</summary>
    [Theory, MemberData(nameof(Widths))]
    public void AgreesWithTheDefinition(int lanes)
    {
        Periodicity[] periodicities = [Periodicity.None, Periodicity.Full, new(true, true, false), new(false, true, false)];
        for (int seed = 1; seed <= 24; seed++)
        {
            var random = new RandomStructures((ulong)seed);
            var options = new PowerSpectrumOptions
            {
                Radial = (RadialBasis)(seed % 2),
                CutoffRadius = random.Uniform(3, 5.5),
                MaximumOrder = seed <= 20 ? 1 + random.Index(6) : PowerSpectrumOptions.LargestOrder,
                NeighbourCount = 1 + random.Index(30),
            };
            var periodicity = periodicities[seed / 2 % 4];
            var structure = periodicity.Any ? random.Crystal(3 + random.Index(7), periodicity, options) : random.Molecule(1 + random.Index(40), options);
            Compare(structure, options, lanes, seed);
        }
    }

    /// <summary>On a lattice with exact coordinates every distance ties, and the order of storage alone decides.</summary>
    [Theory, MemberData(nameof(Widths))]
    public void TiesAreBrokenByTheOrderOfStorage(int lanes)
    {
        foreach (int layers in new[] { 1, 3 })
        {
            var positions = from x in Enumerable.Range(0, 3) from y in Enumerable.Range(0, 3) from z in Enumerable.Range(0, layers) select new Vector3D(x, y, 1.5 * z);
            var cluster = Structure(positions, "CHHOCHO");
            for (int neighbours = 1; neighbours <= 8; neighbours++)
            {
                Compare(cluster, new PowerSpectrumOptions { CutoffRadius = 4, NeighbourCount = neighbours }, lanes, neighbours);
            }
        }
    }

    [Theory, MemberData(nameof(Widths))]
    public void OfAtomsOnOnePlaceTheFirstIsTheCentre(int lanes)
    {
        var pair = new Vector3D(0.5, 0.25, 0);
        var others = Enumerable.Range(1, 20).Select(i => new Vector3D(0.5 * i, 0.125 * i * i, 0.75 * (i % 3)));
        foreach (int count in new[] { 4, 20 })
        {
            var structure = Structure([pair, .. others.Take(count), pair], "OHCHHOCHC");
            var options = new PowerSpectrumOptions { CutoffRadius = 5, NeighbourCount = 3 };
            int[] types = RandomStructures.Types(structure);
            double[][] expected = new PowerSpectrumReference(options, 3).Describe(Neighbourhood.BySupercell(structure, options), types);
            float[] rows = new float[types.Length * options.DescriptorLength(3)];
            new PowerSpectrumBatch(options, types, 3, null, default, (VectorWidth)lanes).Describe(Positions(structure), 1, rows, options.DescriptorLength(3));
            AssertClose([.. expected.SelectMany(r => r)], rows, 2e-6, "values");
        }
    }

    [Theory, MemberData(nameof(Widths))]
    public void StructureHasTheSameBitsInAnyBatch(int lanes)
    {
        foreach (bool periodic in new[] { false, true })
        {
            const int structures = 37, atoms = 9;
            var options = new PowerSpectrumOptions { CutoffRadius = 4, MaximumOrder = 4, NeighbourCount = 7 };
            var random = new RandomStructures(5);
            var cell = periodic ? Lattice.Cubic(4.6) : null;
            int[] types = [0, 1, 2, 0, 1, 2, 0, 0, 1];
            float[] positions = [.. Enumerable.Range(0, 3 * structures * atoms).Select(_ => (float)random.Uniform(0, 4.6))];
            // One structure with exact ties and two atoms on one place must not disturb the others.
            for (int k = 0; k < 3 * atoms; k++)
            {
                positions[3 * 3 * atoms + k] = MathF.Round(positions[3 * 3 * atoms + k] / 2) * 2;
            }

            int stride = 112, size = 3 * atoms;
            var batch = new PowerSpectrumBatch(options, types, 3, cell, periodic ? Periodicity.Full : Periodicity.None, (VectorWidth)lanes);
            float[] all = new float[structures * atoms * stride], gradient = new float[positions.Length];
            batch.Describe(positions, structures, all, stride);
            batch.Gradient(positions, structures, all, stride, gradient);
            foreach (int part in new[] { 1, 2, 5, 16 })
            {
                float[] rows = new float[all.Length], slopes = new float[positions.Length];
                for (int first = 0; first < structures; first += part)
                {
                    int count = Math.Min(part, structures - first);
                    var from = positions.AsSpan(first * size, count * size);
                    var to = rows.AsSpan(first * atoms * stride, count * atoms * stride);
                    batch.Describe(from, count, to, stride);
                    batch.Gradient(from, count, to, stride, slopes.AsSpan(first * size, count * size));
                }

                Assert.Equal(all, rows);
                Assert.Equal(gradient, slopes);
            }

            float[] range = new float[structures * 4 * stride];
            batch.Describe(positions, structures, 3, 4, range, stride);
            for (int row = 0; row < structures * 4; row++)
            {
                Assert.Equal(all.AsSpan((row / 4 * atoms + 3 + row % 4) * stride, stride), range.AsSpan(row * stride, stride));
            }
        }
    }

    /// <summary>The gradients of two ranges of centres add up to that of all; single-precision sums in another order, so 1e-5 of the largest component.</summary>
    [Fact]
    public void GradientsOfRangesAddUp()
    {
        var options = new PowerSpectrumOptions { CutoffRadius = 4.5 };
        var structure = new RandomStructures(3).Molecule(11, options);
        int[] types = RandomStructures.Types(structure);
        var batch = new PowerSpectrumBatch(options, types, 3, null, default);
        float[] positions = Positions(structure), rows = new float[11 * 63], whole = new float[33], low = new float[33], high = new float[33];
        batch.Describe(positions, 1, rows, 63);
        batch.Gradient(positions, 1, rows, 63, whole);
        batch.Gradient(positions, 1, 0, 4, rows.AsSpan(0, 4 * 63), 63, low);
        batch.Gradient(positions, 1, 4, 7, rows.AsSpan(4 * 63), 63, high);
        AssertClose([.. low.Zip(high, (a, b) => (double)a + b)], whole, 1e-5 * whole.Max(Math.Abs), "gradient");
    }

    [Fact]
    public void NotANumberShowsInTheResult()
    {
        var batch = new PowerSpectrumBatch(new(), [0, 1, 0], 2, Lattice.Cubic(3), Periodicity.Full);
        float[] positions = [0, 0, 0, 1, float.NaN, 0, 0, 1, 1], rows = new float[3 * batch.DescriptorLength];
        batch.Describe(positions, 1, rows, batch.DescriptorLength);
        Assert.Contains(float.NaN, rows);
        batch.Describe([0, 0, 0, 1, float.PositiveInfinity, 0, 0, 1, 1], 1, rows, batch.DescriptorLength);
        batch.Describe([0, 0, 0, 1, 1e30f, 0, 0, 1, 1], 1, rows, batch.DescriptorLength);
    }

    [Fact]
    public void DescribingAllocatesNothing()
    {
        foreach (var (cell, periodicity) in new[] { ((Lattice?)null, Periodicity.None), (Lattice.Cubic(5), Periodicity.Full) })
        {
            int[] types = [.. Enumerable.Range(0, 12).Select(i => i % 2)];
            var batch = new PowerSpectrumBatch(new() { CutoffRadius = 4, NeighbourCount = 5 }, types, 2, cell, periodicity);
            var random = new RandomStructures(9);
            float[] positions = [.. Enumerable.Range(0, 20 * 36).Select(_ => (float)Math.Round(random.Uniform(0, 5)))], rows = new float[20 * 12 * 48], gradient = new float[positions.Length];
            Round();
            long before = GC.GetAllocatedBytesForCurrentThread();
            Round();
            Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

            void Round()
            {
                batch.Describe(positions, 20, rows, 48);
                batch.Gradient(positions, 20, rows, 48, gradient);
            }
        }
    }

    [Fact]
    public void BadArgumentsAreNamed()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new PowerSpectrumOptions { MaximumOrder = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new PowerSpectrumOptions { CutoffRadius = double.NaN });
        Assert.Throws<ArgumentOutOfRangeException>(() => new PowerSpectrumOptions { NeighbourCount = 0 });
        Assert.Throws<ArgumentException>(() => new PowerSpectrumBatch(new(), [0, 2], 2, null, default));
        Assert.Throws<ArgumentException>(() => new PowerSpectrumBatch(new(), [], 2, null, default));
        Assert.Throws<ArgumentException>(() => new PowerSpectrumBatch(new(), [0], 2, null, Periodicity.Full));
        var batch = new PowerSpectrumBatch(new(), [0, 1], 2, null, default);
        Assert.Throws<ArgumentException>(() => batch.Describe(new float[5], 1, new float[2 * batch.DescriptorLength], batch.DescriptorLength));
        Assert.Throws<ArgumentException>(() => batch.Describe(new float[6], 1, new float[7], batch.DescriptorLength));
        Assert.Throws<ArgumentOutOfRangeException>(() => batch.Describe(new float[6], 1, new float[60], 30));
        Assert.Throws<ArgumentOutOfRangeException>(() => batch.Describe(new float[6], 1, 1, 2, new float[64], 32));
    }

    private static void Compare(Structure structure, PowerSpectrumOptions options, int lanes, int seed)
    {
        int[] types = RandomStructures.Types(structure);
        int atoms = types.Length, length = options.DescriptorLength(3);
        var neighbours = Neighbourhood.BySupercell(structure, options);
        var reference = new PowerSpectrumReference(options, 3);
        double[][] expected = reference.Describe(neighbours, types);
        var batch = new PowerSpectrumBatch(options, types, 3, structure.Lattice, structure.Periodicity, (VectorWidth)lanes);
        float[] rows = new float[atoms * length], gradient = new float[3 * atoms];
        float[] positions = Positions(structure);
        batch.Describe(positions, 1, rows, length);
        string what = $"seed {seed}, {options}, {atoms} atoms, {structure.Periodicity}";
        double largest = Math.Max(1, expected.Max(row => row.Max(Math.Abs)));
        double tolerance = (options.MaximumOrder <= 6 ? 2e-6 : 2e-5) * largest;
        AssertClose([.. expected.SelectMany(row => row)], rows, tolerance, what);

        double[][] v = [.. expected.Select((row, i) => row.Select((_, k) => (double)(float)Math.Cos(0.37 + 1.91 * i + 0.73 * k)).ToArray())];
        var slopes = reference.Gradient(neighbours, types, v);
        batch.Gradient(positions, 1, [.. v.SelectMany(row => row).Select(x => (float)x)], length, gradient);
        AssertClose([.. slopes.SelectMany(g => new[] { g.X, g.Y, g.Z })], gradient, 1e-4 * Math.Max(0.01, slopes.Max(g => g.Length)), what);
    }

    private static void AssertClose(double[] expected, float[] actual, double tolerance, string what)
    {
        for (int k = 0; k < expected.Length; k++)
        {
            Assert.True(Math.Abs(expected[k] - actual[k]) <= tolerance, $"{what}: entry {k} is {actual[k]}, expected {expected[k]} within {tolerance:E1}");
        }
    }

    private static float[] Positions(Structure structure) => [.. structure.Positions.SelectMany(p => new[] { (float)p.X, (float)p.Y, (float)p.Z })];

    private static Structure Structure(IEnumerable<Vector3D> positions, string symbols)
    {
        Vector3D[] all = [.. positions];
        return new([.. all.Select((_, i) => Element.Parse(symbols[i % symbols.Length].ToString()))], [.. all]);
    }
}

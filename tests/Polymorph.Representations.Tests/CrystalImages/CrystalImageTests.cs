using Polymorph.Foundation;
using Polymorph.Learning;
using Polymorph.Representations.CrystalImages;
using Polymorph.Structures;
using Xunit;

namespace Polymorph.Representations.Tests.CrystalImages;

public sealed class CrystalImageTests
{
    // The golden vectors are double precision with all digits; angles go through an arc tangent.
    private const double Tolerance = 1e-9;

    private static readonly CrystalImageLayout Layout = CrystalImageLayout.MgMnO;

    [Fact]
    public void GoldenStructuresAreEncoded()
    {
        foreach (var golden in GoldenImages.Representation.GetProperty("structures").EnumerateArray())
        {
            var image = Encode(GoldenImages.Structure(golden));
            GoldenImages.AssertImage(GoldenImages.Flat(golden.GetProperty("image")), image, Tolerance);
            var present = new bool[Layout.AtomRows];
            CrystalImage.PresenceBySum(image, Layout, present);
            Assert.Equal(GoldenImages.Whole(golden.GetProperty("presence")), present.Select(p => p ? 1 : 0));
            Assert.Equal(GoldenImages.Whole(golden.GetProperty("counts")), Layout.CountsOf(GoldenImages.Structure(golden).Composition));
        }
    }

    [Fact]
    public void GoldenImagesAreDecoded()
    {
        foreach (var golden in GoldenImages.Representation.GetProperty("structures").EnumerateArray())
        {
            double[] image = GoldenImages.Flat(golden.GetProperty("image"));
            bool[] present = [.. GoldenImages.Whole(golden.GetProperty("presence")).Select(p => p == 1)];
            var (structure, fault) = CrystalImage.Decode(image, Layout, present, GoldenImages.Whole(golden.GetProperty("counts")));
            Assert.Equal(ImageFault.None, fault);
            Assert.Equal(golden.GetProperty("volume").GetDouble(), structure!.Lattice!.Volume, 1e-9 * structure.Lattice.Volume);
            double[] cartesian = GoldenImages.Flat(golden.GetProperty("cartesian"));
            for (int i = 0; i < structure.AtomCount; i++)
            {
                var offset = structure.Lattice.ToFractional(structure.Positions[i] - new Vector3D(cartesian[3 * i], cartesian[3 * i + 1], cartesian[3 * i + 2]));
                var whole = new Vector3D(Math.Round(offset.X), Math.Round(offset.Y), Math.Round(offset.Z));
                Assert.True((offset - whole).Length < Tolerance, $"atom {i} is {offset - whole} away");
            }

            var nearest = ClosestPair(structure);
            Assert.Equal(golden.GetProperty("min_distance").GetDouble(), nearest, Tolerance);
        }
    }

    [Fact]
    public void GeneratedImagesAreDecodedAndWrapped()
    {
        foreach (var golden in GoldenImages.Representation.GetProperty("decode").EnumerateArray().Where(g => g.TryGetProperty("mask", out _)))
        {
            double[] image = GoldenImages.Flat(golden.GetProperty("image"));
            bool[] present = new bool[Layout.AtomRows];
            CrystalImage.PresenceBySum(image, Layout, present);
            Assert.Equal(GoldenImages.Whole(golden.GetProperty("mask")), present.Select(p => p ? 1 : 0));
            var (structure, fault) = CrystalImage.Decode(image, Layout, present, GoldenImages.Whole(golden.GetProperty("counts")));
            Assert.Equal(golden.GetProperty("cell_valid").GetBoolean(), fault == ImageFault.None);
            AssertLattice(golden.GetProperty("lattice"), structure!.Lattice!);
            var fractional = structure.FractionalPositions;
            double[] unwrapped = GoldenImages.Flat(golden.GetProperty("frac_unwrapped"));
            for (int i = 0; i < unwrapped.Length; i++)
            {
                double f = fractional[i / 3][i % 3];
                Assert.InRange(f, -1e-12, 1 + 1e-12);
                Assert.Equal(0, Math.IEEERemainder(f - unwrapped[i], 1), Tolerance);
            }
        }
    }

    [Fact]
    public void CellsThatDoNotExistAreRejected()
    {
        bool[] present = new bool[Layout.AtomRows];
        foreach (var golden in GoldenImages.Representation.GetProperty("decode").EnumerateArray().Where(g => g.TryGetProperty("cell_only", out _)))
        {
            double[] image = new double[Layout.Length];
            var (lengths, angles) = (GoldenImages.Vector(golden.GetProperty("lengths")), GoldenImages.Vector(golden.GetProperty("angles")));
            for (int axis = 0; axis < 3; axis++)
            {
                (image[axis], image[3 + axis]) = (lengths[axis] / 30, angles[axis] / 180);
            }

            bool valid = golden.GetProperty("cell_valid").GetBoolean();
            Assert.Equal(valid, CrystalImage.CellOf(image, Layout) is not null);
            Assert.Equal(valid ? ImageFault.ElementMissing : ImageFault.NoCell, CrystalImage.Decode(image, Layout, present).Fault);
            if (valid)
            {
                AssertLattice(golden.GetProperty("lattice"), CrystalImage.CellOf(image, Layout)!);
            }
        }
    }

    [Fact]
    public void NoAtomIsMadeUp()
    {
        var golden = GoldenImages.Representation.GetProperty("decode").EnumerateArray().Single(g => g.TryGetProperty("note", out _));
        double[] image = GoldenImages.Flat(golden.GetProperty("image"));
        bool[] present = new bool[Layout.AtomRows];
        CrystalImage.PresenceBySum(image, Layout, present);
        Assert.Equal(new DecodedImage(null, ImageFault.ElementMissing), CrystalImage.Decode(image, Layout, present));
    }

    [Fact]
    public void FaultsAreTold()
    {
        var golden = GoldenImages.Representation.GetProperty("structures")[0];
        double[] image = GoldenImages.Flat(golden.GetProperty("image"));
        bool[] present = [.. GoldenImages.Whole(golden.GetProperty("presence")).Select(p => p == 1)];
        Assert.Equal(ImageFault.CountsDiffer, CrystalImage.Decode(image, Layout, present, [1, 1, 2]).Fault);
        Assert.Equal(ImageFault.NotFinite, CrystalImage.Decode([.. image[..6], double.NaN, .. image[7..]], Layout, present).Fault);
        Assert.Equal(ImageFault.NotFinite, CrystalImage.Decode([double.PositiveInfinity, .. image[1..]], Layout, present).Fault);

        // A number of a row without an atom does not matter.
        Assert.Equal(ImageFault.None, CrystalImage.Decode([.. image[..9], double.NaN, .. image[10..]], Layout, present).Fault);
        Assert.Equal(ImageFault.NoCell, CrystalImage.Decode([0, .. image[1..]], Layout, present).Fault);
        Assert.Equal(ImageFault.NoCell, CrystalImage.Decode([.. image[..3], 1, .. image[4..]], Layout, present).Fault);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void EncodingAndDecodingGiveTheSameCrystal(int seed)
    {
        var layout = CrystalImageLayout.Parse("Ti=3,Ba=5,O=9,N=2") with { LengthScale = 25, AngleScale = 200 };
        for (uint round = 0; round < 50; round++)
        {
            var structure = RandomCrystal(layout, seed, round);
            double[] image = new double[layout.Length];
            CrystalImage.Encode(structure, layout, image);
            Assert.All(image, v => Assert.InRange(v, 0, 1));
            bool[] present = new bool[layout.AtomRows];
            CrystalImage.PresenceBySum(image, layout, present);
            var back = CrystalImage.Decode(image, layout, present, layout.CountsOf(structure.Composition).AsSpan()).Structure!;

            // Distances of periodic images do not depend on orientation and origin. 1e-8: rounding of angles in cells up to 25 Å long.
            Assert.Equal(Distances(structure), Distances(back), (a, b) => Math.Abs(a - b) < 1e-8);
        }
    }

    [Fact]
    public void WhatDoesNotFitIsNamed()
    {
        var crystal = RandomCrystal(Layout, 1, 1);
        Assert.Equal("PM2902", Code(() => Encode(new Structure(crystal.Species, crystal.Positions))));
        Assert.Equal("PM2902", Code(() => Encode(new Structure(crystal.Species, crystal.Positions, crystal.Lattice, new Periodicity(true, true, false)))));
        Assert.Equal("PM2903", Code(() => Encode(new Structure([.. crystal.Species, Element.Parse("Fe")], [.. crystal.Positions, new(0, 0, 0)], crystal.Lattice))));
        Assert.Equal("PM2904", Code(() => Layout.CountsOf(Composition.Parse("Mg9MnO3"))));
        Assert.Equal("PM2904", Code(() => Layout.CountsOf(Composition.Parse("MnO2"))));
        Assert.Equal("PM2905", Code(() => Encode(Long(crystal))));
        Assert.Equal([4, 4, 8], Layout.CountsOf(Composition.Parse("Mg4Mn4O8")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Mg")]
    [InlineData("Mg=0")]
    [InlineData("Mg=201")]
    [InlineData("Mg=8,Mg=2")]
    [InlineData("Xx=8")]
    [InlineData("Mg=8;O=2")]
    [InlineData("Mg=-3")]
    public void AWrongLayoutIsNamed(string text) => Assert.Equal("PM2901", Code(() => CrystalImageLayout.Parse(text)));

    [Fact]
    public void LayoutsAreReadAndWritten()
    {
        Assert.Equal((30, 28, 2, 10, 18, 30), (Layout.Rows, Layout.AtomRows, Layout.FirstRow(0), Layout.FirstRow(1), Layout.FirstRow(2), Layout.FirstRow(3)));
        Assert.Equal(Layout, CrystalImageLayout.Parse(Layout.ToString()));
        Assert.Equal([8, 20], CrystalImageLayout.Parse("v-o").Caps);
        Assert.Equal("Mg=2,Mn=4,O=8", CrystalImageLayout.Smallest([Composition.Parse("Mg2Mn4O8"), Composition.Parse("MgO8")]).ToString());
    }

    internal static Structure RandomCrystal(CrystalImageLayout layout, int seed, uint round)
    {
        var random = new CounterRandom((ulong)seed, 77).Sequence(round);
        Lattice? lattice = null;
        while (lattice is null || lattice.Volume < 20)
        {
            double[] cell = new double[layout.Length];
            for (int i = 0; i < 6; i++)
            {
                cell[i] = i < 3 ? 0.1 + 0.5 * random.NextDouble() : (50 + 80 * random.NextDouble()) / layout.AngleScale;
            }

            lattice = CrystalImage.CellOf(cell, layout);
        }

        var species = new List<Element>();
        var positions = new List<Vector3D>();
        foreach (var (element, cap) in layout.Blocks)
        {
            for (int n = random.NextIndex(cap); n >= 0; n--)
            {
                species.Add(element);
                positions.Add(lattice.ToCartesian(new Vector3D(4 * random.NextDouble() - 2, random.NextDouble(), random.NextDouble())));
            }
        }

        return new Structure([.. species], [.. positions], lattice);
    }

    // Sorted by pair of elements and distance, so that the order of the atoms does not matter.
    internal static double[] Distances(Structure s)
    {
        var neighbours = NeighborList.Build(s, 4);
        return [.. Enumerable.Range(0, s.AtomCount)
            .SelectMany(i => neighbours.Of(i).ToArray().Select(n => (Pair: s.Species[i].Number * 200 + s.Species[n.Index].Number, n.Distance)))
            .OrderBy(n => n.Pair).ThenBy(n => n.Distance).Select(n => n.Distance)];
    }

    private static Structure Long(Structure crystal)
    {
        var lattice = new Lattice(new(31, 0, 0), new(0, 5, 0), new(0, 0, 5));
        return new Structure(crystal.Species, crystal.Positions, lattice);
    }

    private static double[] Encode(Structure structure)
    {
        double[] image = new double[Layout.Length];
        CrystalImage.Encode(structure, Layout, image);
        return image;
    }

    private static string Code(Action action) => Assert.Throws<PolymorphException>(action).Code;

    private static double ClosestPair(Structure structure) => Enumerable.Range(0, structure.AtomCount).SelectMany(i => NeighborList.Build(structure, 4).Of(i).ToArray()).Min(n => n.Distance);

    private static void AssertLattice(System.Text.Json.JsonElement expected, Lattice actual)
    {
        for (int row = 0; row < 3; row++)
        {
            Assert.True((GoldenImages.Vector(expected[row]) - actual[row]).Length < Tolerance * 30, $"vector {row}");
        }
    }
}

using Polymorph.Structures;
using Xunit;

namespace Polymorph.Selection.Tests;

public sealed class CoordinationKeyTests
{
    private static readonly Lattice Cell = new(new(5.1, 0, 0), new(0.7, 5.3, 0), new(-0.4, 0.6, 5.6));

    /// A chain Si-O-Si-O through the cell, and two loose atoms: bonds across faces count like others.
    [Fact]
    public void NeitherOriginNorOrderNorImagesMatter()
    {
        Vector3D[] sites = [new(0.1, 0.2, 0.3), new(0.6, 0.2, 0.3), new(0.35, 0.2, 0.3), new(0.85, 0.2, 0.3), new(0.1, 0.7, 0.8)];
        Element si = new(14), o = new(8);
        ulong key = Key([si, si, o, o, o], sites);
        Assert.Equal(key, Key([si, si, o, o, o], [.. sites.Select(f => f + new Vector3D(0.77, 0.31, 0.9))]));
        Assert.Equal(key, Key([si, si, o, o, o], [sites[0] + new Vector3D(1, -2, 0), sites[1], sites[2] + new Vector3D(0, 0, 3), sites[3], sites[4]]));
        Assert.Equal(key, Key([o, si, o, si, o], [sites[3], sites[1], sites[4], sites[0], sites[2]]));
        Assert.NotEqual(key, Key([si, si, o, o, o], [.. sites[..4], new(0.1, 0.5, 0.3)])); // the loose oxygen bonded to the first silicon
        Assert.NotEqual(key, Key([si, si, o, o, o], [sites[0], sites[1], sites[2], new(0.85, 0.7, 0.3), sites[4]])); // the chain broken
    }

    [Fact]
    public void MoleculesOfOneFormulaAreToldApart()
    {
        // Carbon skeletons of butane and isobutane, bonds of 1.5 angstrom.
        var key = new CoordinationKey(Enumerable.Repeat(new Element(6), 4));
        float[] chain = [0, 0, 0, 1.5f, 0, 0, 2, 1.4f, 0, 3.5f, 1.4f, 0], bent = [0, 0, 0, 1.5f, 0, 0, 2, 1.4f, 0, 2.1f, 1.9f, 1.4f], star = [0, 0, 0, 1.5f, 0, 0, -0.75f, 1.3f, 0, -0.75f, -1.3f, 0];
        Assert.Equal(key.Of(chain), key.Of(bent));
        Assert.NotEqual(key.Of(chain), key.Of(star));
    }

    private static ulong Key(Element[] species, Vector3D[] fractional) =>
        new CoordinationKey(species, Cell, Periodicity.Full).Of([.. fractional.Select(Cell.ToCartesian).SelectMany(p => new[] { (float)p.X, (float)p.Y, (float)p.Z })]);
}

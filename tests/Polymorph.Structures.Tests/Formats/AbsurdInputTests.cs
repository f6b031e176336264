using Polymorph.Structures.Formats;
using Xunit;

namespace Polymorph.Structures.Tests.Formats;

/// <summary>Structures that no crystal can have, in the formats of text: each named, none accepted in silence.</summary>
public sealed class AbsurdInputTests
{
    private const string Cif = "data_a\n_cell_length_a 4\n_cell_length_b 4\n_cell_length_c LENGTH\n_cell_angle_alpha 90\n_cell_angle_beta 90\n_cell_angle_gamma ANGLE\nloop_\n_atom_site_label\n_atom_site_type_symbol\n_atom_site_fract_x\n_atom_site_fract_y\n_atom_site_fract_z\n_atom_site_occupancy\nA SYMBOL 0 0 0 SHARE\nB O 0.5 0.5 HEIGHT 1\n";

    [Theory]
    [InlineData("4", "0", "Na", "1", "0.5", "PM2412")]
    [InlineData("4", "180", "Na", "1", "0.5", "PM2412")]
    [InlineData("4", "1e-9", "Na", "1", "0.5", "PM2412")]
    [InlineData("4", "360", "Na", "1", "0.5", "PM2412")]
    [InlineData("6.25e-8", "90", "Na", "1", "0.5", "PM2109")] // 1e-6 Å3
    [InlineData("62500", "90", "Na", "1", "0.5", null)] // 1e6 Å3
    [InlineData("4", "90", "X", "1", "0.5", "PM2103")]
    [InlineData("4", "90", "Na", "0.5", "0.5", "PM2403")]
    [InlineData("4", "90", "Na", "1.5", "0.5", "PM2403")]
    public void Cifs(string length, string angle, string symbol, string share, string height, string? code)
    {
        string text = Cif.Replace("LENGTH", length, StringComparison.Ordinal).Replace("ANGLE", angle, StringComparison.Ordinal).Replace("SYMBOL", symbol, StringComparison.Ordinal)
            .Replace("SHARE", share, StringComparison.Ordinal).Replace("HEIGHT", height, StringComparison.Ordinal);
        var result = Assert.Single(InputText.Read(text, "a.cif"));
        Assert.Equal(code, result.Rejection?.Code);
    }

    [Theory]
    [InlineData("4 0 0 0 4 0 0 0 6.25e-8", "Na", "2 2 2", "PM2109")]
    [InlineData("100 0 0 0 100 0 0 0 100", "Na", "2 2 2", null)]
    [InlineData("4 0 0 4 0 0 0 0 4", "Na", "2 2 2", "PM2107")] // an angle of 0
    [InlineData("4 0 0 -4 0 0 0 0 4", "Na", "2 2 2", "PM2107")] // and of 180 degrees
    [InlineData("4 0 0 0 4 0 0 0 4", "X", "2 2 2", "PM2103")]
    [InlineData("4 0 0 0 4 0 0 0 4", "Na", "0 0 0", "PM2109")] // one atom on two sites
    [InlineData("4 0 0 0 4 0 0 0 4", "Na", "4 -4 8", "PM2109")] // the same, through images
    public void ExtendedXyz(string cell, string symbol, string second, string? code)
    {
        string text = $"2\nLattice=\"{cell}\" Properties=species:S:1:pos:R:3\nO 0 0 0\n{symbol} {second}\n";
        Assert.Equal(code, Assert.Single(InputText.Read(text, "a.extxyz")).Rejection?.Code);
        var v = cell.Split(' ').Chunk(3).Select(r => string.Join(' ', r));
        string poscar = $"x\n1\n{string.Join('\n', v)}\nO {symbol}\n1 1\nCartesian\n0 0 0\n{second}\n";
        Assert.Equal(code, Assert.Single(InputText.Read(poscar, "POSCAR")).Rejection?.Code);
    }

    [Fact]
    public void SetsOfMixedSpeciesAreReadFrameByFrame()
    {
        string text = string.Concat(new[] { "O", "Xx", "U", "Og", "D" }.Select(symbol => $"1\n\n{symbol} 0 0 0\n"));
        Assert.Equal([null, "PM2103", null, null, "PM2103"], InputText.Read(text, "a.xyz").Select(r => r.Rejection?.Code));
    }
}

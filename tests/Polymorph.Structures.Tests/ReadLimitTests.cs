using Polymorph.Structures.Formats;
using Xunit;

namespace Polymorph.Structures.Tests;

/// <summary>What would take more memory than any structure needs is refused where it begins.</summary>
public sealed class ReadLimitTests
{
    private const string Frame = "2\nProperties=species:S:1:pos:R:3:tag:S:1\nO 0 0 0 abcd\nH 0 0 1 efgh\n";

    private const string Cif = "data_a\n_cell_length_a 4\n_cell_length_b 4\n_cell_length_c 4\n_cell_angle_alpha 90\n_cell_angle_beta 90\n_cell_angle_gamma 90\nloop_\n_atom_site_label\n_atom_site_fract_x\n_atom_site_fract_y\n_atom_site_fract_z\nO1 0 0 0\n";

    [Fact]
    public void ManyColumnsOfManyAtomsAreRefusedBeforeTheirRows()
    {
        Assert.NotNull(Assert.Single(InputText.Read(Frame, "a.extxyz", new ReadOptions { MaxValues = 10 })).Structure);
        Assert.Equal(("PM2113", 1), InputText.Rejected(Frame, "a.extxyz", new ReadOptions { MaxValues = 9 }));
        Assert.Equal(("PM2113", 1), InputText.Rejected("1000000\nProperties=species:S:1:pos:R:3:x:R:9000\nO 0 0 0\n", "a.extxyz"));
    }

    [Fact]
    public void MuchTextInColumnsIsRefused()
    {
        Assert.NotNull(Assert.Single(InputText.Read(Frame, "a.extxyz", new ReadOptions { MaxText = 8 })).Structure);
        Assert.Equal(("PM2113", 4), InputText.Rejected(Frame, "a.extxyz", new ReadOptions { MaxText = 7 }));
    }

    [Fact]
    public void MuchTextInLoopsIsRefused()
    {
        // Names of the loop: 70 characters; values: 5.
        Assert.NotNull(Assert.Single(InputText.Read(Cif, "a.cif", new ReadOptions { MaxText = 70 + 5 })).Structure);
        Assert.Equal(("PM2113", 13), InputText.Rejected(Cif, "a.cif", new ReadOptions { MaxText = 70 + 4 }));
    }
}

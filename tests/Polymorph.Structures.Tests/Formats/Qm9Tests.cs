using Polymorph.Structures.Formats;
using Xunit;

namespace Polymorph.Structures.Tests.Formats;

/// <summary>Files in the form of the QM9 data set.</summary>
public sealed class Qm9Tests
{
    // Methane, the first file of the set, shortened to the digits that matter; one exponent in the form that Mathematica writes.
    private const string Methane = "5\ngdb 1\t157.7118\t157.70997\t157.70699\t0.\t13.21\t-0.3877\t0.1171\t0.5048\t35.3641\t0.044749\t-40.47893\t-40.476062\t-40.475117\t-40.498597\t6.469\t\nC\t-0.0126981359\t 1.0858041578\t 0.0080009958\t-0.535689\nH\t 2.150416*^-3\t-0.0060313176\t 0.0019761204\t 0.133921\nH\t 1.0117308433\t 1.4637511618\t 0.0002765748\t 0.133922\nH\t-0.540815069\t 1.4475266138\t-0.8766437152\t 0.133923\nH\t-0.5238136345\t 1.4379326443\t 0.9063972942\t 0.133923\n1341.307\t1341.3284\t1341.365\t1562.6731\t1562.7453\t3038.3205\t3151.6034\t3151.6788\t3151.7078\nC\tC\t\nInChI=1S/CH4/h1H4\tInChI=1S/CH4/h1H4\n";

    [Fact]
    public void PropertiesAndChargesAreKept()
    {
        var results = InputText.Read(Methane + Methane, "dsgdb9nsd_000001.xyz");
        Assert.Equal(2, results.Count);
        var methane = results[1].Structure!;
        Assert.Equal(("gdb_1", 13.21, -0.3877, 0.5048, -40.47893, 6.469), (methane.Properties["id"], methane.Properties["polarizability_bohr3"], methane.Properties["homo_Ha"], methane.Properties["gap_Ha"], methane.Properties["U0_Ha"], methane.Properties["heat_capacity_cal_per_mol_K"]));
        Assert.Equal(27.211386245988 * (-40.47893 - 0.044749), (double)methane.Properties["energy"], 1e-9); // rounding
        Assert.Equal(-0.535689, methane.AtomProperties["mulliken_charges"].Values[0]);
        Assert.Equal(0.002150416, methane.Positions[1].X, 1e-15); // rounding
        Assert.Equal((9, "C", "InChI=1S/CH4/h1H4"), (((double[])methane.Properties["frequencies_per_cm"]).Length, methane.Properties["smiles"], methane.Properties["inchi"]));
        Assert.Single(InputText.Read(InputText.Write(methane, StructureFormat.ExtendedXyz), "a.extxyz"), r => r.Structure is not null);
    }

    [Fact]
    public void AnotherCommentThatBeginsLikeThatIsAComment() =>
        Assert.Equal("gdb 1 and more", InputText.One("1\ngdb 1 and more\nHe 0 0 0\n", "a.xyz").Properties["comment"]);
}

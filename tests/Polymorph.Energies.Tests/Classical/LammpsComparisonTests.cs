using System.Globalization;
using System.Text;
using Polymorph.Energies.Classical;
using Polymorph.Structures;
using Polymorph.Testing;
using Xunit;

namespace Polymorph.Energies.Tests.Classical;

/// LAMMPS with the parameter files that come with it, which also checks our tables.
public sealed class LammpsComparisonTests : IDisposable
{
    private const string Potentials = "/usr/share/lammps/potentials";

    /// The unit of pressure in LAMMPS' "metal" units: 1 eV/Å³ in bar, as its source has it.
    private const double BarPerEVPerCubicAngstrom = 1.6021765e6;

    private readonly string _folder = Directory.CreateTempSubdirectory("polymorph-lammps-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void TersoffAgreesOnFiftyCells() => Compare(ClassicalEngine.TersoffMunetoh2007, "tersoff", "SiO.tersoff");

    [Fact]
    public void VashishtaAgreesOnFiftyCells() => Compare(ClassicalEngine.Vashishta1990, "vashishta", "SiO.1990.vashishta");

    /// Relative 1e-8 of the energy, of the largest force and of the largest component of the stress.
    private void Compare(ClassicalEngine engine, string style, string file)
    {
        Structure[] cells = [.. SilicaCells.Fifty().Select(Restricted)];
        Assert.Equal(50, cells.Length);
        var expected = Lammps(cells, style, Path.Combine(Potentials, file));
        using var evaluator = engine.CreateEvaluator();
        for (int i = 0; i < cells.Length; i++)
        {
            var result = evaluator.Result(cells[i]);
            var (energy, forces, stress) = expected[i];
            Assert.True(Math.Abs(result.EnergyEV - energy) < 1e-8 * Math.Abs(energy), $"cell {i}: {result.EnergyEV} and not {energy} eV");
            double largestForce = forces.Max(f => f.Length), forceError = result.Forces.Zip(forces, (a, b) => (a - b).Length).Max();
            // Forces that symmetry makes zero are rounding on both sides.
            Assert.True(forceError < 1e-8 * Math.Max(largestForce, 0.1), $"cell {i}: forces differ by {forceError} of {largestForce} eV/Å");
            double stressError = Components(result.Stress!.Value).Zip(Components(stress), (a, b) => Math.Abs(a - b)).Max(), largestStress = Components(stress).Max(Math.Abs);
            Assert.True(stressError < 1e-8 * largestStress, $"cell {i}: stresses differ by {stressError} of {largestStress} eV/Å³");
        }
    }

    /// All cells in one process.
    private List<(double Energy, Vector3D[] Forces, StressTensor Stress)> Lammps(Structure[] cells, string style, string parameters)
    {
        var script = new StringBuilder();
        for (int i = 0; i < cells.Length; i++)
        {
            File.WriteAllText(Path.Combine(_folder, $"{i}.data"), Data(cells[i]));
            script.Append(CultureInfo.InvariantCulture, $"""
                clear
                units metal
                atom_style atomic
                box tilt large
                read_data {_folder}/{i}.data
                mass * 1.0
                pair_style {style}
                pair_coeff * * {parameters} Si O
                thermo_style custom pe pxx pyy pzz pyz pxz pxy
                thermo_modify norm no
                variable energy equal pe
                variable xx equal pxx
                variable yy equal pyy
                variable zz equal pzz
                variable yz equal pyz
                variable xz equal pxz
                variable xy equal pxy
                run 0
                print "$(v_energy:%.17g) $(v_xx:%.17g) $(v_yy:%.17g) $(v_zz:%.17g) $(v_yz:%.17g) $(v_xz:%.17g) $(v_xy:%.17g)" file {_folder}/{i}.thermo
                write_dump all custom {_folder}/{i}.forces id fx fy fz modify sort id format float %.17g

                """);
        }

        string input = Path.Combine(_folder, "in.lammps");
        File.WriteAllText(input, script.ToString());
        ExternalProgram.Run("lmp", ["-in", input, "-log", "none", "-screen", "none"]);
        return [.. Enumerable.Range(0, cells.Length).Select(Read)];
    }

    private (double Energy, Vector3D[] Forces, StressTensor Stress) Read(int i)
    {
        double[] t = Numbers(File.ReadAllText(Path.Combine(_folder, $"{i}.thermo")));
        var forces = File.ReadLines(Path.Combine(_folder, $"{i}.forces")).SkipWhile(l => !l.StartsWith("ITEM: ATOMS", StringComparison.Ordinal)).Skip(1).Select(Numbers).Select(f => new Vector3D(f[1], f[2], f[3]));
        return (t[0], [.. forces], -1 / BarPerEVPerCubicAngstrom * new StressTensor(t[1], t[2], t[3], t[4], t[5], t[6]));
    }

    /// LAMMPS wants the first vector along x and the second in the xy plane.
    private static Structure Restricted(Structure structure)
    {
        var cell = structure.Lattice!;
        var rotated = Lattice.FromParameters(cell.Lengths, cell.Angles);
        return new Structure(structure.Species, [.. structure.FractionalPositions.Select(rotated.ToCartesian)], rotated);
    }

    private static string Data(Structure structure)
    {
        var cell = structure.Lattice!;
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"cell\n\n{structure.AtomCount} atoms\n2 atom types\n0 {cell.A.X:R} xlo xhi\n0 {cell.B.Y:R} ylo yhi\n0 {cell.C.Z:R} zlo zhi\n{cell.B.X:R} {cell.C.X:R} {cell.C.Y:R} xy xz yz\n\nAtoms\n\n");
        for (int i = 0; i < structure.AtomCount; i++)
        {
            var p = structure.Positions[i];
            text.Append(CultureInfo.InvariantCulture, $"{i + 1} {(structure.Species[i].Symbol == "Si" ? 1 : 2)} {p.X:R} {p.Y:R} {p.Z:R}\n");
        }

        return text.ToString();
    }

    private static double[] Numbers(string line) => [.. line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(n => double.Parse(n, CultureInfo.InvariantCulture))];

    private static double[] Components(StressTensor s) => [s.XX, s.YY, s.ZZ, s.YZ, s.XZ, s.XY];
}

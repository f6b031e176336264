using System.Globalization;
using System.Text.Json;
using Polymorph.Energies.External;
using Polymorph.Energies.External.IPi;
using Polymorph.Foundation;
using Polymorph.Structures;
using Polymorph.Testing;
using Xunit;

namespace Polymorph.Energies.Tests.External;

/// The programs themselves: what comes over the socket is what they compute without it.
public sealed class IPiProgramTests
{
    private static readonly string[] AseModule = ["ase"];
    private static readonly string[] GpawModules = ["gpaw", "ase"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // Full strain, all nine components of the virial, and a second geometry of another cell with the same client.
    [Fact]
    public void AseWithEmtGivesEnergyForcesAndStress()
    {
        const string calculator = "from ase.calculators.emt import EMT\natoms.calc = EMT()\n";
        var copper = Element.Parse("Cu");
        var first = new Structure([copper, copper], [new(0.1, 0, 0.05), new(1.9, 1.7, 1.6)], new(new(3.6, 0.2, -0.1), new(0.4, 3.5, 0.3), new(-0.2, 0.5, 3.8)), id: "cell");
        var second = new Structure(first.Species, first.Positions, new(new(3.7, 0.1, -0.1), new(0.3, 3.6, 0.2), new(-0.2, 0.4, 3.7)), id: "cell");
        var template = TemplateText.Parse($$"""
            method: ase-emt
            python-modules: ase
            command: {python} client.py
            full-stress: yes
            === client.py
            from ase.io import read
            from ase.calculators.socketio import SocketClient
            atoms = read('{structure}')
            {{calculator}}
            SocketClient(unixsocket='{socket}').run(atoms, use_stress=True)
            """, "test");
        // CODATA 2014 in ASE and 2018 here differ by 1e-8; energies are a few eV.
        Compare(new IPiEngine(template, new()), [first, second], calculator, AseModule, energy: 1e-6, force: 1e-6, stress: 1e-7);
    }

    // The preset of the paper but for the cutoff and the k-points, by a template of the user's own.
    [Fact]
    public void GpawPlaneWaves()
    {
        const string calculator = "from gpaw import GPAW, PW\natoms.calc = GPAW(mode=PW(150), xc='LDA', kpts=(1, 1, 1), symmetry={'tolerance': 1e-3}, txt=None)\n";
        using var folder = new TemporaryFolder();
        string text = BuiltInTemplates.Text("gpaw-lda-pw400");
        Assert.Contains("GPAW(mode=PW(400), xc='LDA', kpts=(2, 2, 2), symmetry={'tolerance': 1e-3}", text, StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(folder.Path, "gpaw-lda-pw400.template"), text.Replace("PW(400)", "PW(150)", StringComparison.Ordinal).Replace("(2, 2, 2)", "(1, 1, 1)", StringComparison.Ordinal));
        var engine = ExternalEngines.Create("gpaw", new() { TemplateFolder = folder.Path });
        Assert.Equal("gpaw-lda-pw400", engine.Method);
        var silicon = new Structure([new(14), new(14)], [default, new(1.4, 1.35, 1.3)], new(new(0, 2.7, 2.7), new(2.7, 0, 2.7), new(2.7, 2.7, 0)), id: "Si2");
        // The second geometry begins from the density of the first; GPAW converges energies to 5e-4 eV per electron.
        Compare(engine, [silicon, silicon.Moved(0, new(0.02, 0.01, 0))], calculator, GpawModules, energy: 1e-5, force: 1e-5, stress: 1e-6, later: 400);
    }

    [Fact]
    public void GpawAtomicOrbitals()
    {
        const string calculator = "from gpaw import GPAW\natoms.pbc = False\natoms.center(vacuum=3.0)\natoms.calc = GPAW(mode='lcao', xc='LDA', txt=None)\n";
        // A box of exactly 6 Å would lie where GPAW's number of grid points jumps.
        var hydrogen = Molecules.Of("HH", new(5, 5, 5), new(5.3, 5.2, 5.62));
        Compare(ExternalEngines.Create("gpaw-lcao", new()), [hydrogen], calculator, GpawModules, energy: 1e-5, force: 1e-5, stress: 0);
    }

    // LAMMPS wants a restricted cell; ours lies anyhow in space. It ends after two steps, so that it must be started again.
    [Theory, InlineData(false), InlineData(true)]
    public void LammpsGivesWhatItComputesAlone(bool overTcp)
    {
        ExternalProgram.Installed("lmp");
        using var folder = new TemporaryFolder();
        string text = BuiltInTemplates.Text("lammps-tersoff-sio").Replace("run 100000000", "run 2", StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(folder.Path, "lammps-tersoff-sio.template"), text);
        var engine = ExternalEngines.Create("lammps", new() { TemplateFolder = folder.Path, OverTcp = overTcp, WorkFolder = Path.Combine(folder.Path, "work") });
        using var evaluator = engine.CreateEvaluator();
        for (int i = 0; i < 4; i++)
        {
            var structure = Quartz(0.05 * i);
            var (energy, forces) = DirectLammps(structure);
            var result = evaluator.Evaluate(structure, Token);
            Assert.Null(result.Failure);
            Assert.Null(result.Stress);
            // Constants of LAMMPS: 1e-8 of 160 eV; the numbers it prints have ten digits.
            Assert.Equal(energy, result.EnergyEV, 1e-5);
            // Components along the lattice vectors, which are the same however the cell lies.
            Assert.All(result.Forces.Zip(forces), pair => Assert.True((Along(structure.Lattice!, pair.First) - pair.Second).Length < 1e-4));
        }

        Assert.True(File.Exists(Path.Combine(folder.Path, "work", Directory.GetDirectories(Path.Combine(folder.Path, "work"))[0], "in.lammps")));
    }

    [Fact]
    public void LammpsRefusesOtherElementsAndMolecules()
    {
        var engine = ExternalEngines.Create("lammps-tersoff-sio", new());
        Assert.Equal("lammps-tersoff-sio knows Si, O and not H, C", engine.Refusal(new([new(6), new(1)], [default, new(1, 0, 0)], Lattice.Cubic(5))));
        Assert.Contains("made for crystals", engine.Refusal(Molecules.Water), StringComparison.Ordinal);
    }

    // ASE drives a potential of ours through the client.
    [Fact]
    public async Task AseDrivesOurClient()
    {
        var structure = new Structure([new(14), new(8)], [new(0.1, 0.2, 0.3), new(1.4, 1.1, 0.6)], new(new(3.1, 0.2, -0.4), new(-1.3, 3.6, 0.7), new(0.9, -1.1, 4.2)));
        const string name = "polymorph-test-ase-server";
        string script = $$"""
            import json
            from ase import Atoms
            from ase.calculators.socketio import SocketIOCalculator
            atoms = Atoms('SiO', positions={{Rows(structure.Positions)}}, cell={{Rows([structure.Lattice!.A, structure.Lattice.B, structure.Lattice.C])}}, pbc=True)
            with SocketIOCalculator(unixsocket='{{name}}') as calculator:
                atoms.calc = calculator
                print(json.dumps([[atoms.get_potential_energy(), atoms.get_forces().tolist(), atoms.get_stress().tolist()]]))
            """;
        var address = IPiAddress.Unix(name);
        File.Delete(address.SocketPath);
        var ase = Task.Run(() => ExternalProgram.Python(script, AseModule), Token);
        while (!ase.IsCompleted && !Path.Exists(address.SocketPath))
        {
            await Task.Delay(20, Token);
        }

        int answered = ase.IsCompleted ? 0 : Serve(structure, address, ase);
        var expected = Assert.Single(Answers(await ase));
        Assert.Equal(1, answered);
        // CODATA 2014 in ASE and 2018 here differ by 1e-8 in lengths and energies; the energy is 48 eV.
        AssertClose(expected, PairSpring.Evaluate(structure), 2e-6, 2e-6, 1e-6);
    }

    [Fact]
    public void TemplateThatFailsSaysWhatItsProgramSaid()
    {
        using var evaluator = new IPiEngine(Shell("echo 'no licence' >&2; exit 9"), new()).CreateEvaluator();
        Assert.Equal("gave up after 3 starts of the client: it ended before it connected, with exit code 9: \"no licence\"", evaluator.Evaluate(Molecules.Water, Token).Failure);
    }

    [Fact]
    public void ProgramThatHangsIsEndedWithAllItStarted()
    {
        using var folder = new TemporaryFolder();
        string pid = Path.Combine(folder.Path, "pid");
        using var evaluator = new IPiEngine(Shell($"sleep 600 & echo $! > '{pid}'; wait"), new() { StartLimit = TimeSpan.FromSeconds(1) }).CreateEvaluator();
        Assert.Equal("the client did not connect within 1 s", evaluator.Evaluate(Molecules.Water, Token).Failure);
        Assert.SkipUnless(File.Exists(pid), "the machine was too busy to start the shell in time");
        Assert.True(HasEnded(File.ReadAllText(pid).Trim()));
    }

    [Theory]
    [InlineData("program: no-such-program", "the program no-such-program is not installed")]
    [InlineData("python-modules: no_such_module", "no Python interpreter has no_such_module")]
    public void MissingProgramIsAnErrorAtOnce(string setting, string reason)
    {
        var template = TemplateText.Parse($"method: m\ncommand: c\ninstall: conda install it\n{setting}", "test");
        var error = Assert.Throws<PolymorphException>(() => new IPiEngine(template, new()).CreateEvaluator());
        Assert.Equal("PM6202", error.Code);
        Assert.StartsWith(reason, error.Reason, StringComparison.Ordinal);
        Assert.Contains("conda install it", error.NextStep, StringComparison.Ordinal);
    }

    private static int Serve(Structure structure, IPiAddress address, Task server)
    {
        while (true)
        {
            try
            {
                return IPiClient.Serve(new PairSpring().CreateEvaluator(), structure, address, Token);
            }
            catch (PolymorphException e) when (e.Code == "PM6206" && !server.IsCompleted)
            {
                // Bound but not listening yet.
                Thread.Sleep(20);
            }
        }
    }

    // A process that ended may stay in the table until its parent asks for it: state Z.
    private static bool HasEnded(string process) =>
        SpinWait.SpinUntil(() => !File.Exists($"/proc/{process}/stat") || File.ReadAllText($"/proc/{process}/stat").Contains(") Z ", StringComparison.Ordinal), TimeSpan.FromSeconds(5));

    private static ClientTemplate Shell(string command) => new() { Method = "shell", Command = command };

    /// <summary>Alpha quartz (P3_2 21, doi 10.1107/S0567740876000459) turned in space, sheared and rattled a little.</summary>
    private static Structure Quartz(double change)
    {
        var lattice = new Lattice(new(4.2, 2.5 + change, 0.3), new(-4.2, 2.5, 0.2 - change), new(0.4, -0.3, 5.4));
        Vector3D[] silicon = [new(0.47, 0, 0), new(0, 0.47, 0.667), new(0.53, 0.53, 0.333)];
        Vector3D[] oxygen = [new(0.413, 0.267, 0.119), new(0.267, 0.413, 0.548), new(0.733, 0.146, 0.786), new(0.587, 0.854, 0.215), new(0.854, 0.587, 0.452), new(0.146, 0.733, 0.881)];
        Vector3D[] places = [.. silicon.Concat(oxygen).Select(lattice.ToCartesian)];
        places[4] += new Vector3D(0.05, change, -0.03);
        return new Structure([.. places.Select((_, i) => new Element(i < 3 ? 14 : 8))], [.. places], lattice, id: "quartz");
    }

    /// <summary>Energy (eV) and the components of each force along the lattice vectors (eV) from LAMMPS on its own, in the cell made from lengths and angles.</summary>
    private static (double EnergyEV, List<Vector3D> Along) DirectLammps(Structure structure)
    {
        using var folder = new TemporaryFolder();
        var cell = Lattice.FromParameters(structure.Lattice!.Lengths, structure.Lattice.Angles);
        var lines = structure.FractionalPositions.Select(cell.ToCartesian).Select((r, i) => string.Create(CultureInfo.InvariantCulture, $"{i + 1} {(i < 3 ? 1 : 2)} {r.X:R} {r.Y:R} {r.Z:R}"));
        File.WriteAllText(Path.Combine(folder.Path, "data"), string.Create(CultureInfo.InvariantCulture,
            $"\n\n9 atoms\n2 atom types\n0 {cell.A.X:R} xlo xhi\n0 {cell.B.Y:R} ylo yhi\n0 {cell.C.Z:R} zlo zhi\n{cell.B.X:R} {cell.C.X:R} {cell.C.Y:R} xy xz yz\n\nMasses\n\n1 28\n2 16\n\nAtoms # atomic\n\n{string.Join('\n', lines)}\n"));
        File.WriteAllText(Path.Combine(folder.Path, "in"), """
            units metal
            box tilt large
            read_data data
            pair_style tersoff
            pair_coeff * * /usr/share/lammps/potentials/SiO.tersoff Si O
            run 0
            variable e equal pe
            print "energy $(v_e:%.12f)"
            write_dump all custom forces id fx fy fz modify sort id format float %.12f
            """);
        string output = ExternalProgram.Run("/bin/sh", ["-c", $"cd '{folder.Path}' && lmp -in in -log none"]);
        var energy = output.Split('\n').Single(l => l.StartsWith("energy ", StringComparison.Ordinal)).Split(' ')[1];
        var forces = File.ReadLines(Path.Combine(folder.Path, "forces")).SkipWhile(l => !l.StartsWith("ITEM: ATOMS", StringComparison.Ordinal)).Skip(1)
            .Select(l => l.Split(' ').Skip(1).Take(3).Select(t => double.Parse(t, CultureInfo.InvariantCulture)).ToArray())
            .Select(f => Along(cell, new(f[0], f[1], f[2])));
        return (double.Parse(energy, CultureInfo.InvariantCulture), [.. forces]);
    }

    private static Vector3D Along(Lattice cell, Vector3D f) => new(f.Dot(cell.A), f.Dot(cell.B), f.Dot(cell.C));

    /// <summary>Evaluates structures through the engine and with the calculator alone, each with a calculator of its own; tolerances in eV, eV/Å and eV/Å³, times a factor after the first structure.</summary>
    private static void Compare(IEnergyEngine engine, Structure[] structures, string calculator, string[] modules, double energy, double force, double stress, double later = 1)
    {
        var script = new System.Text.StringBuilder("import json\nfrom ase import Atoms\nresults = []\n");
        foreach (var s in structures)
        {
            string cell = s.Lattice is { } l ? $", cell={Rows([l.A, l.B, l.C])}, pbc=True" : "";
            script.Append(CultureInfo.InvariantCulture, $"atoms = Atoms('{string.Concat(s.Species)}', positions={Rows(s.Positions)}{cell})\n{calculator}");
            script.Append(CultureInfo.InvariantCulture, $"results.append([atoms.get_potential_energy(), atoms.get_forces().tolist(), {(stress > 0 ? "atoms.get_stress().tolist()" : "None")}])\n");
        }

        var expected = Answers(ExternalProgram.Python(script.Append("print(json.dumps(results))\n").ToString(), modules));
        using var evaluator = engine.CreateEvaluator();
        for (int i = 0; i < structures.Length; i++)
        {
            var result = evaluator.Evaluate(structures[i], Token);
            Assert.Null(result.Failure);
            double factor = i == 0 ? 1 : later;
            AssertClose(expected[i], result, factor * energy, factor * force, factor * stress);
        }
    }

    private static void AssertClose(Evaluation expected, Evaluation actual, double energy, double force, double stress)
    {
        Assert.Equal(expected.EnergyEV, actual.EnergyEV, energy);
        Assert.All(expected.Forces.Zip(actual.Forces), pair => Assert.True((pair.First - pair.Second).Length < force, $"{pair}"));
        Assert.Equal(expected.Stress is null, actual.Stress is null);
        if (actual.Stress is { } s)
        {
            var difference = s + -1 * expected.Stress!.Value;
            Assert.All(difference.ToGPa(), d => Assert.True(Math.Abs(d) < stress * 160.2));
        }
    }

    private static string Rows(IEnumerable<Vector3D> rows) =>
        $"[{string.Join(", ", rows.Select(r => string.Create(CultureInfo.InvariantCulture, $"[{r.X:R}, {r.Y:R}, {r.Z:R}]")))}]";

    // The last line: GPAW may print others before. ASE's order of stress is ours: xx, yy, zz, yz, xz, xy.
    private static List<Evaluation> Answers(string output) =>
    [
        .. JsonDocument.Parse(output.Trim().Split('\n')[^1]).RootElement.EnumerateArray().Select(r =>
        {
            double[] stress = r[2].ValueKind == JsonValueKind.Null ? [] : [.. r[2].EnumerateArray().Select(v => v.GetDouble())];
            return Evaluation.Of(r[0].GetDouble(), [.. r[1].EnumerateArray().Select(f => new Vector3D(f[0].GetDouble(), f[1].GetDouble(), f[2].GetDouble()))],
                stress.Length == 0 ? null : new(stress[0], stress[1], stress[2], stress[3], stress[4], stress[5]));
        })
    ];
}

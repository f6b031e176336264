using System.Globalization;
using System.Text.Json;
using System.Xml.Linq;
using Polymorph.Testing;
using Xunit;

namespace Polymorph.Cli.Tests;

/// The funnel through the program; energies are chosen so that distances from the hull follow by hand.
public sealed class ScreenVerbTests : IDisposable
{
    // MgO lies 3 eV/atom below its elements (Mg -1.5, O -5); the hull between O and MgO is a straight line.
    private const string Known = "id,formula,energy_eV,method\nmg,Mg2,-3,m\no,O2,-10,m\noxide,MgO,-12.5,m\n";

    // MgO2: elements (-1.5 - 10)/3, hull -2 at two thirds of O (four sixths of atoms in MgO): -11.5 - 6 = -17.5 is on it, each 0.3 eV above is 0.1 eV/atom.
    private const string Candidates = "id,formula,energy_eV,method\non,MgO2,-17.5,m\nat,MgO2,-16.9,m\nover,MgO2,-16.897,m\nfar,Mg2O4,-30,m\n";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void EveryStepSaysHowManyCameAndWentAndEveryRejectionKeepsItsNumber()
    {
        var (exit, output, error) = Screen("- {quantity: atoms, maximum: 4}\n  - {quantity: energy-above-hull, maximum: 0.2}\n");
        Assert.Equal(0, exit);
        Assert.Contains("atoms: 4 in, 3 out; lost: 1 out-of-bounds", output, StringComparison.Ordinal);
        // 0.2 eV/atom belongs to the window, 0.201 does not.
        Assert.Contains("energy-above-hull: 3 in, 2 out; lost: 1 out-of-bounds", output, StringComparison.Ordinal);
        Assert.Contains("atoms: 4 in", error, StringComparison.Ordinal);
        var lines = ProgramRun.Lines(File.ReadAllText(_folder.Of("out/candidates.jsonl")));
        Assert.Equal(["on", "at", "over", "far"], lines.Select(l => l.GetProperty("id").GetString()));
        Assert.Equal(["passed", "passed", "rejected", "rejected"], lines.Select(l => l.GetProperty("state").GetString()));
        double[] above = [0, 0.2, 0.201];
        for (int i = 0; i < above.Length; i++)
        {
            // Sums of energies of some tens of eV.
            Assert.Equal(above[i], lines[i].GetProperty("energyAboveHullEVPerAtom").GetDouble(), 1e-12);
        }

        Assert.Equal("energy-above-hull", lines[2].GetProperty("rejectedBy").GetString());
        Assert.Equal(0.201, lines[2].GetProperty("number").GetDouble(), 1e-12);
        Assert.Equal(("atoms", 6), (lines[3].GetProperty("rejectedBy").GetString(), (int)lines[3].GetProperty("number").GetDouble()));
        Assert.Equal("MgO2 -> 0.5 O2 + MgO".Replace("0.5 O2", "O", StringComparison.Ordinal), lines[1].GetProperty("reaction").GetString()!.Replace("MgO + O", "O + MgO", StringComparison.Ordinal));
        foreach (string picture in new[] { "funnel.svg", "energy-above-hull.svg", "hull.svg" })
        {
            Assert.Equal("svg", XDocument.Load(_folder.Of("out/" + picture)).Root!.Name.LocalName);
        }

        var funnel = JsonDocument.Parse(File.ReadAllText(_folder.Of("out/funnel.json"))).RootElement;
        Assert.Equal(0.2, funnel.GetProperty("steps")[1].GetProperty("maximum").GetDouble());
        Assert.Equal(16, funnel.GetProperty("candidates").GetProperty("files")[0].GetProperty("sha256").GetString()!.Length);
        Assert.Equal(3, File.ReadAllLines(_folder.Of("out/funnel.csv")).Length);
    }

    [Fact]
    public void ThreadsAndASecondRunChangeNoByte()
    {
        const string steps = "- {quantity: charge-balance}\n  - {quantity: electronegativity-order}\n  - {quantity: energy-above-hull, maximum: 0.2}\n  - {quantity: synthesizability}\n";
        Screen(steps, "--threads", "1");
        var first = Contents();
        Screen(steps, "--threads", "1");
        Assert.Equal(first, Contents());
        Directory.Delete(_folder.Of("out"), recursive: true);
        Screen(steps, "--threads", "5");
        Assert.Equal(first, Contents());

        SortedDictionary<string, string> Contents() => new(Directory.GetFiles(_folder.Of("out")).ToDictionary(f => Path.GetFileName(f)!, File.ReadAllText), StringComparer.Ordinal);
    }

    /// Unknown is a state of its own: it never passes silently, and the recipe decides what becomes of it.
    [Fact]
    public void UnknownValuesAreRejectedKeptOrStopTheScreening()
    {
        var rejected = Screen("- {quantity: oxidation-state, element: Mn, minimum: 2, maximum: 4}\n");
        Assert.Equal(4, rejected.Exit);
        Assert.Contains("4 unknown:element-absent", rejected.Output, StringComparison.Ordinal);
        var kept = Screen("- {quantity: oxidation-state, element: Mn, minimum: 2, maximum: 4, missing: keep}\n");
        Assert.Equal(0, kept.Exit);
        Assert.Contains("4 unknown go on", kept.Output, StringComparison.Ordinal);
        Assert.All(ProgramRun.Lines(File.ReadAllText(_folder.Of("out/candidates.jsonl"))), l => Assert.Equal("unknown", l.GetProperty("state").GetString()));
        var stopped = Screen("- {quantity: oxidation-state, element: Mn, minimum: 2, maximum: 4, missing: stop}\n");
        Assert.Equal(3, stopped.Exit);
        Assert.Contains("PM7403", stopped.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void AnUncertaintyThatReachesOverABoundIsBorderline()
    {
        string gaps = "table:" + _folder.Write("gaps.csv", "id,band_gap_eV,uncertainty_eV\non,2,0.1\nat,1.55,0.1\nover,1.4,0.1\n");
        string step = $"- {{quantity: band-gap, method: '{gaps}', level: hse, minimum: 1.6, maximum: 3}}\n";
        var (exit, output, _) = Screen(step);
        Assert.Equal(0, exit);
        Assert.Contains("band-gap: 4 in, 2 out; lost: 1 out-of-bounds, 1 unknown:no-gap; 1 borderline", output, StringComparison.Ordinal);
        Assert.Contains("band-gap: 4 in, 1 out", Screen(step.Replace("maximum: 3", "maximum: 3, borderline: reject", StringComparison.Ordinal)).Output, StringComparison.Ordinal);
        // 0.2 more lifts the third to the bound, and 3 is the largest that is certain with 0.1.
        Assert.Contains("band-gap: 4 in, 3 out", Screen(step.Replace("level: hse", "level: pbe, shift: 0.2", StringComparison.Ordinal)).Output, StringComparison.Ordinal);
    }

    /// The golden diagram of Mg and Mn by pymatgen 2022.11.7, its solids screened as candidates with their own energies.
    [Fact]
    public void TheWaterStepGivesTheGoldenMinimum()
    {
        var golden = ReferenceData.Json("golden/screening/pourbaix.json").GetProperty("systems").EnumerateArray().Single(s => s.GetProperty("id").GetString() == "pbx-MgMn2");
        var solid = golden.GetProperty("rhe_1p5").GetProperty("results")[0];
        var entry = golden.GetProperty("entries").EnumerateArray().Single(e => e.GetProperty("id").GetString() == solid.GetProperty("id").GetString());
        _folder.Write("species.json", golden.GetRawText());
        string atoms = string.Concat(entry.GetProperty("composition").EnumerateObject().SelectMany(e => Enumerable.Range(0, (int)e.Value.GetDouble()).Select(k => $"{e.Name} {(e.Name == "O" ? 5 : e.Name == "Mg" ? 0 : 10)} {3 * k} 0\n")));
        string candidate = string.Create(CultureInfo.InvariantCulture, $"{atoms.Split('\n').Length - 1}\nLattice=\"40 0 0 0 40 0 0 0 40\" Properties=species:S:1:pos:R:3 id=new g_f={entry.GetProperty("formation_energy").GetDouble():R}\n{atoms}");
        string recipe = _folder.Write("water.yaml", "steps:\n  - {quantity: pourbaix-minimum, method: 'property:g_f', species: species.json, maximum: 10}\n");
        var (exit, _, error) = ProgramRun.Of("screen", _folder.Write("water.extxyz", candidate), "--recipe", recipe, "--out", _folder.Of("water"));
        Assert.True(exit == 0, error);
        var line = ProgramRun.Lines(File.ReadAllText(_folder.Of("water/candidates.jsonl")))[0].GetProperty("pourbaix");
        // The tolerance of the golden grids.
        Assert.Equal(solid.GetProperty("dG_pbx_min").GetDouble(), line.GetProperty("minimumEVPerAtom").GetDouble(), 1e-9);
        Assert.True(File.Exists(_folder.Of("water/pourbaix.svg")));
    }

    [Theory]
    [InlineData("- {quantity: energy-above-hul}\n", 2, "PM7105", "energy-above-hull")]
    [InlineData("- {quantity: energy-above-hull, maximun: 0.2}\n", 2, "PM7104", "maximum")]
    [InlineData("- {quantity: atoms, minimum: 3, maximum: 2}\n", 2, "PM7405", "r.yaml:")]
    [InlineData("- {quantity: oxidation-state}\n", 2, "PM7402", "element")]
    [InlineData("- {maximum: 2}\n", 2, "PM7402", "quantity")]
    [InlineData("- {quantity: pourbaix-minimum, ph: [0, 15]}\n", 2, "PM5221", "15")]
    [InlineData("- {quantity: band-gap, method: 'property:gap', level: pbe, minimum: 1.6}\n", 2, "PM7409", "shift")]
    [InlineData("- {quantity: band-gap, method: 'property:gap', level: hse, minimum: 1.6}\n", 3, "PM7407", "gap")]
    [InlineData("- {quantity: band-gap, method: 'oracle', level: hse}\n", 2, "PM7105", "property:NAME")]
    [InlineData("- {quantity: relaxation, method: tensornett}\n", 2, "PM6220", "tensornet")]
    [InlineData("[]\n", 2, "PM7401", "no steps")]
    public void AMistakeInTheRecipeSaysWhatToDo(string steps, int exit, string code, string words)
    {
        var result = Screen(steps);
        Assert.Equal(exit, result.Exit);
        Assert.Contains(code, result.Error, StringComparison.Ordinal);
        Assert.Contains(words, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Output + result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("id,formula,energy_eV,method\nx,MgO,-12.5,other\n", "PM5207", "'m' and 'other'")]
    [InlineData("id,formula,energy_eV\nx,MgO,-12.5\n", "PM5207", "'m' and 'none named'")]
    [InlineData("id,formula,energy_eV,method\nx,MnO,-12.5,m\n", "PM7406", "pure element Mn")]
    [InlineData("id,formula,energy_eV,method\nx,Mg2O2,-6.25,m\n", "PM5208", "per atom")]
    [InlineData("id,formula,energy_eV,method\noxide,Mg2O2,-24,m\n", "PM5205", "oxide")]
    [InlineData("id,formula,energy_eV,method\nx,MgO,-12.5,m\nx,MgO,-12.4,m\n", "PM5205", "c.csv:3")]
    public void CandidatesThatDoNotFitTheReferencesAreRefused(string candidates, string code, string words)
    {
        var (exit, _, error) = ScreenOf(candidates, "- {quantity: energy-above-hull, maximum: 0.2}\n");
        Assert.Equal(3, exit);
        Assert.Contains(code, error, StringComparison.Ordinal);
        Assert.Contains(words, error, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.Of("out/funnel.json")));
    }

    [Fact]
    public void APartlyOccupiedSiteIsLeftOutAndNamed()
    {
        const string cif = "data_x\n_cell_length_a 4\n_cell_length_b 4\n_cell_length_c 4\n_cell_angle_alpha 90\n_cell_angle_beta 90\n_cell_angle_gamma 90\n_space_group_name_H-M_alt 'P 1'\nloop_\n_atom_site_label\n_atom_site_type_symbol\n_atom_site_fract_x\n_atom_site_fract_y\n_atom_site_fract_z\n_atom_site_occupancy\nMg1 Mg 0 0 0 0.5\nO1 O 0.5 0.5 0.5 1\n";
        string recipe = _folder.Write("r.yaml", "steps:\n  - {quantity: atoms, maximum: 9}\n");
        var alone = ProgramRun.Of("screen", _folder.Write("half.cif", cif), "--recipe", recipe, "--out", _folder.Of("a"));
        Assert.Equal(3, alone.Exit);
        Assert.Contains("PM2403", alone.Error, StringComparison.Ordinal);
        var beside = ProgramRun.Of("screen", _folder.Of("half.cif"), _folder.Write("whole.cif", cif.Replace("0.5\nO1", "1\nO1", StringComparison.Ordinal)), "--recipe", recipe, "--out", _folder.Of("b"));
        Assert.Equal(6, beside.Exit);
        Assert.Contains("could not be read", beside.Output, StringComparison.Ordinal);
    }

    /// Rock salt written in two cells is one crystal, and the known one; the structure of caesium chloride is another.
    [Fact]
    public void RepeatsAndKnownCrystalsAreFoundAndTheNearestMadePhaseIsNamed()
    {
        const string salt = "Lattice=\"0 2.1 2.1 2.1 0 2.1 2.1 2.1 0\" Properties=species:S:1:pos:R:3", columns = "Properties=species:S:1:pos:R:3";
        const string atoms = "Mg 0 0 0\nO 2.1 2.1 2.1\n";
        string cubic = "8\nLattice=\"4.2 0 0 0 4.2 0 0 0 4.2\" " + columns + " id=cubic energy=-49.6 method=m\n" + string.Concat(new[] { "0 0 0", "0 2.1 2.1", "2.1 0 2.1", "2.1 2.1 0" }.Select(r => $"Mg {r}\n")) + string.Concat(new[] { "2.1 0 0", "0 2.1 0", "0 0 2.1", "2.1 2.1 2.1" }.Select(r => $"O {r}\n"));
        string candidates = _folder.Write("c.extxyz", $"2\n{salt} id=primitive energy=-12.5 method=m\n{atoms}{cubic}2\nLattice=\"2.6 0 0 0 2.6 0 0 0 2.6\" {columns} id=cscl energy=-12.3 method=m\nMg 0 0 0\nO 1.3 1.3 1.3\n");
        _folder.Write("salt.extxyz", $"2\n{salt} id=periclase energy=-12.5 method=m\n{atoms}");
        _folder.Write("known.csv", Known.Replace("oxide,MgO,-12.5,m\n", "", StringComparison.Ordinal));
        const string references = "references:\n  - {files: known.csv}\n  - {files: salt.extxyz, experimental: true}\nsteps:\n";
        string recipe = _folder.Write("r.yaml", references + "  - {quantity: duplicates}\n  - {quantity: synthesizability, maximum: 0.2}\n  - {quantity: novelty}\n");
        var (exit, output, error) = ProgramRun.Of("screen", candidates, "--recipe", recipe, "--out", _folder.Of("out"));
        Assert.True(exit == 0, error);
        Assert.Contains("duplicates: 3 in, 2 out; lost: 1 duplicate", output, StringComparison.Ordinal);
        Assert.Contains("novelty: 2 in, 1 out; lost: 1 known", output, StringComparison.Ordinal);
        var lines = ProgramRun.Lines(File.ReadAllText(_folder.Of("out/candidates.jsonl"))).ToDictionary(l => l.GetProperty("id").GetString()!);
        // The lowest of a group stands for it.
        Assert.Equal("primitive", lines["cubic"].GetProperty("steps")[0].GetProperty("detail").GetString());
        var nearest = lines["primitive"].GetProperty("nearestExperimental");
        Assert.Equal(("periclase", true), (nearest.GetProperty("id").GetString(), nearest.GetProperty("same").GetBoolean()));
        Assert.False(lines["cscl"].GetProperty("nearestExperimental").GetProperty("same").GetBoolean());
        // 0.1 eV/atom above.
        Assert.Equal(("possibly synthesisable", "metastable"), (lines["primitive"].GetProperty("synthesizability").GetString(), lines["cscl"].GetProperty("synthesizability").GetString()));
        Assert.Equal("known", lines["primitive"].GetProperty("reason").GetString());
        Assert.Contains("id=cscl", File.ReadAllText(_folder.Of("out/survivors.extxyz")), StringComparison.Ordinal);

        // The same at the command line.
        recipe = _folder.Write("r.yaml", "steps:\n  - {quantity: synthesizability, maximum: 0.2}\n");
        (exit, _, error) = ProgramRun.Of("screen", candidates, "--recipe", recipe, "--out", _folder.Of("by-options"), "--reference", _folder.Of("known.csv"), "--experimental", _folder.Of("salt.extxyz"));
        Assert.True(exit == 0, error);
        var made = ProgramRun.Lines(File.ReadAllText(_folder.Of("by-options/candidates.jsonl"))).Single(l => l.GetProperty("id").GetString() == "cubic");
        Assert.Equal("periclase", made.GetProperty("nearestExperimental").GetProperty("id").GetString());
        // 0.1 eV/atom above periclase: its energy counts as well. Sums of tens of eV.
        Assert.Equal(0.05, made.GetProperty("energyAboveHullEVPerAtom").GetDouble(), 1e-12);
        Assert.Equal(1, JsonDocument.Parse(File.ReadAllText(_folder.Of("by-options/funnel.json"))).RootElement.GetProperty("references").GetProperty("experimental").GetInt32());
    }

    /// The candidates of a run folder are what its relaxation brought to a minimum.
    [Fact]
    public void TheRelaxedStructuresOfARunAreCandidates()
    {
        string run = _folder.Of("run");
        Directory.CreateDirectory(Path.Combine(run, "structures"));
        File.WriteAllText(Path.Combine(run, "recipe.yaml"), "preset: fast\n");
        File.WriteAllText(Path.Combine(run, "resolved.yaml"), "preset: fast\n");
        string recipe = _folder.Write("r.yaml", "steps:\n  - {quantity: atoms, maximum: 9}\n");
        var before = ProgramRun.Of("screen", run, "--recipe", recipe, "--out", _folder.Of("out"));
        Assert.Equal(2, before.Exit);
        Assert.Contains("PM7027", before.Error, StringComparison.Ordinal);
        const string frame = "1\nLattice=\"3 0 0 0 3 0 0 0 3\" Properties=species:S:1:pos:R:3";
        File.WriteAllText(Path.Combine(run, "structures", "relaxed.extxyz"), $"{frame} id=a energy=-1 method=m status=converged\nPo 0 0 0\n{frame} id=b energy=-1 method=m status=step-limit\nPo 0 0 0\n");
        var (exit, output, error) = ProgramRun.Of("screen", run, "--recipe", recipe, "--out", _folder.Of("out"));
        Assert.True(exit == 0, error);
        Assert.Contains("atoms: 1 in, 1 out", output, StringComparison.Ordinal);
        Assert.Contains("1 structures of the run did not converge", error, StringComparison.Ordinal);
        Assert.Contains("relaxed.extxyz", File.ReadAllText(_folder.Of("out/funnel.json")), StringComparison.Ordinal);
    }

    /// References and candidates relaxed by one potential: a candidate that is a reference lies on the hull of these references.
    [Fact]
    public void ReferencesCanBeRelaxedAsTheCandidatesAre()
    {
        // Silicon, oxygen as a chain of pairs, and quartz-like silica need not be good: only the same method on both sides counts.
        const string columns = "Properties=species:S:1:pos:R:3";
        string silicon = $"2\nLattice=\"0 2.7 2.7 2.7 0 2.7 2.7 2.7 0\" {columns} id=si\nSi 0 0 0\nSi 1.35 1.35 1.35\n", oxygen = $"2\nLattice=\"4 0 0 0 4 0 0 0 4\" {columns} id=ox\nO 0 0 0\nO 0 0 1.2\n";
        string silica = "6\nLattice=\"5.1 0 0 0 5.1 0 0 0 7.1\" " + columns + " id={0}\nSi 0 0 0\nSi 2.55 2.55 3.55\nO 1.1 0.6 0.9\nO 4.0 4.5 0.9\nO 3.65 1.95 4.45\nO 1.45 3.15 4.45\n";
        _folder.Write("known.extxyz", silicon + oxygen + silica.Replace("{0}", "glass", StringComparison.Ordinal));
        string recipe = _folder.Write("r.yaml", "references:\n  - {files: known.extxyz, energies: relax}\nsteps:\n  - {quantity: relaxation, method: tersoff, steps: 300, missing: keep}\n  - {quantity: energy-above-hull, maximum: 0.2}\n");
        var (exit, _, error) = ProgramRun.Of("screen", _folder.Write("c.extxyz", silica.Replace("{0}", "new", StringComparison.Ordinal)), "--recipe", recipe, "--out", _folder.Of("out"));
        Assert.True(exit is 0, error);
        Assert.Contains("relaxing 3 references", error, StringComparison.Ordinal);
        // Equal starts relax to equal bits.
        Assert.Equal(0, ProgramRun.Lines(File.ReadAllText(_folder.Of("out/candidates.jsonl")))[0].GetProperty("energyAboveHullEVPerAtom").GetDouble(), 1e-12);
    }

    [Fact]
    public void AFolderWithOtherThingsIsLeftAlone()
    {
        Directory.CreateDirectory(_folder.Of("out"));
        File.WriteAllText(_folder.Of("out/thesis.txt"), "mine");
        var (exit, _, error) = Screen("- {quantity: atoms, maximum: 9}\n");
        Assert.Equal(2, exit);
        Assert.Contains("PM7404", error, StringComparison.Ordinal);
        Assert.Equal(["thesis.txt"], Directory.GetFileSystemEntries(_folder.Of("out")).Select(f => Path.GetFileName(f)!));
    }

    [Fact]
    public void TheDryRunPrintsThePlanAndWritesNothing()
    {
        var (exit, output, error) = Screen("- {quantity: energy, method: tersoff}\n  - {quantity: atoms, maximum: 4}\n", "--dry-run", "--json");
        Assert.True(exit == 0, error);
        // The dear step before the cheap one is said, and not changed.
        Assert.Contains("warning: the dear step 'energy' stands before 'atoms'", error, StringComparison.Ordinal);
        var steps = JsonDocument.Parse(output).RootElement.GetProperty("steps");
        Assert.Equal(["energy", "atoms"], steps.EnumerateArray().Select(s => s.GetProperty("name").GetString()));
        Assert.Equal(4, steps[1].GetProperty("maximum").GetDouble());
        Assert.False(Directory.Exists(_folder.Of("out")));
    }

    private (int Exit, string Output, string Error) Screen(string steps, params string[] options) => ScreenOf(Candidates, steps, options);

    private (int Exit, string Output, string Error) ScreenOf(string candidates, string steps, params string[] options)
    {
        _folder.Write("known.csv", Known);
        string recipe = _folder.Write("r.yaml", $"references:\n  - files: known.csv\nsteps:\n  {steps}");
        return ProgramRun.Of(["screen", _folder.Write("c.csv", candidates), "--recipe", recipe, "--out", _folder.Of("out"), .. options]);
    }
}

using Polymorph.Energies.External;
using Polymorph.Energies.External.IPi;
using Polymorph.Foundation;
using Polymorph.Structures;
using Polymorph.Testing;
using Xunit;

namespace Polymorph.Energies.Tests.External;

/// Templates of clients: every one that ships can be filled, and a wrong one is named with its line.
public sealed class ClientTemplateTests
{
    private static readonly Structure Silica = new([new(8), new(14), new(8)], [new(0.5, 0.25, 0.125), new(1, 2, 3), new(1.5, 0, 0)], new(new(4, 0, 0), new(0.5, 5, 0), new(0.25, 0.75, 6)));

    [Fact]
    public void EveryTemplateThatShipsIsWholeAndHasAnEngine()
    {
        Assert.Equal(BuiltInTemplates.Names.Order(), ExternalEngines.All.Select(e => e.Method).Where(m => !m.EndsWith("-xtb", StringComparison.Ordinal)).Order());
        foreach (string name in BuiltInTemplates.Names)
        {
            var template = BuiltInTemplates.Get(name);
            Assert.Equal(name, template.Method);
            Assert.NotEqual("", template.Install);
            foreach (var address in new[] { IPiAddress.Unix("a-name"), IPiAddress.Tcp("localhost", 4321) })
            {
                string filled = Fill(template, address, Silica);
                Assert.DoesNotContain("{if", filled, StringComparison.Ordinal);
                Assert.DoesNotContain("{end", filled, StringComparison.Ordinal);
                Assert.Contains(address.IsUnix ? "a-name" : "4321", filled, StringComparison.Ordinal);
            }
        }
    }

    // Lines written by hand from the manual of each program.
    [Theory]
    [InlineData("qe-pw40ry", true, "/usr/bin/program -ipi a-name:UNIX -in pw.in")]
    [InlineData("qe-pw40ry", false, "/usr/bin/program -ipi localhost:4321 -in pw.in")]
    [InlineData("qe-pw40ry", true, "  nat = 3\n  ntyp = 2\n")]
    [InlineData("qe-pw40ry", true, "ATOMIC_SPECIES\nO 15.999 O.UPF\nSi 28.085 Si.UPF\nCELL_PARAMETERS angstrom\n4 0 0\n0.5 5 0\n0.25 0.75 6\nATOMIC_POSITIONS angstrom\nO 0.5 0.25 0.125\nSi 1 2 3\nO 1.5 0 0\nK_POINTS automatic\n")]
    [InlineData("cp2k-pbe-dzvp", true, "  &DRIVER\n    HOST a-name\n    PORT 31415\n    UNIX T\n  &END DRIVER\n")]
    [InlineData("cp2k-pbe-dzvp", false, "  &DRIVER\n    HOST localhost\n    PORT 4321\n  &END DRIVER\n")]
    [InlineData("cp2k-pbe-dzvp", true, "      A 4 0 0\n      B 0.5 5 0\n      C 0.25 0.75 6\n    &END CELL\n    &COORD\n      O 0.5 0.25 0.125\n      Si 1 2 3\n")]
    [InlineData("cp2k-pbe-dzvp", true, "    &KIND Si\n      BASIS_SET DZVP-MOLOPT-SR-GTH\n      POTENTIAL GTH-PBE\n    &END KIND\n  &END SUBSYS")]
    [InlineData("lammps-tersoff-sio", true, "pair_coeff * * SiO.tersoff O Si\n")]
    [InlineData("lammps-tersoff-sio", true, "fix 1 all ipi a-name 31415 unix\n")]
    [InlineData("lammps-tersoff-sio", false, "fix 1 all ipi localhost 4321\n")]
    [InlineData("lammps-tersoff-sio", true, "0.0 4 xlo xhi\n0.0 5 ylo yhi\n0.0 6 zlo zhi\n0.5 0.25 0.75 xy xz yz\n")]
    [InlineData("lammps-tersoff-sio", true, "1 1 0.5 0.25 0.125\n2 2 1 2 3\n3 1 1.5 0 0\n")]
    [InlineData("gpaw-lda-pw400", true, "kpts=(2, 2, 2), symmetry={'tolerance': 1e-3}")]
    [InlineData("gpaw-lda-lcao", false, "SocketClient(host='localhost', port=4321)")]
    public void InputFilesAreAsTheProgramsWantThem(string name, bool unix, string expected) =>
        Assert.Contains(expected, Fill(BuiltInTemplates.Get(name), unix ? IPiAddress.Unix("a-name") : IPiAddress.Tcp("localhost", 4321), Silica), StringComparison.Ordinal);

    [Theory]
    [InlineData("method: m\ncomand: c", "test:2", "Did you mean 'command'?")]
    [InlineData("method: m\n\n# remark\ncommand: c\nvacuum-angstrom: wide", "test:5", "expected a positive number")]
    [InlineData("method: m\ncommand: c\nrestricted-cell: true", "test:3", "expected yes or no")]
    [InlineData("method: m\ncommand: c\nstructures: 1", "test:3", "crystals, molecules or any")]
    [InlineData("method: m\ncommand: c\nelements: Si Xx", "test:3", "'Xx' is not a chemical element")]
    [InlineData("method: m\nmethod: n\ncommand: c", "test:2", "stands twice")]
    [InlineData("method: m\ncommand:", "test:2", "has no value")]
    [InlineData("method: two words\ncommand: c", "test:1", "expected letters")]
    [InlineData("method: m", "test", "needs the settings 'method' and 'command'")]
    [InlineData("method: m\ncommand: c\n=== ../secret\n", "test:3", "expected the name of an input file")]
    [InlineData("method: m\ncommand: c\n=== ..\n", "test:3", "expected the name of an input file")]
    [InlineData("\0\u0001binary", "test:1", "is no setting")]
    public void WrongTemplateIsNamedWithItsLine(string text, string place, string reason)
    {
        var error = Assert.Throws<PolymorphException>(() => TemplateText.Parse(text, "test"));
        Assert.Equal(("PM6204", place), (error.Code, error.Place));
        Assert.Contains(reason, error.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{sockets}", "Did you mean 'socket'?")]
    [InlineData("{for atoms}\n{x}", "has no '{end}'")]
    [InlineData("{for bonds}\n{end}", "no block of a template")]
    [InlineData("{x}", "'{x}' is no placeholder")]
    public void WrongPlaceholderIsNamed(string text, string reason)
    {
        var template = TemplateText.Parse($"method: m\ncommand: c\n=== file\n{text}", "test");
        Assert.Contains(reason, Assert.Throws<PolymorphException>(() => Fill(template, IPiAddress.Unix("n"), Silica)).Reason, StringComparison.Ordinal);
        // In a run it is a failed result: the batch must not end by it.
        using var evaluator = new IPiEngine(template, new()).CreateEvaluator();
        Assert.Contains(reason, evaluator.Evaluate(Silica, TestContext.Current.CancellationToken).Failure, StringComparison.Ordinal);
    }

    [Fact]
    public void OtherBracesStayAsTheyAre()
    {
        var template = TemplateText.Parse("method: m\ncommand: c\n=== file\n{'mode': 1} ${HOME} {} { socket } {0} f(x) {\n", "test");
        Assert.Contains("{'mode': 1} ${HOME} {} { socket } {0} f(x) {\n", Fill(template, IPiAddress.Unix("n"), Silica), StringComparison.Ordinal);
    }

    [Fact]
    public void EnginesAreFoundByNameMethodPathAndCommand()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "mine.template");
        File.WriteAllText(path, "method: mine\ncommand: {templates}/run");
        Assert.Equal("gfn2-xtb", ExternalEngines.Create("xtb", new()).Method);
        Assert.Equal("gfn1-xtb", ExternalEngines.Create("gfn1-xtb", new()).Method);
        Assert.Equal("gpaw-lda-lcao", ExternalEngines.Create("gpaw-lda-lcao", new()).Method);
        Assert.Equal("mine", ExternalEngines.Create($"ipi:{path}", new()).Method);
        Assert.Equal("ipi:./run --port {socket}", ExternalEngines.Create("ipi:./run --port {socket}", new()).Method);
        Assert.True(ExternalEngines.Knows("qe"));
        Assert.False(ExternalEngines.Knows("vasp"));
        Assert.Equal("PM6205", Assert.Throws<PolymorphException>(() => ExternalEngines.Create("gpav", new())).Code);
        Assert.Equal("PM6205", Assert.Throws<PolymorphException>(() => ExternalEngines.Create("ipi:", new())).Code);
        Assert.Equal("PM6205", Assert.Throws<PolymorphException>(() => BuiltInTemplates.Text("gpaw-lda-pw40")).Code);
        Assert.Equal("PM6203", Assert.Throws<PolymorphException>(() => ExternalEngines.Create($"ipi:{path}x.template", new())).Code);
        Assert.Equal("PM6203", Assert.Throws<PolymorphException>(() => ClientTemplate.Read(folder.Path)).Code);
        File.WriteAllBytes(path, new byte[ClientTemplate.LargestText + 1]);
        Assert.Equal("PM6204", Assert.Throws<PolymorphException>(() => ClientTemplate.Read(path)).Code);
    }

    private static string Fill(ClientTemplate template, IPiAddress address, Structure structure)
    {
        var filling = new TemplateFilling(template, structure, address, "/usr/bin/program", "/usr/bin/python3");
        string command = address.IsUnix ? template.Command : template.CommandOverTcp ?? template.Command;
        return string.Join("\n", template.Files.Select(f => filling.Fill(f.Text, f.Name)).Prepend(filling.Fill(command, "command")));
    }
}

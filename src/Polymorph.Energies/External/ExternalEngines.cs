using System.Collections.Immutable;
using Polymorph.Energies.External.IPi;
using Polymorph.Energies.External.Xtb;
using Polymorph.Foundation;

namespace Polymorph.Energies.External;

/// <summary>An external engine by its short name.</summary>
/// <param name="Name">The name.</param>
/// <param name="Method">The method its energies carry.</param>
/// <param name="Use">What it is for, as a clause.</param>
/// <param name="Needs">What must be installed, as a clause.</param>
public sealed record ExternalEngine(string Name, string Method, string Use, string Needs);

/// <summary>The engines that are programs of their own, by name.</summary>
public static class ExternalEngines
{
    /// <summary>What names an engine by a template's path or a command line.</summary>
    public const string CommandPrefix = "ipi:";

    /// <summary>The engines that have names.</summary>
    public static ImmutableArray<ExternalEngine> All { get; } =
    [
        new("gfn2-xtb", "gfn2-xtb", "molecules up to Rn, tight binding", "xtb (apt-get install xtb)"),
        new("gfn1-xtb", "gfn1-xtb", "molecules up to Rn, tight binding", "xtb (apt-get install xtb)"),
        new("gpaw", "gpaw-lda-pw400", "crystals, LDA, plane waves", "gpaw (apt-get install gpaw gpaw-data)"),
        new("gpaw-lcao", "gpaw-lda-lcao", "molecules, LDA, atomic orbitals", "gpaw (apt-get install gpaw gpaw-data)"),
        new("gpaw-molecule", "gpaw-lda-pw400-molecule", "molecules, LDA, plane waves", "gpaw (apt-get install gpaw gpaw-data)"),
        new("lammps", "lammps-tersoff-sio", "silica, Tersoff potential", "lmp (apt-get install lammps)"),
        new("qe", "qe-pw40ry", "crystals, plane waves, your pseudopotentials", "pw.x (apt-get install quantum-espresso), ESPRESSO_PSEUDO"),
        new("cp2k", "cp2k-pbe-dzvp", "crystals, PBE", "cp2k (apt-get install cp2k)"),
    ];

    /// <summary>True for a name that <see cref="Create"/> takes.</summary>
    /// <param name="name">A short name, a method, or <c>ipi:</c> with a template's path or a command line.</param>
    public static bool Knows(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.StartsWith(CommandPrefix, StringComparison.Ordinal) || name == "xtb" || Find(name) is not null;
    }

    /// <summary>An engine.</summary>
    /// <param name="name">A short name (<c>xtb</c> is <c>gfn2-xtb</c>), a method, or <c>ipi:</c> with the path of a template or a command line with the placeholders of a template.</param>
    /// <param name="options">How it is run.</param>
    /// <exception cref="PolymorphException">PM6205: there is no such engine; PM6203, PM6204: its template is wrong.</exception>
    public static IEnergyEngine Create(string name, ExternalEngineOptions options)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(options);
        string method = (name == "xtb" ? "gfn2-xtb" : Find(name)?.Method) ?? name;
        if (method is "gfn1-xtb" or "gfn2-xtb")
        {
            var xtb = new XtbOptions { Hamiltonian = method == "gfn1-xtb" ? XtbHamiltonian.Gfn1 : XtbHamiltonian.Gfn2 };
            return new XtbEngine(xtb with { TimeLimit = options.TimeLimit ?? xtb.TimeLimit });
        }

        var template = method.StartsWith(CommandPrefix, StringComparison.Ordinal) ? OfCommand(method[CommandPrefix.Length..].Trim())
            : Find(name) is not null ? BuiltInTemplates.Get(method, options.TemplateFolder)
            : throw new PolymorphException("PM6205", $"there is no external engine named '{name}'. {NearestName.Hint(name, All.Select(e => e.Name))}".TrimEnd(), null,
                $"There are {string.Join(", ", All.Select(e => e.Name))}, and {CommandPrefix} with a template or a command.", ExitCode.Usage);
        return new IPiEngine(template, new() { StepLimit = options.TimeLimit, OverTcp = options.OverTcp, WorkFolder = options.WorkFolder });
    }

    private static ExternalEngine? Find(string name) => All.FirstOrDefault(e => e.Name == name || e.Method == name);

    // Whether the virial of an unknown client means anything is unknown: a template can say so.
    // A word that looks like a file is one: a mistyped path shall not be run as a command.
    private static ClientTemplate OfCommand(string text) => text switch
    {
        "" => throw new PolymorphException("PM6205", $"'{CommandPrefix}' names no template and no command", null, $"Write {CommandPrefix}PATH or {CommandPrefix}COMMAND.", ExitCode.Usage),
        _ when File.Exists(text) || text.EndsWith(".template", StringComparison.Ordinal) => ClientTemplate.Read(text),
        _ => new ClientTemplate { Method = CommandPrefix + text, Command = text },
    };
}

using System.Globalization;
using System.Text.Json.Nodes;

using Polymorph.Cli.Shell;
using Polymorph.Energies.Catalogue;
using Polymorph.Foundation;
using Polymorph.Learning.Kernels;
using Polymorph.Structures.Symmetry;

namespace Polymorph.Cli.Commands;

/// <summary>What this machine has, what is off, and how to switch it on.</summary>
internal sealed class DoctorVerb(EngineCatalogue catalogue) : Verb("doctor", "Show what this machine has, what is off and how to switch it on.", "polymorph doctor", "polymorph doctor --json")
{
    private static readonly Engine[] Engines =
    [
        new("obabel", ["-V"], "names molecules with double bonds for scripts on the library; no command of polymorph needs it", "sudo apt-get install openbabel"),
        new("xtb", ["--version"], "gives tight-binding energies of molecules (--engine gfn2, gfn1)", "sudo apt-get install xtb"),
        new("gpaw", ["--version"], "gives density-functional energies of crystals and molecules (--engine gpaw)", "sudo apt-get install gpaw gpaw-data"),
        new("lmp", ["-h"], "gives energies of LAMMPS potentials (--engine lammps)", "sudo apt-get install lammps"),
        new("pw.x", ["-h"], "gives energies of Quantum ESPRESSO (--engine qe)", "sudo apt-get install quantum-espresso"),
        new("cp2k", ["--version"], "gives energies of CP2K (--engine cp2k)", "sudo apt-get install cp2k"),
        new("python3", ["--version"], "opens the models and structures in your own scripts (safetensors, ASE), and runs GPAW", "sudo apt-get install python3-ase python3-numpy"),
    ];

    /// <inheritdoc/>
    public override ExitCode Run(Invocation call)
    {
        var memory = GC.GetGCMemoryInfo();
        var disk = new DriveInfo(Path.GetFullPath("."));
        var engines = Engines.Select(engine => (Engine: engine, Found: engine.Find(call.Cancellation))).ToList();
        var potentials = catalogue.Entries.Where(e => e.Kind != EngineKind.Program).Select(e => (Entry: e, State: e.State(catalogue.Store))).ToList();
        var (spglib, spglibOff) = Spglib();
        var document = new JsonObject
        {
            ["version"] = ProductVersion.Text,
            ["processorWidth"] = Width(),
            ["cores"] = Environment.ProcessorCount,
            ["memoryBytes"] = memory.TotalAvailableMemoryBytes,
            ["diskFreeBytes"] = disk.AvailableFreeSpace,
            ["engines"] = new JsonArray([.. engines.Select(e => (JsonNode)new JsonObject
            {
                ["name"] = e.Engine.Name,
                ["path"] = e.Found?.Path,
                ["version"] = e.Found?.Version,
                ["purpose"] = e.Engine.Purpose,
                ["install"] = e.Engine.Install,
            })]),
            ["spglib"] = spglib,
            ["potentials"] = new JsonArray([.. potentials.Select(p => (JsonNode)new JsonObject { ["name"] = p.Entry.Name, ["ready"] = p.State.IsReady, ["needs"] = p.State.Needs })]),
        };

        call.Result("polymorph.doctor/1", document, output =>
        {
            Line(output, "polymorph", ProductVersion.Text);
            Line(output, "processor", $"{Width()}, {Environment.ProcessorCount} cores{WidthAdvice()}");
            Line(output, "memory", Gigabytes(memory.TotalAvailableMemoryBytes) + " for this process");
            Line(output, "disk", Gigabytes(disk.AvailableFreeSpace) + " free in this folder");
            foreach (var (engine, found) in engines)
            {
                Line(output, engine.Name, found is { } f ? $"{f.Version} ({f.Path})" : $"off; it {engine.Purpose}. Switch it on: {engine.Install}");
            }

            Line(output, "spglib", spglib ?? $"off; it gives space groups and standard cells (symmetry, data convert --symmetry). {spglibOff}");
            foreach (var (entry, state) in potentials)
            {
                Line(output, entry.Name, state.IsReady ? "ready" : $"off; {state.Needs}");
            }
        });
        return ExitCode.Done;
    }

    /// <summary>Version of the library for symmetries, or how to install it.</summary>
    private static (string? Version, string? NextStep) Spglib()
    {
        try
        {
            return (SymmetryFinder.LibraryVersion.ToString(), null);
        }
        catch (PolymorphException e)
        {
            return (null, e.NextStep);
        }
    }

    private static string Width() => VectorWidths.Best switch { VectorWidth.Avx512 => "AVX-512", VectorWidth.Avx2 => "AVX2", _ => "portable" };

    private static string WidthAdvice() => VectorWidths.Best == VectorWidth.Avx512
        ? ""
        : Environment.GetEnvironmentVariable("DOTNET_EnableAVX512") == "0" || Environment.GetEnvironmentVariable("DOTNET_EnableAVX2") == "0"
            ? "; wider instructions are switched off by an environment variable DOTNET_EnableAVX..."
            : "; training is faster on a processor with AVX-512";

    private static void Line(TextWriter output, string name, string text) => output.WriteLine($"{name,-12} {text}");

    private static string Gigabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.0} GB");
}

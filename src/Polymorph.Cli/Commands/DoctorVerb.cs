using System.Globalization;
using System.Text.Json.Nodes;

using Polymorph.Cli.Shell;
using Polymorph.Foundation;
using Polymorph.Learning.Kernels;

namespace Polymorph.Cli.Commands;

/// <summary>What this machine has, what is off, and how to switch it on.</summary>
internal sealed class DoctorVerb() : Verb("doctor", "Show what this machine has, what is off and how to switch it on.", "polymorph doctor", "polymorph doctor --json")
{
    private static readonly Engine[] Engines =
    [
        new("obabel", ["-V"], "names molecules with double bonds for scripts on the library; no command of polymorph needs it", "sudo apt-get install openbabel"),
        new("xtb", ["--version"], "makes the demo's known molecules again (eng/demo-training-set); no command of polymorph needs it", "sudo apt-get install xtb"),
        new("python3", ["--version"], "opens the models and structures in your own scripts (safetensors, ASE)", "sudo apt-get install python3-ase python3-numpy"),
    ];

    /// <inheritdoc/>
    public override ExitCode Run(Invocation call)
    {
        var memory = GC.GetGCMemoryInfo();
        var disk = new DriveInfo(Path.GetFullPath("."));
        var engines = Engines.Select(engine => (Engine: engine, Found: engine.Find(call.Cancellation))).ToList();
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
        });
        return ExitCode.Done;
    }

    private static string Width() => VectorWidths.Best switch { VectorWidth.Avx512 => "AVX-512", VectorWidth.Avx2 => "AVX2", _ => "portable" };

    private static string WidthAdvice() => VectorWidths.Best == VectorWidth.Avx512
        ? ""
        : Environment.GetEnvironmentVariable("DOTNET_EnableAVX512") == "0" || Environment.GetEnvironmentVariable("DOTNET_EnableAVX2") == "0"
            ? "; wider instructions are switched off by an environment variable DOTNET_EnableAVX..."
            : "; training is faster on a processor with AVX-512";

    private static void Line(TextWriter output, string name, string text) => output.WriteLine($"{name,-10} {text}");

    private static string Gigabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.0} GB");
}

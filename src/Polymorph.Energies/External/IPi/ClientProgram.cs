using System.ComponentModel;
using System.Globalization;
using Polymorph.Foundation;
using Polymorph.Structures;
using Polymorph.Structures.Formats;

namespace Polymorph.Energies.External.IPi;

/// <summary>Starts the program of a template: writes its input files into a folder and runs its command line there.</summary>
/// <param name="template">The template.</param>
/// <param name="options">How clients are run.</param>
internal sealed class ClientProgram(ClientTemplate template, IPiOptions options)
{
    private const string Shell = "/bin/sh";
    private static int Started;
    private readonly Lock _gate = new();
    private (string Program, string Python)? _found;

    /// <summary>Makes sure that everything the template needs is installed.</summary>
    /// <exception cref="PolymorphException">PM6202: a program or a Python module is missing.</exception>
    public void Find()
    {
        lock (_gate)
        {
            _found ??= (Program(), Python());
        }
    }

    /// <summary>Starts a client.</summary>
    /// <param name="address">Where the server listens.</param>
    /// <param name="structure">The structure as the client sees it.</param>
    /// <exception cref="PolymorphException">PM6204: the template has an unknown placeholder.</exception>
    /// <exception cref="IOException">Its folder or files cannot be written.</exception>
    /// <exception cref="Win32Exception">The shell cannot be run.</exception>
    public IClientRun Start(IPiAddress address, Structure structure)
    {
        Find();
        var filling = new TemplateFilling(template, structure, address, _found!.Value.Program, _found.Value.Python);
        string line = address.IsUnix ? template.Command : template.CommandOverTcp ?? template.Command;
        string command = filling.Fill(line, $"{template.Method} (command)");
        var files = template.Files.Select(f => (f.Name, Text: filling.Fill(f.Text, $"{template.Method} ({f.Name})"))).ToList();
        var scratch = options.WorkFolder is null ? ScratchFolder.Create("client", inMemory: false) : null;
        try
        {
            string folder = scratch?.Location ?? Kept(options.WorkFolder!);
            StructureWriter.Write(Path.Combine(folder, TemplateFilling.StructureFile), [structure], StructureFormat.ExtendedXyz);
            foreach (var (name, text) in files)
            {
                File.WriteAllText(Path.Combine(folder, name), text);
            }

            return new Run(ChildProcess.Start(Shell, ["-c", command], folder), scratch);
        }
        catch
        {
            scratch?.Dispose();
            throw;
        }
    }

    private string Kept(string parent)
    {
        while (true)
        {
            string path = Path.Combine(parent, string.Create(CultureInfo.InvariantCulture, $"{template.Method}-{Environment.ProcessId}-{Interlocked.Increment(ref Started)}"));
            if (!Path.Exists(path))
            {
                return Directory.CreateDirectory(path).FullName;
            }
        }
    }

    private string Program() => template.Program is not { } name ? "" : ProgramSearch.Find(name) ?? throw Missing($"the program {name} is not installed", name);

    private string Python()
    {
        if (template.PythonModules.IsEmpty)
        {
            return "";
        }

        // The first that has the modules: an environment of the user's comes before the system's interpreter.
        string?[] candidates = [Environment.GetEnvironmentVariable("POLYMORPH_PYTHON"), ProgramSearch.Find("python3"), "/usr/bin/python3"];
        return candidates.OfType<string>().Distinct().Where(File.Exists).FirstOrDefault(HasModules)
            ?? throw Missing($"no Python interpreter has {string.Join(" and ", template.PythonModules)}; python3 of the search path and /usr/bin/python3 were asked, and POLYMORPH_PYTHON names another", null);
    }

    private bool HasModules(string python)
    {
        const string script = "import importlib.util as u, sys; sys.exit(any(u.find_spec(m) is None for m in sys.argv[1:]))";
        try
        {
            using var probe = ChildProcess.Start(python, ["-c", script, .. template.PythonModules], Path.GetTempPath());
            return probe.Wait(TimeSpan.FromSeconds(30), CancellationToken.None) && probe.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }

    private PolymorphException Missing(string reason, string? place) => new(
        "PM6202", reason, place, template.Install.Length > 0 ? $"Install it ({template.Install}) or choose another engine." : "Install it or choose another engine.", ExitCode.EngineFailed);

    private sealed class Run(ChildProcess process, ScratchFolder? folder) : IClientRun
    {
        private static readonly TimeSpan Moment = TimeSpan.FromSeconds(2);

        public string? Ending
        {
            get
            {
                if (!process.HasEnded)
                {
                    return null;
                }

                process.ReadToEnd();
                return string.Create(CultureInfo.InvariantCulture, $"with exit code {process.ExitCode}{LastWords.Quote(process)}");
            }
        }

        public void WaitForEnd() => process.Wait(Moment, CancellationToken.None);

        public void Dispose()
        {
            process.Dispose();
            folder?.Dispose();
        }
    }
}

using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Polymorph.Foundation;
using Polymorph.Learning.PortableTensors;

namespace Polymorph.Energies.Catalogue;

/// <summary>How the installation of one manifest ended.</summary>
/// <param name="File">The manifest given.</param>
/// <param name="Potential">What is installed now; null when it was refused.</param>
/// <param name="WasThere">True when the same weights were installed already.</param>
/// <param name="Problem">Why it was refused; null otherwise.</param>
public sealed record PotentialInstallation(string File, InstalledPotential? Potential, bool WasThere, PolymorphException? Problem);

/// <summary>The published weights that a user has installed: one folder each, with manifest, binary and licence.</summary>
/// <remarks>A folder appears by one renaming after everything in it is on the disk, so a potential is there wholly or not at all.</remarks>
/// <param name="folder">Where they lie; made when the first one is added.</param>
public sealed class PotentialStore(string folder)
{
    /// <summary>Variable of the environment that names another data folder.</summary>
    public const string Variable = UserFolder.Variable;

    private const string Unfinished = ".adding-";
    private const string LicenceFile = "LICENSES.txt";

    // What the engines of this program can read.
    private static readonly string[] Models = ["TensorNet", "ANI"];

    /// <summary>Where the potentials lie.</summary>
    public string Folder { get; } = Path.GetFullPath(folder);

    /// <summary>The store of this user: <c>POLYMORPH_DATA/potentials</c>, else <c>polymorph/potentials</c> in the data folder of the system.</summary>
    /// <remarks>That is <c>XDG_DATA_HOME</c> or <c>~/.local/share</c>, on Windows <c>%LOCALAPPDATA%</c>.</remarks>
    public static PotentialStore OfUser() => new(Path.Combine(UserFolder.Data, "potentials"));

    /// <summary>What is installed, by name. A damaged manifest is left out: adding the potential again mends it.</summary>
    public ImmutableArray<InstalledPotential> List()
    {
        if (!Directory.Exists(Folder))
        {
            return [];
        }

        var found = ImmutableArray.CreateBuilder<InstalledPotential>();
        foreach (string place in Directory.EnumerateDirectories(Folder).Where(d => !Path.GetFileName(d).StartsWith('.')).Order(StringComparer.Ordinal))
        {
            string manifest = Path.Combine(place, Path.GetFileName(place) + ".json");
            try
            {
                if (File.Exists(manifest) && InstalledPotential.Read(manifest) is { } potential)
                {
                    found.Add(potential);
                }
            }
            catch (PolymorphException)
            {
            }
        }

        return found.ToImmutable();
    }

    /// <summary>An installed potential of a kind, or null.</summary>
    /// <param name="model">Its kind, such as <c>ANI</c>.</param>
    /// <param name="variant">Which one; null for any.</param>
    public InstalledPotential? Find(string model, string? variant = null) =>
        List().FirstOrDefault(p => p.Model.Equals(model, StringComparison.OrdinalIgnoreCase) && (variant is null || p.Variant.Equals(variant, StringComparison.OrdinalIgnoreCase)));

    /// <summary>Installs a manifest with its binary, or all manifests of a folder. What is there already stays as it is.</summary>
    /// <param name="path">A manifest, or a folder.</param>
    /// <returns>One line per manifest; a folder's bad ones are told and the rest goes on.</returns>
    /// <exception cref="PolymorphException">PM6225: there is no such file, or no manifest in the folder; for a single file also what is wrong with it: PM6222, PM4111 to PM4113; PM7001: the store cannot be written.</exception>
    public ImmutableArray<PotentialInstallation> Add(string path)
    {
        if (!Directory.Exists(path))
        {
            return [Install(ManifestOf(path))];
        }

        var installations = ImmutableArray.CreateBuilder<PotentialInstallation>();
        foreach (string file in Directory.EnumerateFiles(path, "*.json").Order(StringComparer.Ordinal))
        {
            try
            {
                if (InstalledPotential.Read(file) is not null)
                {
                    installations.Add(Install(file));
                }
            }
            catch (PolymorphException e) when (e.ExitCode == ExitCode.InputData)
            {
                installations.Add(new PotentialInstallation(file, null, WasThere: false, e));
            }
        }

        return installations.Count > 0 ? installations.ToImmutable()
            : throw new PolymorphException("PM6225", "the folder holds no manifest of weights", path, $"A manifest is a .json file with \"format\": \"{PortableTensorFile.Format}\" beside its binary.");
    }

    /// <summary>Removes an installed potential.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="PolymorphException">PM6224: none of this name is installed; PM6228: it cannot be removed.</exception>
    public void Remove(string name)
    {
        var names = Directory.Exists(Folder) ? Directory.EnumerateDirectories(Folder).Select(d => Path.GetFileName(d)).Where(n => !n.StartsWith('.')).ToList() : [];
        if (!names.Contains(name))
        {
            throw new PolymorphException("PM6224", $"no potential '{name}' is installed", Folder,
                names.Count > 0 ? $"{NearestName.Hint(name, names)} Installed: {string.Join(", ", names.Order(StringComparer.Ordinal))}.".TrimStart() : "'polymorph potentials add FOLDER' installs some.", ExitCode.Usage);
        }

        Guard(() =>
        {
            // Renamed first: a process that is killed here leaves no half potential.
            string gone = Temporary(name);
            Directory.Move(Path.Combine(Folder, name), gone);
            Directory.Delete(gone, recursive: true);
        });
    }

    private static string ManifestOf(string path)
    {
        string manifest = path.EndsWith(".bin", StringComparison.OrdinalIgnoreCase) ? Path.ChangeExtension(path, ".json") : path;
        return File.Exists(manifest) ? manifest
            : throw new PolymorphException("PM6225", $"there is no file or folder of that name{(manifest == path ? "" : $", or no manifest '{Path.GetFileName(manifest)}' beside it")}", path, "Give the .json file of the weights, or the folder in which it lies.");
    }

    private PotentialInstallation Install(string manifest)
    {
        var potential = InstalledPotential.Read(manifest)
            ?? throw new PolymorphException("PM6222", "this is not a manifest of weights", manifest, $"Give a .json file with \"format\": \"{PortableTensorFile.Format}\".");
        if (!Models.Contains(potential.Model, StringComparer.OrdinalIgnoreCase))
        {
            throw new PolymorphException("PM6222", $"no engine here reads weights of the kind '{potential.Model}'", manifest, $"Known kinds: {string.Join(", ", Models)}.");
        }

        if (potential.Name.StartsWith('.') || potential.Name.Any(c => !(char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')))
        {
            throw new PolymorphException("PM6222", $"'{potential.Name}' cannot name a potential", manifest, "Name the file with letters, digits, '-', '_' and '.'.");
        }

        // Reads and checks everything, the SHA-256 of the binary included.
        var weights = PortableTensorFile.Read(manifest);
        string place = Path.Combine(Folder, potential.Name), installed = Path.Combine(place, potential.Name + ".json");
        if (IsSame(manifest, installed))
        {
            return new PotentialInstallation(manifest, InstalledPotential.Read(installed), WasThere: true, null);
        }

        Guard(() =>
        {
            RemoveAbandoned();
            string temporary = Temporary(potential.Name);
            Directory.CreateDirectory(temporary);
            string source = Path.GetDirectoryName(Path.GetFullPath(manifest))!, binary = weights.Manifest.GetProperty("binary").GetString()!;
            Copy(Path.Combine(source, binary), Path.Combine(temporary, binary));
            if (Directory.EnumerateFiles(source, "LICENSE*.txt").Order(StringComparer.Ordinal).ToList() is { Count: > 0 } licences)
            {
                Copy(licences.Find(l => Path.GetFileName(l) == LicenceFile) ?? licences[0], Path.Combine(temporary, LicenceFile));
            }

            Copy(manifest, Path.Combine(temporary, potential.Name + ".json"));
            if (Directory.Exists(place))
            {
                string old = Temporary(potential.Name + "-old");
                Directory.Move(place, old);
                Directory.Move(temporary, place);
                Directory.Delete(old, recursive: true);
            }
            else
            {
                Directory.Move(temporary, place);
            }
        });
        return new PotentialInstallation(manifest, InstalledPotential.Read(installed), WasThere: false, null);
    }

    private static bool IsSame(string manifest, string installed)
    {
        try
        {
            return File.Exists(installed) && File.ReadAllBytes(manifest).AsSpan().SequenceEqual(File.ReadAllBytes(installed)) && PortableTensorFile.Read(installed) is not null;
        }
        catch (Exception e) when (e is PolymorphException or IOException or UnauthorizedAccessException)
        {
            // What is installed is damaged: it is installed again.
            return false;
        }
    }

    private static void Copy(string from, string to)
    {
        using var source = new FileStream(from, FileMode.Open, FileAccess.Read, FileShare.Read);
        using var target = new FileStream(to, FileMode.Create, FileAccess.Write, FileShare.None);
        source.CopyTo(target);
        target.Flush(flushToDisk: true);
    }

    private string Temporary(string name) => Path.Combine(Folder, string.Create(CultureInfo.InvariantCulture, $"{Unfinished}{Environment.ProcessId}-{name}"));

    private void RemoveAbandoned()
    {
        Directory.CreateDirectory(Folder);
        foreach (string rest in Directory.EnumerateDirectories(Folder, Unfinished + "*").ToList())
        {
            string process = Path.GetFileName(rest)[Unfinished.Length..].Split('-')[0];
            if (!int.TryParse(process, NumberStyles.None, CultureInfo.InvariantCulture, out int id) || id == Environment.ProcessId || !IsAlive(id))
            {
                Directory.Delete(rest, recursive: true);
            }
        }
    }

    private static bool IsAlive(int process)
    {
        try
        {
            using var found = Process.GetProcessById(process);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private void Guard(Action change)
    {
        try
        {
            change();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PolymorphException("PM6228", $"the folder of installed potentials cannot be written: {e.Message}", Folder,
                $"Free some space, or name another data folder with the variable {Variable}.", ExitCode.EngineFailed, e);
        }
    }
}

using System.Collections.Immutable;
using Polymorph.Foundation;

namespace Polymorph.Models.Cgcnn;

/// <summary>The property models that a user has installed: one file each, found by its name.</summary>
/// <param name="folder">Where they lie; made when the first one is added.</param>
public sealed class CgcnnModelStore(string folder)
{
    private const string Extension = ".safetensors";

    /// <summary>Where the models lie.</summary>
    public string Folder { get; } = Path.GetFullPath(folder);

    /// <summary>The store of this user: <c>property-models</c> in the data folder.</summary>
    public static CgcnnModelStore OfUser() => new(Path.Combine(UserFolder.Data, "property-models"));

    /// <summary>Names of the installed models.</summary>
    public ImmutableArray<string> List() => Directory.Exists(Folder)
        ? [.. Directory.EnumerateFiles(Folder, "*" + Extension).Select(Path.GetFileNameWithoutExtension).OfType<string>().Order(StringComparer.Ordinal)]
        : [];

    /// <summary>The file of a model.</summary>
    /// <param name="nameOrPath">A path, or the name of an installed model.</param>
    /// <exception cref="PolymorphException">PM4121: neither a file nor an installed model.</exception>
    public string Find(string nameOrPath)
    {
        ArgumentException.ThrowIfNullOrEmpty(nameOrPath);
        if (File.Exists(nameOrPath))
        {
            return nameOrPath;
        }

        var names = List();
        return names.Contains(nameOrPath) ? Path.Combine(Folder, nameOrPath + Extension)
            : throw new PolymorphException("PM4121", $"'{nameOrPath}' is neither a file nor an installed model", nameOrPath,
                names.IsEmpty ? "'polymorph models add FOLDER' installs the published ones." : $"{NearestName.Hint(nameOrPath, names)} Installed: {string.Join(", ", names)}.".TrimStart(), ExitCode.Usage);
    }

    /// <summary>Installs a model, or all models of a folder with the licence beside them.</summary>
    /// <param name="path">A file or folder.</param>
    /// <returns>The names installed.</returns>
    /// <exception cref="PolymorphException">PM4101 to PM4104: not a whole model file; PM4122: nothing to install; PM7001: the store cannot be written.</exception>
    public ImmutableArray<string> Add(string path)
    {
        string[] files = Directory.Exists(path) ? [.. Directory.EnumerateFiles(path, "*" + Extension).Order(StringComparer.Ordinal)]
            : File.Exists(path) ? [path] : [];
        if (files.Length == 0)
        {
            throw new PolymorphException("PM4122", "there is no model to install", path, $"Give a file that ends with {Extension}, or a folder with such files.", ExitCode.Usage);
        }

        // All are read before the first is written: a folder is installed wholly or not at all.
        foreach (string file in files)
        {
            CgcnnModelFile.Load(file);
        }

        foreach (string file in files)
        {
            Copy(file, Path.Combine(Folder, Path.GetFileNameWithoutExtension(file) + Extension));
        }

        string near = Path.GetDirectoryName(Path.GetFullPath(files[0]))!;
        foreach (string licence in Licences(near).Concat(Path.GetDirectoryName(near) is { } above ? Licences(above) : []))
        {
            Copy(licence, Path.Combine(Folder, Path.GetFileName(licence)));
        }

        return [.. files.Select(Path.GetFileNameWithoutExtension).OfType<string>()];
    }

    private static IEnumerable<string> Licences(string folder) => Directory.EnumerateFiles(folder, "LICENSE*.txt").Order(StringComparer.Ordinal);

    private static void Copy(string from, string to)
    {
        using var source = new FileStream(from, FileMode.Open, FileAccess.Read, FileShare.Read);
        AtomicFile.Write(to, target => source.CopyTo(target));
    }
}

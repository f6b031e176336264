using Polymorph.Foundation;
using Polymorph.Studies.Runs;

namespace Polymorph.Studies.CrystalGan;

/// <summary>Run folders of the Crystal GAN.</summary>
public static class CrystalGanRun
{
    /// <summary>The name of the model in recipes and files.</summary>
    public const string Name = "crystal-gan";

    private const int LongestBeginning = 4096;

    /// <summary>Whether a run folder is one of a Crystal GAN.</summary>
    /// <param name="path">The folder.</param>
    public static bool IsAt(string path)
    {
        string recipe = Path.Combine(path, "recipe.yaml");
        if (!File.Exists(recipe))
        {
            return false;
        }

        try
        {
            using var reader = new StreamReader(recipe);
            char[] beginning = new char[LongestBeginning];
            return new string(beginning, 0, reader.ReadBlock(beginning)).Split('\n').Any(line => line.TrimEnd() == $"model: {Name}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Whoever opens the run will say what is wrong.
            return false;
        }
    }

    /// <summary>Refuses a run folder of a Crystal GAN.</summary>
    /// <param name="path">The folder.</param>
    /// <exception cref="PolymorphException">PM7301: it is one.</exception>
    internal static void Refuse(string path)
    {
        if (IsAt(path))
        {
            throw new PolymorphException("PM7301", "this run folder holds a Crystal GAN, which has no such stage", path,
                "Use train, generate with --composition, and status; the crystals that it writes are files for relax, match and symmetry.", ExitCode.Usage);
        }
    }

    /// <summary>The training set of a prepared folder or of a run.</summary>
    /// <param name="folder">Either.</param>
    /// <exception cref="PolymorphException">PM7302, PM7307: there is none, or it is damaged.</exception>
    public static PreparedSet DataOf(string folder) => PreparedSet.Read(IsAt(folder) ? DataFolder(RunFolder.Of(folder)) : folder);

    /// <summary>Where a run keeps its training set.</summary>
    /// <param name="folder">The run folder.</param>
    internal static string DataFolder(RunFolder folder) => Path.Combine(folder.Root, "inputs", "prepared");
}

using Polymorph.Studies.Runs;

namespace Polymorph.Studies.CrystalGan;

/// <summary>Run folders of the Crystal GAN.</summary>
public static class CrystalGanRun
{
    /// <summary>The name of the model in recipes and files.</summary>
    public const string Name = "crystal-gan";

    /// <summary>The training set of a prepared folder or of a run.</summary>
    /// <param name="folder">Either.</param>
    public static PreparedSet DataOf(string folder) => PreparedSet.Read(folder);
}

namespace Polymorph.Studies.Recipes;

/// <summary>What each stream of a study's seed is for. Part of the format: changing a value changes every result.</summary>
internal static class StudyRandomStreams
{
    public const uint ModelSeeds = 101;
    public const uint Clusters = 102;
}

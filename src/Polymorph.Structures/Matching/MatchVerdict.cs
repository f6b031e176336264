namespace Polymorph.Structures.Matching;

/// <summary>The answer to whether two crystals are the same.</summary>
public enum MatchVerdict
{
    /// <summary>They are different.</summary>
    Different,

    /// <summary>They match.</summary>
    Match,

    /// <summary>The search was given up at its limit.</summary>
    Undecided,
}

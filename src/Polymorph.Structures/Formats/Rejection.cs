using Polymorph.Foundation;

namespace Polymorph.Structures.Formats;

/// <summary>An entry of a file that could not be used: where, why, and what to do.</summary>
/// <param name="File">The file, as the user named it.</param>
/// <param name="Line">Line of the problem, from 1; 0 when the problem is the file as a whole.</param>
/// <param name="Code">Stable code, such as <c>PM2103</c>.</param>
/// <param name="Reason">What was expected and what came.</param>
/// <param name="NextStep">The way out, or null when the reason says it.</param>
public sealed record Rejection(string File, long Line, string Code, string Reason, string? NextStep = null)
{
    /// <summary><c>file:line</c>, or the file alone when the problem has no line.</summary>
    public string Place => Line > 0 ? $"{File}:{Line}" : File;

    /// <summary>The same as an exception, for callers that stop at the first problem.</summary>
    public PolymorphException ToException() => new(Code, Reason, Place, NextStep);

    /// <summary>Code, place, reason and way out in one line.</summary>
    public override string ToString() => PolymorphException.OneLine(Code, Place, Reason, NextStep);
}

/// <summary>One entry of a file: a structure, or the reason why there is none.</summary>
/// <param name="Structure">The structure; null when the entry was rejected.</param>
/// <param name="Rejection">The reason; null when there is a structure.</param>
public readonly record struct ReadResult(Structure? Structure, Rejection? Rejection)
{
    /// <summary>Line on which the structure begins in its file; 0 where the format has no such line.</summary>
    public long Line { get; init; }
}

namespace Polymorph.Structures.Formats;

/// <summary>What is wrong with an entry; readers turn it into a <see cref="Rejection"/>.</summary>
/// <param name="code">Stable code.</param>
/// <param name="line">Line of the problem, from 1; 0 for the file as a whole.</param>
/// <param name="reason">What was expected and what came.</param>
/// <param name="nextStep">The way out, or null.</param>
/// <param name="endsFile">True when nothing after this place can be read.</param>
internal sealed class InputProblemException(string code, long line, string reason, string? nextStep = null, bool endsFile = false) : Exception(reason)
{
    public string Code { get; } = code;

    public long Line { get; } = line;

    public string? NextStep { get; } = nextStep;

    public bool EndsFile { get; } = endsFile;

    public Rejection ToRejection(string file) => new(file, Line, Code, Message, NextStep);
}

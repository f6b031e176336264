using Polymorph.Foundation;
using Polymorph.Structures.Formats;
using Polymorph.Structures.Matching;

namespace Polymorph.Cli.Commands;

/// <summary>Two frames and what the matcher says of them.</summary>
/// <param name="A">Id of the first, or the place of an entry that could not be read.</param>
/// <param name="B">Id of the second.</param>
/// <param name="Matched">Whether every site has its partner within the tolerance; null when that is open.</param>
/// <param name="Match">The pairing with the least root mean square distance; null when the pair is open.</param>
/// <param name="Problem">Why the pair is open, or null.</param>
internal sealed record FramePair(string A, string B, bool? Matched, CrystalMatch? Match, string? Problem);

/// <summary>Compares the frames of two files.</summary>
/// <param name="matcher">Decides.</param>
/// <param name="anonymous">Whether elements may be renamed.</param>
internal sealed class FramePairs(StructureMatcher matcher, bool anonymous)
{
    /// <summary>Frame i of one with frame i of the other, as they are read.</summary>
    /// <param name="first">Frames of the first file.</param>
    /// <param name="second">Frames of the second.</param>
    /// <exception cref="PolymorphException">PM1007: one has more frames than the other.</exception>
    public IEnumerable<FramePair> OneByOne(IEnumerable<ReadResult> first, IEnumerable<ReadResult> second)
    {
        using var a = first.GetEnumerator();
        using var b = second.GetEnumerator();
        long frames = 0;
        Rejection? lastOfA = null, lastOfB = null;
        while (true)
        {
            bool hasA = a.MoveNext(), hasB = b.MoveNext();
            if (hasA != hasB)
            {
                // A file that ends with what cannot be read ends too early because of it.
                if ((hasA ? lastOfB : lastOfA) is { } unreadable)
                {
                    throw unreadable.ToException();
                }

                throw new PolymorphException("PM1007", $"{(hasA ? "A" : "B")} has more frames than the other, which ends after {frames}", null,
                    "Give files whose frames belong together one by one, or compare every frame with every other: --all.", ExitCode.Usage);
            }

            if (!hasA)
            {
                yield break;
            }

            frames++;
            (lastOfA, lastOfB) = (a.Current.Rejection, b.Current.Rejection);
            yield return Compare(Frame.Of(a.Current, matcher), Frame.Of(b.Current, matcher));
        }
    }

    /// <summary>Every frame of one with every frame of the other. The second file is held in memory.</summary>
    /// <param name="first">Frames of the first file.</param>
    /// <param name="second">Frames of the second.</param>
    public IEnumerable<FramePair> All(IEnumerable<ReadResult> first, IEnumerable<ReadResult> second)
    {
        List<Frame> others = [.. second.Select(entry => Frame.Of(entry, matcher))];
        return from entry in first let frame = Frame.Of(entry, matcher) from other in others select Compare(frame, other);
    }

    private FramePair Compare(Frame a, Frame b)
    {
        if (a.Crystal is null || b.Crystal is null)
        {
            return new FramePair(a.Id, b.Id, null, null, a.Problem ?? b.Problem);
        }

        var fits = anonymous ? matcher.FitsAnonymously(a.Crystal, b.Crystal) : matcher.Fits(a.Crystal, b.Crystal);
        var match = anonymous ? matcher.RmsAnonymously(a.Crystal, b.Crystal) : matcher.RmsDistance(a.Crystal, b.Crystal);
        bool open = fits == MatchVerdict.Undecided || match.Verdict == MatchVerdict.Undecided;
        return new FramePair(a.Id, b.Id, fits == MatchVerdict.Undecided ? null : fits == MatchVerdict.Match, match, open ? "the search was given up at its limit of steps" : null);
    }

    /// <summary>A frame ready to be compared, or why it is not.</summary>
    private sealed record Frame(string Id, PreparedCrystal? Crystal, string? Problem)
    {
        public static Frame Of(ReadResult entry, StructureMatcher matcher)
        {
            if (entry.Structure is not { } structure)
            {
                return new Frame(entry.Rejection!.Place, null, $"{entry.Rejection.Code}: {entry.Rejection.Reason}");
            }

            try
            {
                return new Frame(structure.Id, matcher.Prepare(structure), null);
            }
            catch (PolymorphException e)
            {
                return new Frame(structure.Id, null, $"{e.Code}: {e.Reason}");
            }
        }
    }
}

using System.Globalization;
using Polymorph.Foundation;
using Polymorph.Structures;
using Polymorph.Structures.Formats;
using Polymorph.Structures.Matching;

namespace Polymorph.Studies.Runs;

/// <summary>Takes known structures out of the training that are the targets in another guise: what a model has been shown it has not found.</summary>
/// <remarks>Decided by the structure matcher with its default tolerances: some pairing of the sites has a root mean square distance below the site tolerance (where pymatgen's
/// <c>get_rms_dist</c> gives a number). That leaves out more than its <c>fit</c>, which bounds the largest distance.</remarks>
public static class CleanSplit
{
    /// <summary>Name of the property that holds a structure's place among the known ones, from 0.</summary>
    public const string FrameProperty = "frame";

    /// <summary>Splits known structures.</summary>
    /// <param name="known">The known structures.</param>
    /// <param name="targetFile">Crystals that must not be learnt.</param>
    /// <param name="observer">Told which structures are left out.</param>
    /// <exception cref="PolymorphException">PM7035: nothing would be left, or a pair is undecided; PM2310: a target is no crystal; those of the file.</exception>
    internal static (IReadOnlyList<Structure> Kept, IReadOnlyList<Structure> LeftOut) Of(IReadOnlyList<Structure> known, string targetFile, IStudyObserver observer)
    {
        var matching = Matching(known, StructureReader.ReadStrict(targetFile), targetFile);
        if (matching.Count == known.Count)
        {
            throw new PolymorphException("PM7035", $"every one of the {known.Count} known structures matches a crystal that must not be learnt", targetFile,
                "Check the file: it should hold the targets, not the training set.", ExitCode.Usage);
        }

        observer.Note(matching.Count == 0
            ? $"None of the {known.Count} known structures matches a crystal of {targetFile}."
            : $"{matching.Count} of {known.Count} known structures match a crystal of {targetFile} and are left out (counted from 0): {string.Join(", ", matching.Select(i => i.ToString(CultureInfo.InvariantCulture)))}.");
        var left = matching.ToHashSet();
        return ([.. known.Where((_, i) => !left.Contains(i))], [.. matching.Select(i => known[i].WithProperty(FrameProperty, i))]);
    }

    /// <summary>Places, from 0, of the structures that match one of the targets.</summary>
    /// <param name="known">Structures; those that are no crystals match nothing.</param>
    /// <param name="targets">Crystals.</param>
    /// <param name="place">Where the targets come from, for messages.</param>
    /// <exception cref="PolymorphException">PM7035: a pair is undecided; PM2310: a target is no crystal.</exception>
    public static IReadOnlyList<int> Matching(IReadOnlyList<Structure> known, IReadOnlyList<Structure> targets, string place)
    {
        ArgumentNullException.ThrowIfNull(known);
        var matcher = new StructureMatcher(new MatchOptions());
        List<PreparedCrystal> prepared = [.. targets.Select(matcher.Prepare)];
        var matching = new List<int>();
        for (int i = 0; i < known.Count; i++)
        {
            if (known[i].Periodicity != Periodicity.Full)
            {
                continue;
            }

            var crystal = matcher.Prepare(known[i]);
            List<MatchVerdict> verdicts = [.. prepared.Select(target => matcher.RmsDistance(target, crystal).Verdict)];
            if (verdicts.Contains(MatchVerdict.Match))
            {
                matching.Add(i);
            }
            else if (verdicts.Contains(MatchVerdict.Undecided))
            {
                throw new PolymorphException("PM7035", $"whether the known structure {i} (from 0) matches a target could not be decided in the time a pair may take", place,
                    "Take this structure out of the training by hand, or leave 'without_matches' away.");
            }
        }

        return matching;
    }
}

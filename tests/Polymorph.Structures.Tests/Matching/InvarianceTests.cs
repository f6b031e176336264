using FsCheck.Fluent;
using Polymorph.Structures.Matching;
using Xunit;

namespace Polymorph.Structures.Tests.Matching;

/// <summary>The verdict belongs to the crystals, not to the way they are written: rotation, origin, order of atoms, cell.</summary>
public sealed class InvarianceTests
{
    // Below 1e-5 a search stops at the first pairing, and any such value will do.
    private const double Tolerance = 1e-5;

    // All pairs, those included for which pymatgen's answer changes with the description.
    [Theory, InlineData("pairs.json"), InlineData("pairs_oxides.json")]
    public void VerdictsDoNotDependOnTheDescription(string file)
    {
        foreach (var pair in GoldenPair.Read(file, undecided: true))
        {
            foreach (var options in new[] { MatchOptions.Benchmark, GoldenPair.Default })
            {
                var matcher = new StructureMatcher(options);
                var (fits, rms) = Answer(matcher, pair.A, pair.B);
                var descriptions = from first in Description.Random(pair.A.AtomCount) from second in Description.Random(pair.B.AtomCount) select (first, second);
                Arbitrary.Check(descriptions, d =>
                {
                    var (a, b) = (d.first.Of(pair.A), d.second.Of(pair.B));
                    var (otherFits, otherRms) = Answer(matcher, a, b);
                    return otherFits == fits && rms is null == otherRms is null && Math.Abs((rms ?? 0) - (otherRms ?? 0)) < Tolerance
                        ? true
                        : throw new InvalidOperationException($"{file} pair {pair.Number} ({pair.Kind}), sites {matcher.Prepare(pair.A).SiteCount}/{matcher.Prepare(a).SiteCount} and {matcher.Prepare(pair.B).SiteCount}/{matcher.Prepare(b).SiteCount}: {fits}/{otherFits}, rms {rms}/{otherRms}");
                }, cases: 8);
            }
        }
    }

    private static (MatchVerdict, double?) Answer(StructureMatcher matcher, Structure a, Structure b)
    {
        var (first, second) = (matcher.Prepare(a), matcher.Prepare(b));
        return (matcher.Fits(first, second), matcher.RmsDistance(first, second).Rms);
    }
}

using System.Collections.Immutable;

namespace Polymorph.Structures.Matching;

/// <summary>Decides whether two crystals are the same up to tolerances, whatever their cell, orientation, origin and order of atoms.</summary>
/// <param name="options">The tolerances.</param>
/// <remarks>The algorithm of pymatgen's StructureMatcher (Ong et al., Comput. Mater. Sci. 68 (2013) 314), described in docs/methods/matching.md: primitive cells, all
/// mappings of the lattices, all translations that put one site on another, the cheapest pairing of sites. Instances may be used by many threads.</remarks>
public sealed class StructureMatcher(MatchOptions options)
{
    [ThreadStatic]
    private static SiteSearch? ThreadSearch;

    [ThreadStatic]
    private static SearchTask? ThreadTask;

    /// <summary>The tolerances.</summary>
    public MatchOptions Options { get; } = options;

    /// <summary>Reduces a crystal once for many comparisons.</summary>
    /// <param name="structure">A structure that repeats along all three axes.</param>
    /// <exception cref="Foundation.PolymorphException">PM2310: the structure does not repeat along all three axes.</exception>
    public PreparedCrystal Prepare(Structure structure) => PreparedCrystal.Of(structure, Options);

    /// <summary>Whether two crystals have the same elements in the same proportions and some pairing of their sites leaves no distance at or above the site tolerance.</summary>
    /// <param name="a">First crystal; it is drawn in cells like those of the second.</param>
    /// <param name="b">Second crystal.</param>
    public MatchVerdict Fits(PreparedCrystal a, PreparedCrystal b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        if (!a.HasProportionsOf(b))
        {
            return MatchVerdict.Different;
        }

        var budget = new WorkBudget(Options.WorkLimit);
        return SetUp(a, b, leastMaximum: true) is not { } task ? MatchVerdict.Different : Search(task, ref budget);
    }

    /// <summary>As <see cref="Fits(PreparedCrystal, PreparedCrystal)"/>, the crystals reduced on the way.</summary>
    /// <param name="a">First crystal.</param>
    /// <param name="b">Second crystal.</param>
    public MatchVerdict Fits(Structure a, Structure b) => Fits(Prepare(a), Prepare(b));

    /// <summary>The pairing of sites with the least root mean square distance; a match when that is below the site tolerance, even where <see cref="Fits(PreparedCrystal, PreparedCrystal)"/> says no.</summary>
    /// <param name="a">First crystal.</param>
    /// <param name="b">Second crystal.</param>
    public CrystalMatch RmsDistance(PreparedCrystal a, PreparedCrystal b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        if (!a.HasProportionsOf(b) || SetUp(a, b, leastMaximum: false) is not { } task)
        {
            return CrystalMatch.Without(MatchVerdict.Different);
        }

        var budget = new WorkBudget(Options.WorkLimit);
        var verdict = Search(task, ref budget);
        return verdict == MatchVerdict.Match ? Result(task, Searcher().Best, a, []) : CrystalMatch.Without(verdict);
    }

    /// <summary>As <see cref="RmsDistance(PreparedCrystal, PreparedCrystal)"/>, the crystals reduced on the way.</summary>
    /// <param name="a">First crystal.</param>
    /// <param name="b">Second crystal.</param>
    public CrystalMatch RmsDistance(Structure a, Structure b) => RmsDistance(Prepare(a), Prepare(b));

    /// <summary>Whether some renaming of the elements of the first crystal, each to another element, makes the two fit.</summary>
    /// <param name="a">First crystal.</param>
    /// <param name="b">Second crystal.</param>
    public MatchVerdict FitsAnonymously(PreparedCrystal a, PreparedCrystal b) => Anonymous(a, b, leastMaximum: true).Verdict;

    /// <summary>The renaming and pairing with the least root mean square distance.</summary>
    /// <param name="a">First crystal.</param>
    /// <param name="b">Second crystal.</param>
    public CrystalMatch RmsAnonymously(PreparedCrystal a, PreparedCrystal b) => Anonymous(a, b, leastMaximum: false);

    private CrystalMatch Anonymous(PreparedCrystal a, PreparedCrystal b, bool leastMaximum)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        var best = CrystalMatch.Without(MatchVerdict.Different);
        if (a.Blocks.Length != b.Blocks.Length || SetUp(a, b, leastMaximum, anyElements: true) is not { } task)
        {
            return best;
        }

        var budget = new WorkBudget(Options.WorkLimit);
        foreach (int[] order in BlockOrders.Of(task.Mapped, task.Target))
        {
            task.BlockOf = order;
            var verdict = Search(task, ref budget);
            if (verdict == MatchVerdict.Undecided)
            {
                return CrystalMatch.Without(verdict);
            }

            if (verdict == MatchVerdict.Match && !(Searcher().Best.Rms >= best.Rms))
            {
                best = Result(task, Searcher().Best, a, order);
                if (leastMaximum)
                {
                    return best;
                }
            }
        }

        return best;
    }

    /// <summary>Decides who is drawn in whose cell; null when the numbers of sites or the lengths cannot agree.</summary>
    private SearchTask? SetUp(PreparedCrystal a, PreparedCrystal b, bool leastMaximum, bool anyElements = false)
    {
        int multiple = 1;
        bool multiplyB = false;
        if (Options.AttemptSupercell)
        {
            double ratio = (double)b.SiteCount / a.SiteCount;
            multiplyB = ratio < 2.0 / 3;
            multiple = (int)Math.Round(multiplyB ? 1 / ratio : ratio);
        }

        var (mapped, target) = multiplyB ? (b, a) : (a, b);
        if ((long)mapped.SiteCount * multiple != target.SiteCount)
        {
            return null;
        }

        if (multiple == 1 && !MinimaAllow(mapped, target))
        {
            return null;
        }

        var task = ThreadTask ??= new SearchTask { Mapped = mapped, Target = target, Options = Options };
        (task.Mapped, task.Target, task.Options, task.Multiple, task.AnchorIsMapped, task.LeastMaximum) = (mapped, target, Options, multiple, multiplyB, leastMaximum);
        task.SetScale();
        if (task.BlockOf.Length != target.Blocks.Length || anyElements)
        {
            task.BlockOf = new int[target.Blocks.Length];
        }

        for (int k = 0; k < task.BlockOf.Length; k++)
        {
            task.BlockOf[k] = k;
        }

        return task;
    }

    /// <summary>False when no cell of the mapped lattice can be like the target's: three independent vectors, each shorter than (1 + tolerance) times one of the
    /// target's minima, cannot be shorter than the lattice's own minima.</summary>
    private bool MinimaAllow(PreparedCrystal mapped, PreparedCrystal target)
    {
        if (!mapped.IsComplete || !target.IsComplete)
        {
            return true;
        }

        double most = 1 + Options.LengthTolerance + 1e-9;
        if (Options.Scale)
        {
            most *= Math.Cbrt(mapped.Lattice.Volume / target.Lattice.Volume);
        }

        var (m, t) = (mapped.Minima, target.Minima);
        return m.X <= most * t.X && m.Y <= most * t.Y && m.Z <= most * t.Z;
    }

    private static MatchVerdict Search(SearchTask task, ref WorkBudget budget)
    {
        if (!task.Mapped.IsComplete || !task.Target.IsComplete)
        {
            return MatchVerdict.Undecided;
        }

        var search = Searcher();
        search.Run(task, ref budget);
        bool found = search.Best.Value < task.Options.SiteTolerance;
        return budget.IsSpent && !(found && task.LeastMaximum) ? MatchVerdict.Undecided : found ? MatchVerdict.Match : MatchVerdict.Different;
    }

    private static SiteSearch Searcher() => ThreadSearch ??= new SiteSearch();

    private static CrystalMatch Result(SearchTask task, SiteMatch match, PreparedCrystal first, int[] order)
    {
        var elements = ImmutableSortedDictionary.CreateBuilder<Element, Element>();
        for (int k = 0; k < order.Length; k++)
        {
            var (mapped, target) = (task.Mapped.Blocks[order[k]].Element, task.Target.Blocks[k].Element);
            elements[task.Mapped == first ? mapped : target] = task.Mapped == first ? target : mapped;
        }

        var (x, y, z) = match.Cell.Apply(task.MappedScale * task.Mapped.Lattice.A, task.MappedScale * task.Mapped.Lattice.B, task.MappedScale * task.Mapped.Lattice.C);
        var (lengths, angles) = CellShape.Of(x, y, z).DeviationFrom(task.TargetShape);
        double perSite = task.Target.Lattice.Volume / task.Target.SiteCount / (task.Mapped.Lattice.Volume / task.Mapped.SiteCount);
        return new CrystalMatch(MatchVerdict.Match, match.Rms, match.Maximum, AtomMapping.Of(task, match, first), elements.ToImmutable())
        {
            VolumeRatio = task.Mapped == first ? perSite : 1 / perSite,
            LengthDeviation = lengths,
            AngleDeviation = angles,
        };
    }
}

using System.Collections.Immutable;
using Polymorph.Structures.Matching.Kernels;

namespace Polymorph.Structures.Matching;

/// <summary>Carries a pairing of reduced sites back to the atoms that the two crystals were given with.</summary>
internal static class AtomMapping
{
    /// <summary>For each atom of the first crystal its partner in the second.</summary>
    /// <param name="task">What was compared.</param>
    /// <param name="match">The pairing.</param>
    /// <param name="first">Which of the two crystals comes first.</param>
    public static ImmutableArray<int> Of(SearchTask task, SiteMatch match, PreparedCrystal first)
    {
        bool firstIsMapped = first == task.Mapped;
        var second = firstIsMapped ? task.Target : task.Mapped;
        var partners = Partners(task, match, firstIsMapped);
        var atomsOf = AtomsBySite(second);
        var (a, b, c) = match.Cell.Apply(task.Mapped.Lattice.A, task.Mapped.Lattice.B, task.Mapped.Lattice.C);
        var cell = match.Cell.Determinant > 0 ? new Lattice(a, b, c) : new Lattice(-a, -b, -c);
        double hand = match.Cell.Determinant > 0 ? 1 : -1;
        var metric = SourceMetric(second.Source.Lattice!, out var reduced);
        var used = new bool[second.Source.AtomCount];
        var result = ImmutableArray.CreateBuilder<int>(first.Source.AtomCount);
        for (int atom = 0; atom < first.Source.AtomCount; atom++)
        {
            // Where the atom lies in the second crystal: exact in the fraction of the common cell, then in the second one's own space.
            var position = first.Source.Positions[atom];
            var there = firstIsMapped
                ? task.Target.Lattice.ToCartesian(hand * cell.ToFractional(position) - match.Shift)
                : cell.ToCartesian(hand * (task.Target.Lattice.ToFractional(position) + match.Shift));
            int best = -1;
            double least = double.PositiveInfinity;
            foreach (int site in partners[first.SiteOf[atom]])
            {
                foreach (int candidate in atomsOf[site])
                {
                    // An atom that has a partner already is taken again only when none is left.
                    double square = metric.Square(metric.Nearest(reduced.ToFractional(second.Source.Positions[candidate] - there))) + (used[candidate] ? 1e12 : 0);
                    if (square < least)
                    {
                        (least, best) = (square, candidate);
                    }
                }
            }

            used[best] = true;
            result.Add(best);
        }

        return result.MoveToImmutable();
    }

    private static List<int>[] Partners(SearchTask task, SiteMatch match, bool firstIsMapped)
    {
        var partners = new List<int>[firstIsMapped ? task.Mapped.SiteCount : task.Target.SiteCount];
        for (int b = 0; b < task.Target.Blocks.Length; b++)
        {
            var (target, mapped) = (task.Target.Blocks[b], task.Mapped.Blocks[task.BlockOf[b]]);
            for (int j = target.Start; j < target.End; j++)
            {
                int site = mapped.Start + match.Column[j] / task.Multiple;
                (partners[firstIsMapped ? site : j] ??= []).Add(firstIsMapped ? j : site);
            }
        }

        return partners;
    }

    private static List<int>[] AtomsBySite(PreparedCrystal crystal)
    {
        var atoms = new List<int>[crystal.SiteCount];
        for (int i = 0; i < crystal.SiteOf.Length; i++)
        {
            (atoms[crystal.SiteOf[i]] ??= []).Add(i);
        }

        return atoms;
    }

    private static ImageMetric SourceMetric(Lattice lattice, out Lattice reduced)
    {
        Span<Vector3D> v = [lattice.A, lattice.B, lattice.C];
        Span<(long A, long B, long C)> k = stackalloc (long, long, long)[3];
        LatticeReduction.Minkowski(v, k);
        bool right = v[0].Cross(v[1]).Dot(v[2]) > 0;
        reduced = right ? new Lattice(v[0], v[1], v[2]) : new Lattice(-v[0], -v[1], -v[2]);
        return ImageMetric.Of(reduced.A, reduced.B, reduced.C);
    }
}

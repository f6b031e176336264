using FsCheck.Fluent;
using Polymorph.Structures.Matching;
using Xunit;

namespace Polymorph.Structures.Tests.Matching;

public sealed class SiteAssignmentTests
{
    // All permutations, up to 720 of them; few distinct costs, so that ties are frequent.
    [Fact]
    public void NoPermutationIsCheaper() =>
        Arbitrary.Check(
            from n in Gen.Choose(1, 6)
            from cost in Gen.ArrayOf(Gen.Choose(0, 12), n * n)
            select (n, cost),
            t =>
            {
                int stride = t.n + 3;
                var padded = new double[t.n * stride];
                var columns = new int[t.n];
                for (int i = 0; i < t.n; i++)
                {
                    for (int j = 0; j < t.n; j++)
                    {
                        padded[i * stride + j] = t.cost[i * t.n + j];
                        columns[i] = t.cost[i * t.n + j] < t.cost[i * t.n + columns[i]] ? j : columns[i];
                    }
                }

                var assignment = new SiteAssignment();
                assignment.Reserve(t.n);
                var budget = new WorkBudget(1_000_000);
                assignment.Solve(padded, stride, columns, ref budget);
                return columns.Order().SequenceEqual(Enumerable.Range(0, t.n))
                    && columns.Select((j, i) => t.cost[i * t.n + j]).Sum() == Permutations(t.n).Min(p => p.Select((j, i) => t.cost[i * t.n + j]).Sum());
            },
            cases: 300);

    private static IEnumerable<int[]> Permutations(int n) =>
        n == 0 ? [[]] : from shorter in Permutations(n - 1) from at in Enumerable.Range(0, n) select (int[])[.. shorter[..at], n - 1, .. shorter[at..]];
}

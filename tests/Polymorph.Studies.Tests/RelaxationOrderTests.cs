using Polymorph.Energies.Relaxation;
using Polymorph.Foundation;
using Polymorph.Representations.LocalDescriptors;
using Polymorph.Structures;
using Polymorph.Studies.Relaxations;
using Polymorph.Studies.Relaxations.Orders;
using Polymorph.Studies.Stages;
using Xunit;

namespace Polymorph.Studies.Tests;

public sealed class RelaxationOrderTests
{
    private static readonly PowerSpectrumOptions Descriptor = StructuralDescriptor.Published;

    [Fact]
    public void EqualValuesComeInTheirGivenOrder() =>
        Assert.Equal([2, 0, 1, 3], new RelaxationQueue(4, [new Fixed(1, 1, 2, 1)]).Take(9));

    /// Ranks 0, 1, 2 and 2, 0, 1: sums 2, 1, 3.
    [Fact]
    public void SeveralOrdersAreCombinedByTheirRanks() =>
        Assert.Equal([1, 0, 2], new RelaxationQueue(3, [new Fixed(100, 99, 1), new Fixed(-5, 5, -4)]).Take(3));

    [Fact]
    public void FailedEnergiesComeLast()
    {
        var candidates = DemoTrainingSet.Read().Take(3).Select(s => RelaxationCandidate.Of(s)).ToList();
        Assert.Equal([2, 0, 1], new RelaxationQueue(3, [new PredictedEnergyOrder(candidates, [-10, double.NaN, -20])]).Take(3));
    }

    /// Copies of what was taken or found are worth nothing; they come after everything else, moved and turned copies too.
    [Fact]
    public void DiversityLeavesCopiesForTheEnd()
    {
        var molecules = DemoTrainingSet.Read();
        Structure Turned(Structure s) => s.WithPositions([.. s.Positions.Select(p => new Vector3D(-p.Y + 3, p.X, p.Z))]);
        List<RelaxationCandidate> candidates = [.. new[] { molecules[0], Turned(molecules[0]), molecules[1], Turned(molecules[1]), molecules[2], molecules[3] }.Select(s => RelaxationCandidate.Of(s))];
        var order = new DiversityOrder(candidates, Descriptor);
        var queue = new RelaxationQueue(candidates.Count, [order]);
        queue.Found(new Relaxed("", "", 1, new(molecules[3], RelaxationStatus.Converged, "", 0, 0, null, 0, 0, "", null), 0));
        var taken = queue.Take(6);
        Assert.Equal([0, 2, 4], taken.Take(3).Select(i => i == 1 ? 0 : i == 3 ? 2 : i).Order());
        Assert.Equal(6, taken.Distinct().Count());
    }

    /// A descriptor of n elements has n (15 n(n + 1)/2 + n) numbers with n_max 4: 279 for 3, five million for 89.
    [Theory, InlineData(3, 3_000_000), InlineData(89, 1000)]
    public void AnOrderThatWouldNotFitIntoMemoryIsRefused(int elements, int count)
    {
        var atoms = new Structure([.. Enumerable.Range(1, elements).Select(z => new Element(z))], [.. Enumerable.Range(0, elements).Select(i => new Vector3D(2 * i, 0, 0))]);
        List<RelaxationCandidate> candidates = [.. Enumerable.Repeat(new RelaxationCandidate("s", "k", atoms, []), count)];
        var error = Assert.Throws<PolymorphException>(() => new DiversityOrder(candidates, Descriptor));
        Assert.Equal("PM7032", error.Code);
        Assert.Contains($"{count} structures of {elements} elements", error.Reason, StringComparison.Ordinal);
    }

    private sealed class Fixed(params double[] values) : IRelaxationOrder
    {
        public IReadOnlyList<double> Values => values;

        public void Taken(int candidate)
        {
        }

        public void Found(Relaxed minimum)
        {
        }
    }
}

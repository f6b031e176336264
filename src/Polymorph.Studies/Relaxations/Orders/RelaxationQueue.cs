namespace Polymorph.Studies.Relaxations.Orders;

/// <summary>Hands out candidates, the most valuable first. Several orders are combined by the mean of their ranks, so that their units do not matter.</summary>
public sealed class RelaxationQueue
{
    private readonly IReadOnlyList<IRelaxationOrder> _orders;
    private readonly List<int> _left;

    /// <summary>A queue of all candidates.</summary>
    /// <param name="count">Number of candidates.</param>
    /// <param name="orders">What decides; none keeps the given order.</param>
    public RelaxationQueue(int count, IReadOnlyList<IRelaxationOrder> orders) => (_orders, _left) = (orders, [.. Enumerable.Range(0, count)]);

    /// <summary>Candidates not handed out yet.</summary>
    public int Count => _left.Count;

    /// <summary>The next candidates. Equal ones come in their given order.</summary>
    /// <param name="count">How many at most.</param>
    public IReadOnlyList<int> Take(int count)
    {
        var taken = new List<int>();
        while (taken.Count < count && _left.Count > 0)
        {
            int place = Best();
            int candidate = _left[place];
            _left.RemoveAt(place);
            taken.Add(candidate);
            foreach (var order in _orders)
            {
                order.Taken(candidate);
            }
        }

        return taken;
    }

    /// <summary>Tells the orders of a minimum.</summary>
    /// <param name="minimum">A converged relaxation.</param>
    public void Found(Relaxed minimum)
    {
        foreach (var order in _orders)
        {
            order.Found(minimum);
        }
    }

    private int Best()
    {
        var ranks = new double[_left.Count];
        foreach (var order in _orders)
        {
            var values = order.Values;

            // One order alone needs no ranks; of several, equal values share a rank.
            if (_orders.Count == 1)
            {
                for (int i = 0; i < ranks.Length; i++)
                {
                    ranks[i] = -values[_left[i]];
                }

                break;
            }

            var sorted = _left.Select(c => values[c]).Order().Reverse().ToArray();
            var first = new Dictionary<double, int>();
            for (int i = 0; i < sorted.Length; i++)
            {
                first.TryAdd(sorted[i], i);
            }

            for (int i = 0; i < ranks.Length; i++)
            {
                ranks[i] += first[values[_left[i]]];
            }
        }

        int best = 0;
        for (int i = 1; i < ranks.Length; i++)
        {
            best = ranks[i] < ranks[best] ? i : best;
        }

        return best;
    }
}

namespace Polymorph.Energies.Neural.Kernels;

/// <summary>The second descriptor: an expansion per message, c[k, entry, m] = Σ over neighbours j of q[j, k] h S, and for every k and l the products of all its entries i ≤ j.</summary>
internal sealed class MessagePlan
{
    public MessagePlan(DescriptorPlan first, NeuralPotentialOptions options)
    {
        Messages = options.Messages;
        Order = Math.Min(options.MessageOrder, options.Shells[0].MaximumOrder);
        var functions = first.Series[0].Functions;
        // Radial functions of the first shell stand in the order of its series, l-major as here.
        int[] chosen = [.. Enumerable.Range(0, functions.Length).Where(f => functions[f].L + functions[f].N <= Order)];
        EntryOrder = [.. chosen.Select(f => functions[f].L)];
        EntryPosition = chosen;
        EntryStart = [0, .. chosen.Select((_, i) => EntryOrder.Take(i + 1).Sum(l => 2 * l + 1))];
        ExpansionCount = EntryStart[^1];
        FeatureCount = Messages * Enumerable.Range(1, Order + 1).Sum(n => n * (n + 1) / 2);
    }

    public int Messages { get; }

    /// <summary>n_max.</summary>
    public int Order { get; }

    /// <summary>l of each entry; ascending.</summary>
    public int[] EntryOrder { get; }

    /// <summary>Where each entry's radial function stands among a neighbour's.</summary>
    public int[] EntryPosition { get; }

    /// <summary>First coefficient of each entry; the last number is <see cref="ExpansionCount"/>.</summary>
    public int[] EntryStart { get; }

    /// <summary>Coefficients per message.</summary>
    public int ExpansionCount { get; }

    /// <summary>Length of the descriptor.</summary>
    public int FeatureCount { get; }
}

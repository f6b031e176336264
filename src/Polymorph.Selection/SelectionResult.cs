using Polymorph.Selection.Coverage;

namespace Polymorph.Selection;

/// <summary>What a selection kept, where everything lies, and why the rest was dropped.</summary>
public sealed class SelectionResult
{
    private readonly byte[] _losses;
    private readonly int[] _details;

    internal SelectionResult(int[] clustered, double[] points, PrincipalComponents? components, Clustering? clustering, int[] picks, byte[] losses, int[] details)
    {
        (Clustered, Components, Clustering, Picks, _losses, _details) = (clustered, components, clustering, picks, losses, details);
        Points = points;
        Funnel.Enter(losses.Length);
        for (int i = 0; i < losses.Length; i++)
        {
            if (Why(i) is { } loss)
            {
                Funnel.Lose(loss);
            }
        }
    }

    /// <summary>Counts by stage and reason.</summary>
    public Funnel Funnel { get; } = new();

    /// <summary>Number of structures that entered.</summary>
    public int Count => _losses.Length;

    /// <summary>Indices of the structures that representatives were chosen from, ascending.</summary>
    public IReadOnlyList<int> Clustered { get; }

    /// <summary>Their coordinates, [clustered × components]; empty when there were no more structures than clusters, and each is kept.</summary>
    public ReadOnlyMemory<double> Points { get; }

    /// <summary>The components and their variances; null when each structure is kept.</summary>
    public PrincipalComponents? Components { get; }

    /// <summary>The clusters of the clustered structures; null when each structure is kept, or representatives were chosen otherwise.</summary>
    public Clustering? Clustering { get; }

    /// <summary>Indices of the representatives, in the order of their clusters, without repeats.</summary>
    public IReadOnlyList<int> Picks { get; }

    /// <summary>Why a structure was dropped; null for representatives.</summary>
    /// <param name="index">Index of the structure.</param>
    public LossReason? Loss(int index) => Why(index)?.Reason;

    /// <summary>Why a structure was dropped, with the pair, atom or structure that it has to do with; null for representatives.</summary>
    /// <param name="index">Index of the structure.</param>
    public Loss? Why(int index) => _losses[index] == StreamedSelection.Passed ? null : new Loss((LossReason)_losses[index], _details[index]);

    /// <summary>The representative that stands for a structure that representatives were chosen from.</summary>
    /// <param name="index">Index of such a structure.</param>
    public int RepresentativeOf(int index) => _losses[index] == (byte)LossReason.NotRepresentative ? _details[index] : index;

    /// <summary>How much of what the source gives has been seen, and how many different structures are estimated to be unseen; from how often each different structure came,
    /// known ones among them. Of meaning only where repeats were looked for.</summary>
    /// <param name="isDraw">Whether a structure that was not lost, or is known, counts; null counts all.</param>
    public CoverageEstimate Coverage(Func<int, bool>? isDraw = null)
    {
        int[] met = new int[_losses.Length];
        for (int i = 0; i < _losses.Length; i++)
        {
            switch (Why(i))
            {
                case null or { Reason: LossReason.Known or LossReason.NotRepresentative }:
                    met[i] += isDraw is null || isDraw(i) ? 1 : 0;
                    break;
                case { Reason: LossReason.Duplicate, Detail: >= 0 and var first }:
                    met[first] += isDraw is null || isDraw(i) ? 1 : 0;
                    break;
            }
        }

        return CoverageEstimate.Of(AbundanceCounts.Of(met.Select(m => (long)m)));
    }
}

using System.Globalization;

namespace Polymorph.Selection;

/// <summary>Stages of the funnel, in their order.</summary>
public enum FunnelStage
{
    /// <summary>Came out of a model.</summary>
    Generated,

    /// <summary>Could be turned into structures.</summary>
    Decoded,

    /// <summary>Sound geometry.</summary>
    GeometryOk,

    /// <summary>Different from each other.</summary>
    Distinct,

    /// <summary>Not in the training set.</summary>
    Novel,

    /// <summary>Picked to go on.</summary>
    Selected,

    /// <summary>Reached a minimum of the energy.</summary>
    Relaxed,

    /// <summary>Low enough in energy.</summary>
    Stable,
}

/// <summary>One stage: how many entered, how many are left, and why the others are not.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="Entered">Structures that came in.</param>
/// <param name="Survived">Structures that went on.</param>
/// <param name="Losses">Losses by reason, the most frequent first; they add up to the difference.</param>
public sealed record FunnelRow(FunnelStage Stage, long Entered, long Survived, IReadOnlyList<(LossReason Reason, long Count)> Losses)
{
    /// <summary>Losses of a reason by pair of elements, the most frequent first; they add up to those that were counted with a pair.</summary>
    public IReadOnlyList<(LossReason Reason, string Pair, long Count)> Pairs { get; init; } = [];
}

/// <summary>Counts what every stage lost and why. What survives is computed from the losses, so the counts always add up.</summary>
public sealed class Funnel
{
    private readonly Dictionary<(FunnelStage Stage, LossReason Reason), long> _losses = [];
    private readonly SortedDictionary<(LossReason Reason, string Pair), long> _pairs = new(Comparer<(LossReason Reason, string Pair)>.Create((a, b) =>
        a.Reason != b.Reason ? a.Reason.CompareTo(b.Reason) : string.CompareOrdinal(a.Pair, b.Pair)));

    /// <summary>Structures that entered.</summary>
    public long Generated { get; private set; }

    /// <summary>Structures that no stage has dropped.</summary>
    public long Survived => Generated - _losses.Values.Sum();

    /// <summary>Counts structures that a model generated.</summary>
    /// <param name="count">How many.</param>
    public void Enter(long count = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        Generated += count;
    }

    /// <summary>Counts structures that a stage dropped.</summary>
    /// <param name="stage">The stage, not <see cref="FunnelStage.Generated"/>.</param>
    /// <param name="reason">Why.</param>
    /// <param name="count">How many.</param>
    /// <exception cref="InvalidOperationException">More would be lost than entered.</exception>
    public void Lose(FunnelStage stage, LossReason reason, long count = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfEqual((int)stage, (int)FunnelStage.Generated);
        if (count > Survived)
        {
            throw new InvalidOperationException($"{count} structures cannot be lost where {Survived} are left");
        }

        if (count > 0)
        {
            _losses[(stage, reason)] = _losses.GetValueOrDefault((stage, reason)) + count;
        }
    }

    /// <summary>Counts a structure that the stage of its reason dropped.</summary>
    /// <param name="loss">Why; a pair of elements is counted, too.</param>
    /// <exception cref="InvalidOperationException">More would be lost than entered.</exception>
    public void Lose(Loss loss)
    {
        Lose(loss.Reason.Stage(), loss.Reason);
        if (loss.PairText is { } pair)
        {
            _pairs[(loss.Reason, pair)] = _pairs.GetValueOrDefault((loss.Reason, pair)) + 1;
        }
    }

    /// <summary>Adds the counts of another funnel, such as that of another model.</summary>
    /// <param name="other">The other funnel.</param>
    public void Add(Funnel other)
    {
        ArgumentNullException.ThrowIfNull(other);
        Enter(other.Generated);
        foreach (var ((stage, reason), count) in other._losses)
        {
            Lose(stage, reason, count);
        }

        foreach (var (pair, count) in other._pairs)
        {
            _pairs[pair] = _pairs.GetValueOrDefault(pair) + count;
        }
    }

    /// <summary>Structures left after a stage.</summary>
    /// <param name="stage">The stage.</param>
    public long After(FunnelStage stage) => Generated - _losses.Where(l => l.Key.Stage <= stage).Sum(l => l.Value);

    /// <summary>All stages in order, up to the selection; the later ones when something was lost there.</summary>
    public IReadOnlyList<FunnelRow> Rows() =>
    [
        .. Enum.GetValues<FunnelStage>().Where(stage => stage <= FunnelStage.Selected || _losses.Keys.Any(l => l.Stage >= FunnelStage.Relaxed)).Select(stage => new FunnelRow(
            stage,
            stage == FunnelStage.Generated ? Generated : After(stage - 1),
            After(stage),
            [.. _losses.Where(l => l.Key.Stage == stage).OrderByDescending(l => l.Value).ThenBy(l => l.Key.Reason).Select(l => (l.Key.Reason, l.Value))])
        {
            Pairs = [.. _pairs.Where(p => p.Key.Reason.Stage() == stage).OrderByDescending(p => p.Value).Select(p => (p.Key.Reason, p.Key.Pair, p.Value))],
        }),
    ];

    /// <summary>The funnel as a text table, one line per stage.</summary>
    public override string ToString()
    {
        var rows = Rows();
        int width = Generated.ToString("N0", CultureInfo.InvariantCulture).Length;
        return string.Concat(rows.Select(row =>
        {
            string count = row.Survived.ToString("N0", CultureInfo.InvariantCulture).PadLeft(width);
            string losses = string.Join(", ", row.Losses.Select(l => string.Create(CultureInfo.InvariantCulture, $"{l.Count:N0} {l.Reason.Code()}") + PairsOf(row, l.Reason)));
            return $"{Title(row.Stage),-11}  {count}{(losses.Length > 0 ? $"  lost: {losses}" : "")}\n";
        }));
    }

    private static string PairsOf(FunnelRow row, LossReason reason)
    {
        string pairs = string.Join(", ", row.Pairs.Where(p => p.Reason == reason).Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.Pair} {p.Count:N0}")));
        return pairs.Length > 0 ? $" ({pairs})" : "";
    }

    /// <summary>Name of a stage as tables show it.</summary>
    /// <param name="stage">The stage.</param>
    public static string Title(FunnelStage stage) => stage == FunnelStage.GeometryOk ? "geometry ok" : stage.ToString().ToLowerInvariant();
}

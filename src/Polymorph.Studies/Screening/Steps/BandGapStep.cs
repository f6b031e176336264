using System.Globalization;
using System.Text.Json.Nodes;
using Polymorph.Foundation;

namespace Polymorph.Studies.Screening.Steps;

/// <summary>The band gap, eV, from a declared source of a declared level; gaps of another level than the bounds' are compared only with a declared shift.</summary>
/// <param name="settings">What the recipe says.</param>
internal sealed class BandGapStep(StepSettings settings) : ScreeningStep(settings)
{
    private const string WindowOfStudy = "hse";

    private IGapSource? _source;

    private string Level => Settings.Values.Text(ScreeningKeys.Level)!;

    private string Window => Settings.Values.Text(ScreeningKeys.Window) ?? WindowOfStudy;

    private double Shift => Settings.Values.Real(ScreeningKeys.Shift) ?? 0;

    /// <inheritdoc/>
    public override string Method => string.Create(CultureInfo.InvariantCulture, $"{_source?.Method ?? Settings.Values.Text(ScreeningKeys.StepMethod)}; gaps of level {Level}{(Shift == 0 ? "" : $", shifted by {Shift} eV")}, bounds meant for {Window}");

    /// <inheritdoc/>
    public override void Prepare(ScreeningContext context)
    {
        string method = Settings.Values.Text(ScreeningKeys.StepMethod)!;
        if (Settings.Bounds.Any && Level != Window && !Settings.Values.Has(ScreeningKeys.Shift) && method != "none")
        {
            throw new PolymorphException("PM7409", $"gaps of level '{Level}' are compared with bounds meant for '{Window}'", Settings.Place,
                $"Declare the difference with 'shift' (0 to compare them as they are), or say 'window: {Level}' if the bounds are meant for such gaps.", ExitCode.Usage);
        }

        _source = GapSources.Open(method, Settings.Values.Place(ScreeningKeys.StepMethod), Level, context);
        if (_source is CgcnnGap network)
        {
            context.Observer.Note($"{Settings.Name}: {network.Warning}");
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<StepValue> Evaluate(IReadOnlyList<ScreeningCandidate> candidates, ScreeningContext context)
    {
        using var kept = _source!.OpenKept(context);
        return Each(candidates, context, candidate => Value(candidate, _source.Of(candidate, kept)));
    }

    private StepValue Value(ScreeningCandidate candidate, StepValue value)
    {
        if (value.Number is not { } gap)
        {
            return value;
        }

        double uncertainty = Settings.Uncertainty ?? value.Uncertainty;
        candidate.Fields["bandGap"] = new JsonObject { ["valueEV"] = gap, ["shiftEV"] = Shift, ["uncertaintyEV"] = uncertainty, ["level"] = Level, ["source"] = _source!.Method };
        return StepValue.Of(gap + Shift, uncertainty, value.Detail);
    }
}

namespace Polymorph.Studies.Screening.Steps;

/// <summary>Where band gaps come from.</summary>
internal interface IGapSource
{
    /// <summary>The source in words, with the hash of its file.</summary>
    string Method { get; }

    /// <summary>The gap of a candidate, eV, with its uncertainty. Called by several threads.</summary>
    /// <param name="candidate">The candidate.</param>
    /// <param name="kept">Values of earlier, from <see cref="OpenKept"/>.</param>
    StepValue Of(ScreeningCandidate candidate, ValueCache? kept);

    /// <summary>Opens what is kept of earlier; null for sources that only look up.</summary>
    /// <param name="context">The screening.</param>
    ValueCache? OpenKept(ScreeningContext context) => null;
}

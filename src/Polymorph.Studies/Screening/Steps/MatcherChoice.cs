using System.Globalization;
using Polymorph.Structures;
using Polymorph.Structures.Matching;

namespace Polymorph.Studies.Screening.Steps;

/// <summary>The structure matcher that a step asks for.</summary>
internal static class MatcherChoice
{
    /// <summary>The matcher; by default with pymatgen's tolerances.</summary>
    /// <param name="settings">The step.</param>
    public static StructureMatcher Of(StepSettings settings)
    {
        var usual = new MatchOptions();
        return new StructureMatcher(new MatchOptions
        {
            LengthTolerance = settings.Values.Real(ScreeningKeys.LengthTolerance) ?? usual.LengthTolerance,
            SiteTolerance = settings.Values.Real(ScreeningKeys.SiteTolerance) ?? usual.SiteTolerance,
            AngleToleranceDegrees = settings.Values.Real(ScreeningKeys.AngleTolerance) ?? usual.AngleToleranceDegrees,
        });
    }

    /// <summary>Its tolerances in words.</summary>
    /// <param name="settings">The step.</param>
    public static string Text(StepSettings settings)
    {
        var o = Of(settings).Options;
        return string.Create(CultureInfo.InvariantCulture, $"structure matcher, lengths {o.LengthTolerance}, sites {o.SiteTolerance}, angles {o.AngleToleranceDegrees} degrees");
    }

    /// <summary>Whether a structure can be matched at all.</summary>
    /// <param name="structure">The structure, or null.</param>
    public static bool IsCrystal(Structure? structure) => structure is { } s && s.Periodicity == Periodicity.Full;
}

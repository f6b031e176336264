using Polymorph.Selection.Compositions;

namespace Polymorph.Studies.CrystalGan;

/// <summary>The networks of a run.</summary>
internal static class CrystalGanModel
{
    public static ICrystalGanTraining NewTraining(CrystalGanSession session) => throw new NotSupportedException("the networks are not there yet");

    public static IConditionedImages LoadImages(CrystalGanSession session, CrystalGanRequest request) => throw new NotSupportedException("the networks are not there yet");
}

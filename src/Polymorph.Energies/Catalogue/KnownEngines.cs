using System.Collections.Immutable;
using Polymorph.Foundation;

namespace Polymorph.Energies.Catalogue;

/// <summary>The engines that this program knows.</summary>
internal static class KnownEngines
{
    /// <summary>All, in the order of lists.</summary>
    public static ImmutableArray<EngineEntry> All { get; } = [];

    /// <summary>The engine that a path or a socket stands for; null when the name is neither.</summary>
    /// <param name="name">What the user wrote.</param>
    /// <param name="request">What it is for.</param>
    /// <exception cref="PolymorphException">PM6227: there is no such file.</exception>
    public static IEnergyEngine? OpenPath(string name, EngineRequest request) => null;
}

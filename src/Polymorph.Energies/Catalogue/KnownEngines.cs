using System.Collections.Immutable;
using Polymorph.Energies.External;
using Polymorph.Energies.Neural;
using Polymorph.Foundation;

namespace Polymorph.Energies.Catalogue;

/// <summary>The engines that this program knows.</summary>
internal static class KnownEngines
{
    /// <summary>All, in the order of lists.</summary>
    public static ImmutableArray<EngineEntry> All { get; } = [.. OwnPotentials.Entries, .. ClassicalPotentials.Entries, .. PublishedWeights.Entries, .. Programs.Entries];

    /// <summary>The engine that a template, a command, a program's method or a file stands for; null when the name is none of them.</summary>
    /// <param name="name">What the user wrote.</param>
    /// <param name="request">What it is for.</param>
    /// <param name="store">The user's files.</param>
    /// <exception cref="PolymorphException">PM6227: there is no such file; PM6203 to PM6205: a template that cannot be used.</exception>
    public static IEnergyEngine? OpenPath(string name, EngineRequest request, PotentialStore store) =>
        OwnPotentials.OfFile(name, request.Precision) is { } own ? own : ExternalEngines.Knows(name) ? ExternalEngines.Create(name, Programs.Options(store)) : null;
}

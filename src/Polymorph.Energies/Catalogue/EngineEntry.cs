using System.Collections.Immutable;
using Polymorph.Foundation;
using Polymorph.Structures;

namespace Polymorph.Energies.Catalogue;

/// <summary>Where an engine's numbers come from.</summary>
public enum EngineKind
{
    /// <summary>Comes with the program.</summary>
    BuiltIn,

    /// <summary>Published weights which the user installs.</summary>
    Weights,

    /// <summary>A program outside.</summary>
    Program,
}

/// <summary>What an engine is meant for; a potential may compute other structures, but was not fitted to them.</summary>
[Flags]
public enum EngineDomain
{
    /// <summary>Structures that do not repeat.</summary>
    Molecules = 1,

    /// <summary>Structures that repeat.</summary>
    Crystals = 2,

    /// <summary>All.</summary>
    Any = Molecules | Crystals,
}

/// <summary>What is asked of an engine that is opened.</summary>
/// <param name="Precision">Arithmetic of its networks, where it has a choice.</param>
/// <param name="Elements">Elements of the structures to come; empty when they are not known.</param>
/// <param name="Domain">What the structures are.</param>
public sealed record EngineRequest(Precision Precision, ImmutableSortedSet<Element> Elements, EngineDomain Domain)
{
    /// <summary>How many of the structures have the same elements and domain, in the order in which they first come; empty when the structures are not known one by one.</summary>
    public ImmutableArray<(ImmutableSortedSet<Element> Elements, EngineDomain Domain, int Count)> Groups { get; init; } = [];

    /// <summary>The request for some structures.</summary>
    /// <param name="precision">Arithmetic.</param>
    /// <param name="sample">The structures, or the first of them.</param>
    public static EngineRequest For(Precision precision, IEnumerable<Structure> sample)
    {
        var groups = new OrderedDictionary<string, (ImmutableSortedSet<Element> Elements, EngineDomain Domain, int Count)>();
        foreach (var structure in sample)
        {
            var elements = structure.Species.ToImmutableSortedSet();
            var domain = structure.Periodicity.Any ? EngineDomain.Crystals : EngineDomain.Molecules;
            string key = $"{domain} {string.Join(' ', elements)}";
            groups[key] = groups.TryGetValue(key, out var group) ? group with { Count = group.Count + 1 } : (elements, domain, 1);
        }

        var all = groups.Values.Aggregate(ImmutableSortedSet<Element>.Empty, (set, group) => set.Union(group.Elements));
        var domains = groups.Values.Aggregate((EngineDomain)0, (flags, group) => flags | group.Domain);
        return new EngineRequest(precision, all, domains == 0 ? EngineDomain.Any : domains) { Groups = [.. groups.Values] };
    }
}

/// <summary>Whether an engine can be used on this machine, and what is known about it.</summary>
/// <param name="IsReady">True when it can be opened.</param>
/// <param name="Needs">What it needs, as a clause; what to do where it is not ready.</param>
/// <param name="Method">Name of its method; null when it is known only once the engine is open.</param>
/// <param name="Elements">Elements it knows; null when the engine itself decides.</param>
/// <param name="Licence">Licence and holder of the rights, or null.</param>
/// <param name="Citations">What to cite.</param>
public sealed record EngineState(bool IsReady, string Needs, string? Method, ImmutableArray<Element>? Elements, string? Licence, ImmutableArray<string> Citations)
{
    /// <summary>True when every element is known, as far as that can be told.</summary>
    /// <param name="elements">Elements asked for.</param>
    public bool Knows(IEnumerable<Element> elements) => Elements is not { } known || elements.All(known.Contains);
}

/// <summary>An engine that <c>--engine</c> may name.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">Where its numbers come from.</param>
/// <param name="Domain">What it is meant for.</param>
/// <param name="Purpose">One clause for lists.</param>
/// <param name="State">Looks whether it is ready; quick.</param>
/// <param name="Open">Opens it.</param>
/// <exception cref="PolymorphException">Opening: it is not ready, or its files are damaged.</exception>
public sealed record EngineEntry(
    string Name, EngineKind Kind, EngineDomain Domain, string Purpose, Func<PotentialStore, EngineState> State, Func<PotentialStore, EngineRequest, IEnergyEngine> Open)
{
    /// <summary>True for the potentials that <c>embedded</c> chooses from.</summary>
    public bool IsEmbedded { get; init; }

    /// <summary>True for networks without a repulsion of their own, which may call a collision the best geometry of all: they are relaxed behind a <see cref="Relaxation.ShortRangeGuard"/>.</summary>
    public bool NeedsShortRangeGuard { get; init; }
}

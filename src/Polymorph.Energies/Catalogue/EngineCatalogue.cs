using System.Collections.Immutable;
using Polymorph.Energies.Relaxation;
using Polymorph.Foundation;

namespace Polymorph.Energies.Catalogue;

/// <summary>All engines by name.</summary>
/// <param name="entries">The engines, in the order of lists.</param>
/// <param name="store">The weights that are installed.</param>
public sealed class EngineCatalogue(IEnumerable<EngineEntry> entries, PotentialStore store)
{
    /// <summary>The name that lets the structures decide.</summary>
    public const string Auto = "auto";

    /// <summary>The name that chooses among the potentials that come with the program.</summary>
    public const string Embedded = "embedded";

    // In this order: crystals by the universal potential, molecules by the one of the highest level of theory first.
    private static readonly string[] Fallbacks = ["tensornet", "ani-1ccx", "ani-2x"];

    /// <summary>The engines of this program with the weights of this user.</summary>
    public static EngineCatalogue OfUser() => new(KnownEngines.All, PotentialStore.OfUser());

    /// <summary>The engines, in the order of lists.</summary>
    public ImmutableArray<EngineEntry> Entries { get; } = [.. entries];

    /// <summary>The weights that are installed.</summary>
    public PotentialStore Store { get; } = store;

    /// <summary>Names that <c>--engine</c> takes, besides files and sockets.</summary>
    public IEnumerable<string> Names => [Auto, Embedded, .. Entries.Select(e => e.Name)];

    /// <summary>Opens an engine.</summary>
    /// <param name="name">A name of <see cref="Names"/>, the path of a potential trained by the user (<c>.safetensors</c>), or <c>ipi:</c> with a socket.</param>
    /// <param name="request">What it is for.</param>
    /// <exception cref="PolymorphException">PM6220: no engine has this name; PM6221: its weights are not installed; PM6223, PM6226: none fits the structures; those of the engine itself.</exception>
    public IEnergyEngine Open(string name, EngineRequest request)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(request);
        return Find(name, request) is { } entry ? Open(entry, request) : KnownEngines.OpenPath(name, request, Store) ?? throw Unknown(name);
    }

    /// <summary>Opens an engine whose minima are asked for: networks without a repulsion come behind a <see cref="ShortRangeGuard"/>.</summary>
    /// <inheritdoc cref="Open(string, EngineRequest)"/>
    public IEnergyEngine OpenForRelaxation(string name, EngineRequest request)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(request);
        return Find(name, request) is { NeedsShortRangeGuard: true } entry ? new ShortRangeGuard(Open(entry, request)) : Open(name, request);
    }

    /// <summary>The engine that <c>auto</c> takes: one that fits all structures, else the one that fits most of them, so that a strange one does not stop the others.</summary>
    /// <param name="request">What it is for.</param>
    /// <exception cref="PolymorphException">PM6223: none fits any structure.</exception>
    public EngineEntry Choose(EngineRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        bool Fits(EngineEntry entry) => entry.Domain.HasFlag(request.Domain) && entry.State(Store) is { IsReady: true } state && state.Knows(request.Elements);
        List<EngineEntry> candidates = [.. Entries.Where(e => e.IsEmbedded), .. Fallbacks.Select(name => Entries.FirstOrDefault(e => e.Name == name)).OfType<EngineEntry>()];
        return candidates.Find(Fits)
            ?? FittingMost(candidates.Where(e => e.State(Store).IsReady), request)
            ?? throw new PolymorphException("PM6223", $"no engine that is ready knows {Text(request)}", null, Advice(request), ExitCode.EngineFailed);
    }

    /// <summary>True when a potential that comes with the program fits.</summary>
    /// <param name="request">What it is for.</param>
    public bool HasEmbedded(EngineRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return Entries.Any(e => e.IsEmbedded && e.Domain.HasFlag(request.Domain) && e.State(Store) is { IsReady: true } state && state.Knows(request.Elements));
    }

    /// <summary>The entry that a name stands for; null for files and sockets.</summary>
    private EngineEntry? Find(string name, EngineRequest request) => name switch
    {
        Auto => Choose(request),
        Embedded => ChooseEmbedded(request),
        _ => Entries.FirstOrDefault(e => e.Name.Equals(name, StringComparison.OrdinalIgnoreCase)),
    };

    private IEnergyEngine Open(EngineEntry entry, EngineRequest request)
    {
        var state = entry.State(Store);
        return state.IsReady
            ? entry.Open(Store, request)
            : throw new PolymorphException("PM6221", $"the engine '{entry.Name}' is not ready", entry.Name, Sentence(state.Needs), ExitCode.EngineFailed);
    }

    private EngineEntry ChooseEmbedded(EngineRequest request)
    {
        var embedded = Entries.Where(e => e.IsEmbedded && e.State(Store).IsReady).ToList();
        return embedded.Find(e => e.Domain.HasFlag(request.Domain) && e.State(Store).Knows(request.Elements))
            ?? embedded.Find(e => e.State(Store).Knows(request.Elements))
            ?? FittingMost(embedded, request)
            ?? throw new PolymorphException("PM6226", $"no embedded potential knows {Text(request)}", Embedded, Advice(request), ExitCode.EngineFailed);
    }

    /// <summary>The first of the entries that fit most of the structures; null when none fits any.</summary>
    private EngineEntry? FittingMost(IEnumerable<EngineEntry> entries, EngineRequest request)
    {
        var counted = entries.Select(e => (Entry: e, Count: request.Groups.Where(g => e.Domain.HasFlag(g.Domain) && e.State(Store).Knows(g.Elements)).Sum(g => g.Count))).ToList();
        return counted.Where(e => e.Count > 0).OrderByDescending(e => e.Count).Select(e => e.Entry).FirstOrDefault();
    }

    private string Advice(EngineRequest request)
    {
        var able = Entries.Where(e => e.Domain.HasFlag(request.Domain) && e.State(Store).Knows(request.Elements)).Select(e => (e.Name, State: e.State(Store))).ToList();
        var missing = able.Where(e => !e.State.IsReady).Take(1).Select(e => $"'{e.Name}' would do: {e.State.Needs.TrimEnd('.')}.");
        var ready = able.Where(e => e.State.IsReady).Select(e => $"--engine {e.Name}").ToList();
        string text = string.Join(' ', (IEnumerable<string>)[.. ready.Count > 0 ? [$"Name one: {string.Join(" or ", ready)}."] : Array.Empty<string>(), .. missing]);
        return text.Length > 0 ? text : "'polymorph potentials list' shows every engine with its elements.";
    }

    private PolymorphException Unknown(string name)
    {
        string hint = NearestName.Hint(name, Names);
        return new("PM6220", $"there is no engine '{name}'", null,
            $"{(hint.Length > 0 ? hint + " " : "")}Engines: {string.Join(", ", Names)}, a .safetensors file, or ipi: with a socket.", ExitCode.Usage);
    }

    private static string Text(EngineRequest request)
    {
        string kind = request.Domain switch { EngineDomain.Molecules => "molecules", EngineDomain.Crystals => "crystals", _ => "structures" };
        return request.Elements.IsEmpty ? kind : $"{kind} of {string.Join(", ", request.Elements)}";
    }

    private static string Sentence(string clause) => clause.Length == 0 ? clause : $"{char.ToUpperInvariant(clause[0])}{clause[1..].TrimEnd('.')}.";
}

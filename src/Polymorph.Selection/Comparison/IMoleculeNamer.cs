using Polymorph.Structures;

namespace Polymorph.Selection;

/// <summary>Gives molecules names that are equal exactly for equal molecules.</summary>
public interface IMoleculeNamer
{
    /// <summary>The names, one per molecule; null where this namer cannot tell.</summary>
    /// <param name="molecules">Structures without periodic axes.</param>
    IReadOnlyList<string?> Names(IReadOnlyList<Structure> molecules);
}
